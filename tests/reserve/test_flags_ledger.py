"""The flag that the ledger differs."""

from django.db import connection

from config.jobs import outbox
from inventory import verification
from reserve.flags import ledger
from reserve.models import Flag
from tests.world import World


def test_it_opens_once_while_something_differs_and_closes_when_nothing_does(world: World) -> None:
    clean: dict[str, list[str]] = {"differences": []}
    differs = {"differences": ["lot RE-26-00001: fact 3 was edited"]}
    ledger.follow([clean], now=world.now)
    assert not Flag.objects.exists()
    ledger.follow([differs], now=world.now)
    ledger.follow([differs], now=world.later(days=1))
    flag = Flag.objects.get()
    assert (flag.kind, flag.severity, flag.state, flag.opening["count"]) == ("ledger", "critical", "open", 1)
    ledger.follow([differs, clean], now=world.later(days=1))
    flag.refresh_from_db()
    assert (flag.state, [event.act for event in flag.events.order_by("id")]) == ("closed", ["opened", "closed"])


def test_a_night_that_finds_something_raises_the_flag_and_one_that_finds_nothing_ends_it(world: World) -> None:
    world.stock("10")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_balance SET net_mg = net_mg + 1")
    verification.nightly(now=world.now)
    outbox.sweep(now=world.now)
    flag = Flag.objects.get()
    assert (flag.kind, flag.state) == ("ledger", "open")
    assert flag.opening["count"] >= 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_balance SET net_mg = net_mg - 1")
    verification.nightly(now=world.later(days=1))
    outbox.sweep(now=world.now)
    assert Flag.objects.get().state == "closed"

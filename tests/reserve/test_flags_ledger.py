"""The flag that the ledger differs."""

from reserve.flags import ledger
from reserve.models import Flag
from tests.world import World


def test_it_opens_once_while_something_differs_and_closes_when_nothing_does(world: World) -> None:
    differs, clean = {"differences": ["lot RE-26-00001: fact 3 was edited"]}, {"differences": []}
    ledger.follow([clean], now=world.now)
    assert not Flag.objects.exists()
    ledger.follow([differs], now=world.now)
    ledger.follow([differs], now=world.later(days=1))
    flag = Flag.objects.get()
    assert (flag.kind, flag.severity, flag.state, flag.opening["count"]) == ("ledger", "critical", "open", 1)
    ledger.follow([differs, clean], now=world.later(days=1))
    flag.refresh_from_db()
    assert (flag.state, [event.act for event in flag.events.order_by("id")]) == ("closed", ["opened", "closed"])

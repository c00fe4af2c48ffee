"""Commands that want the same lots and places in opposite orders: they wait for each other in a line, never in a circle."""

import time
from typing import Any

import pytest
from django.db import OperationalError, connection

from config.audit import commands
from inventory import ledger, units
from inventory.ledger import post as writer
from inventory.ledger.post import Move, post
from inventory.models import Location, Lot
from tests.concurrency.together import together
from tests.inventory.proof import found
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def repeat(times: int, act: Any) -> list[Any]:
    outcomes = []
    for _ in range(times):
        try:
            outcomes.append(act())
        except Exception as error:
            outcomes.append(error)
    return outcomes


def flat(results: list[Any]) -> list[Any]:
    return [outcome for outcomes in results for outcome in outcomes]


def test_opposite_transfers_of_one_lot_all_arrive(world: World) -> None:
    lot = world.stock("1000")
    ledger.transfer(by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-S2", net=units.enter("500"))

    def go(origin: str, destination: str) -> Any:
        way: dict[str, Any] = {"origin": origin, "destination": destination, "net": units.enter("1")}
        return ledger.transfer(by=world.by("ana"), lot=lot, **way)

    there = [lambda: repeat(20, lambda: go("ANT-S1", "ANT-S2"))] * 4
    back = [lambda: repeat(20, lambda: go("ANT-S2", "ANT-S1"))] * 4
    assert all(isinstance(outcome, dict) for outcome in flat(together(*there, *back)))
    assert held() == {("ANT-S1"): 500_000_000, ("ANT-S2"): 500_000_000}
    assert found() == []


def test_splits_and_judgements_of_the_same_lots_all_get_through(world: World) -> None:
    """Judging, splitting and moving lots of one material meet in the same position rows."""
    lots = [world.stock("1000") for _ in range(4)]

    def split(lot: str) -> Any:
        return ledger.split(by=world.by("ana"), lot=lot, location="ANT-S1", parts=[units.enter("1"), units.enter("2")])

    def judge(lot: str) -> Any:
        now = Lot.objects.get(number=lot).condition
        return ledger.set_condition(by=world.by("dee"), lot=lot, condition="B" if now == "A" else "A", reason="Again")

    acts = [lambda lot=lot: repeat(8, lambda: split(lot)) for lot in lots]
    acts += [lambda lot=lot: repeat(8, lambda: judge(lot)) for lot in reversed(lots)]
    outcomes = flat(together(*acts))
    assert all(isinstance(outcome, dict) for outcome in outcomes), outcomes
    assert Lot.objects.count() == 4 + 4 * 8 * 2
    assert found() == []


def swap(world: World, lots: list[int]) -> Any:
    """One command that moves a kilogram of each lot from one store to the other, the lots in the order given."""
    places = {location.code: location for location in Location.objects.filter(code__in=["ANT-S1", "ANT-S2"])}

    def act(opened: commands.Opened) -> dict[str, Any]:
        moves = [
            Move(
                lot_id=lot,
                at=opened.now,
                kind="transfer",
                origin=places["ANT-S1"],
                destination=places["ANT-S2"],
                net_mg=1_000_000,
            )
            for lot in lots
        ]
        return {"moved": len(post(opened, moves))}

    return commands.run(world.by("ana"), kind="test.swap", request={}, act=act)


def test_commands_over_many_lots_in_opposite_orders_do_not_deadlock(world: World) -> None:
    for index in range(6):
        world.stock("100", material=("nd-oxide", "ndpr-oxide")[index % 2])
    lots = list(Lot.objects.order_by("pk").values_list("pk", flat=True))
    there = [lambda: repeat(8, lambda: swap(world, lots))] * 4
    back = [lambda: repeat(8, lambda: swap(world, lots[::-1]))] * 4
    assert all(isinstance(outcome, dict) for outcome in flat(together(*there, *back)))
    assert held() == {"ANT-S1": (600 - 8 * 8 * 6) * 1_000_000, "ANT-S2": 8 * 8 * 6 * 1_000_000}
    assert found() == []


def test_without_the_order_of_locks_they_deadlock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: lots locked in the order of the entries, and PostgreSQL has to end one of the two."""
    for _ in range(2):
        world.stock("100")
    lots = list(Lot.objects.order_by("pk").values_list("pk", flat=True))
    lock = writer._lock

    def as_given(entries: Any) -> Any:
        for entry in entries:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM inventory_lot WHERE id = %s FOR NO KEY UPDATE", [entry.lot_id])
            time.sleep(0.3)
        return lock(entries)

    monkeypatch.setattr(writer, "_lock", as_given)
    outcomes = together(lambda: swap(world, lots), lambda: swap(world, lots[::-1]))
    assert any(isinstance(outcome, OperationalError) and "deadlock" in str(outcome) for outcome in outcomes)


def held() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.code, sum(b.net_mg)::bigint FROM inventory_balance b JOIN inventory_location l ON l.id = b.location_id"
            " GROUP BY 1"
        )
        return dict(cursor.fetchall())

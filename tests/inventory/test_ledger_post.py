"""post(): entries of one command together, in whatever order their moments lie. What stands is the latest by moment."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from config.audit import commands
from config.audit.models import Command
from config.jobs.models import Outbox
from inventory import ledger, units
from inventory.ledger.entries import Adrift
from inventory.ledger.post import Allocate, Analyse, Entry, Judge, Move, post
from inventory.ledger.refusals import Frozen, InsufficientStock, NegativeOnADay
from inventory.models import Assay, ConditionChange, ContainedPosition, Location, Lot, Position, PositionEntry
from tests.inventory.everything import freeze
from tests.inventory.proof import found, refused
from tests.inventory.round_the_door import as_superuser, run
from tests.world import World


def write(world: World, *entries: Entry) -> None:
    def act(opened: commands.Opened) -> commands.Answer:
        return {"movements": len(post(opened, entries))}

    world.later(seconds=1)
    commands.run(world.by("dee"), kind="test.post", request={}, act=act)


def lot_of(number: str) -> Lot:
    return Lot.objects.get(number=number)


def location(code: str) -> Location:
    return Location.objects.get(code=code)


def move(lot: str, at: datetime, kg: str, origin: str = "ANT-S1", destination: str = "ANT-QUAR") -> Move:
    ends: dict[str, Any] = {"origin": location(origin), "destination": location(destination)}
    return Move(lot_id=lot_of(lot).pk, at=at, kind="transfer", net_mg=units.enter(kg).mg, **ends)


def on(at: datetime) -> dict[tuple[str, str], int]:
    """(condition, verdict) -> net mass, as of a moment."""
    sums: dict[tuple[str, str], int] = {}
    for entry in PositionEntry.objects.filter(element=None, occurred_at__lte=at):
        key = (entry.condition, entry.verdict)
        sums[key] = sums.get(key, 0) + entry.mass_mg
    return {key: mass for key, mass in sums.items() if mass}


def test_a_judgement_dated_back_does_not_overrule_a_later_one(world: World) -> None:
    start = world.now
    lot = world.stock("10")
    world.later(days=10)
    ledger.set_condition(by=world.by("dee"), lot=lot, condition="B")
    world.later(days=10)
    write(world, Judge(lot_id=lot_of(lot).pk, at=start + timedelta(days=5), condition="L", reason="Found out late"))
    assert lot_of(lot).condition == "B"
    assert on(start + timedelta(days=1)) == {("A", "unknown"): 10_000_000}
    assert on(start + timedelta(days=6)) == {("L", "unknown"): 10_000_000}
    assert on(world.now) == {("B", "unknown"): 10_000_000}
    assert found() == []


def test_a_verdict_alone_keeps_the_condition_of_its_own_day(world: World) -> None:
    start = world.now
    lot = world.stock("10")
    world.later(days=10)
    ledger.set_condition(by=world.by("dee"), lot=lot, condition="L")
    world.later(days=1)
    write(world, Judge(lot_id=lot_of(lot).pk, at=start + timedelta(days=5), verdict="compliant"))
    assert on(start + timedelta(days=6)) == {("A", "compliant"): 10_000_000}
    change = ConditionChange.objects.latest("id")
    assert (change.condition, change.verdict) == ("A", "compliant")
    # The later judgement was made without it, and stands.
    assert (lot_of(lot).condition, lot_of(lot).verdict) == ("L", "unknown")
    assert found() == []


def test_a_condition_alone_keeps_the_verdict(world: World) -> None:
    lot = world.stock("10")
    write(world, Judge(lot_id=lot_of(lot).pk, at=world.now, verdict="barred"))
    ledger.set_condition(by=world.by("dee"), lot=lot, condition="L")
    assert (lot_of(lot).condition, lot_of(lot).verdict) == ("L", "barred")
    assert found() == []


def test_of_judgements_at_one_moment_the_one_recorded_last_stands(world: World) -> None:
    lot = world.stock("10")
    pk, at = lot_of(lot).pk, world.now
    write(world, Judge(lot_id=pk, at=at, condition="B"), Judge(lot_id=pk, at=at, verdict="compliant"))
    assert (lot_of(lot).condition, lot_of(lot).verdict) == ("B", "compliant")
    write(world, Judge(lot_id=pk, at=at, condition="C"))
    assert on(at) == {("C", "compliant"): 10_000_000}
    assert found() == []


def test_judgements_of_one_command_follow_each_other_by_moment(world: World) -> None:
    """Given in the wrong order: what is latest by moment stands, and what it leaves open is what came before it."""
    start = world.now
    lot = world.stock("10")
    pk = lot_of(lot).pk
    world.later(days=10)
    late = Judge(lot_id=pk, at=start + timedelta(days=8), condition="L")
    early = Judge(lot_id=pk, at=start + timedelta(days=4), verdict="compliant")
    write(world, early, late)
    assert on(start + timedelta(days=5)) == {("A", "compliant"): 10_000_000}
    assert (lot_of(lot).condition, lot_of(lot).verdict) == ("L", "compliant")
    assert found() == []


def test_an_assay_dated_back_does_not_overrule_a_later_one(world: World) -> None:
    start = world.now
    lot = world.stock("10")
    world.later(days=10)
    ledger.record_assay(by=world.by("ben"), lot=lot, assay=ledger.AssayIn(fractions={"Nd": Decimal("0.5")}))
    stands = lot_of(lot).assay_id
    world.later(days=1)
    early: dict[str, Any] = {"source": "laboratory", "fractions": {"Nd": Decimal("0.7"), "Pr": Decimal("0.1")}}
    write(world, Analyse(lot_id=lot_of(lot).pk, at=start + timedelta(days=5), **early))
    assert lot_of(lot).assay_id == stands
    assert Assay.objects.count() == 3
    contained = {row.element.symbol: row.contained_mg for row in ContainedPosition.objects.filter(contained_mg__gt=0)}
    assert contained == {"Nd": 5_000_000}
    on_day_six = PositionEntry.objects.filter(occurred_at__lte=start + timedelta(days=6), element__symbol="Pr")
    assert sum(entry.mass_mg for entry in on_day_six) == 1_000_000
    assert found() == []


def test_movements_of_one_command_may_lie_at_several_moments(world: World) -> None:
    start = world.now
    lot = world.stock("10")
    world.later(days=10)
    there = move(lot, start + timedelta(days=1), "10")
    back = move(lot, start + timedelta(days=2), "10", "ANT-QUAR", "ANT-S1")
    write(world, there, back)
    assert not Position.objects.filter(place="quarantine", net_mg__gt=0).exists()
    assert on(start + timedelta(days=1, hours=1)) == {("A", "unknown"): 10_000_000}
    assert found() == []


def test_and_are_refused_when_they_do_not_fit_by_moment(world: World) -> None:
    """Given in an order that fits, at moments that do not."""
    start = world.now
    lot = world.stock("10")
    world.later(days=10)
    there = move(lot, start + timedelta(days=2), "10")
    back = move(lot, start + timedelta(days=1), "10", "ANT-QUAR", "ANT-S1")
    with refused(NegativeOnADay, location="ANT-QUAR"):
        write(world, there, back)


def test_all_entries_of_a_command_or_none(world: World) -> None:
    lots = [world.stock("10"), world.stock("10")]
    with refused(InsufficientStock, lot=lots[1]):
        write(world, move(lots[0], world.now, "5"), move(lots[1], world.now, "11"))


def test_an_allocation_and_the_movement_that_frees_it_stand_together(world: World) -> None:
    lot = world.stock("10")
    pk, store = lot_of(lot).pk, location("ANT-S1")
    write(world, Allocate(lot_id=pk, at=world.now, location=store, delta_mg=10_000_000))
    write(
        world,
        Allocate(lot_id=pk, at=world.now, location=store, delta_mg=-10_000_000),
        move(lot, world.now, "10"),
        Allocate(lot_id=pk, at=world.now, location=location("ANT-QUAR"), delta_mg=10_000_000),
    )
    assert Position.objects.get(place="quarantine", condition="A").free_mg == 0
    assert found() == []


def test_each_command_leaves_work_behind(world: World) -> None:
    lot = world.stock("10")
    before = Outbox.objects.filter(topic="inventory.changed").count()
    write(world, move(lot, world.now, "1"))
    assert Outbox.objects.filter(topic="inventory.changed").count() == before + 1


@pytest.mark.parametrize("table", ["inventory_position", "inventory_containedposition"])
def test_a_position_that_is_not_there_is_not_made_up(world: World, table: str) -> None:
    """Positions and entries have drifted apart: the write fails loudly, and leaves nothing that looks right."""
    lot = world.stock("10")
    with as_superuser():
        run(f"DELETE FROM {table}")
    before = Command.objects.count()
    with pytest.raises(Adrift):
        write(world, Judge(lot_id=lot_of(lot).pk, at=world.now, condition="L"))
    assert Command.objects.count() == before
    assert lot_of(lot).condition == "A"


def test_it_writes_to_no_frozen_lot_whatever_its_door_looked_at(world: World) -> None:
    lot = world.stock("10")
    freeze(world, lot)
    with refused(Frozen):
        write(world, move(lot, world.now, "1"))

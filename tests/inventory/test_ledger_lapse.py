"""The nightly job: overdue lots to J, and A, B, C by remaining shelf life."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from config.audit.models import Command
from config.jobs import schedule
from config.jobs.schedule import Counts
from inventory import ledger, units
from inventory.ledger import conditions
from inventory.models import ConditionChange, ContainedPosition, Lot, Position, PositionEntry
from tests.inventory.proof import found
from tests.world import World

EXPIRY = date(2029, 5, 2)  # of a magnet block made on 2026-11-02


def block(world: World, kg: str = "10", condition: str = "A", **given: Any) -> str:
    return world.stock(kg, material="ndfeb-block", condition=condition, **given)


def on(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 10, tzinfo=UTC)


def condition(lot: str) -> str:
    return Lot.objects.get(number=lot).condition


def test_it_is_the_registered_job() -> None:
    assert schedule.get("inventory.lapse_retests").run is conditions.lapse_retests


def test_a_lot_counts_to_the_end_of_its_last_day_and_not_longer(world: World) -> None:
    lot = block(world)
    assert ledger.lapse_retests(now=on(EXPIRY, hour=23)).changed == 1  # under three months left: C
    assert condition(lot) == "C"
    assert ledger.lapse_retests(now=on(EXPIRY + timedelta(days=1))) == Counts(1, 1)
    assert condition(lot) == "J"
    change = ConditionChange.objects.latest("id")
    assert change.occurred_at == datetime(2029, 5, 3, tzinfo=UTC)
    assert (change.reason, change.actor.username) == ("Retest or expiry date passed", "system")
    assert {row.condition: row.net_mg for row in Position.objects.filter(net_mg__gt=0)} == {"J": 10_000_000}
    assert found() == []


def test_running_twice_changes_nothing_more(world: World) -> None:
    block(world)
    now = on(EXPIRY + timedelta(days=9))
    ledger.lapse_retests(now=now)
    before = ConditionChange.objects.count(), Command.objects.count()
    assert ledger.lapse_retests(now=now) == Counts(0, 0)
    assert ledger.lapse_retests(now=now + timedelta(hours=1)) == Counts(0, 0)
    assert (ConditionChange.objects.count(), Command.objects.count()) == before


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2028, 11, 1), "A"),
        (date(2028, 11, 2), "B"),  # six months left, not more
        (date(2029, 2, 2), "B"),
        (date(2029, 2, 3), "C"),  # under three
        (date(2029, 5, 2), "C"),
        (date(2029, 5, 3), "J"),
    ],
)
def test_conditions_shift_by_what_is_left(world: World, today: date, expected: str) -> None:
    lot = block(world)
    ledger.lapse_retests(now=on(today))
    assert condition(lot) == expected
    assert found() == []


@pytest.mark.parametrize("given", ["C", "D", "H", "J", "L"])
def test_it_never_makes_a_condition_better(world: World, given: str) -> None:
    lot = world.receive("10", material="ndfeb-block")
    if given != "J":
        ledger.set_condition(by=world.by("dee"), lot=lot, condition=given)
    ledger.lapse_retests(now=on(date(2026, 12, 1)))
    assert condition(lot) == given


@pytest.mark.parametrize("given", ["D", "H", "J", "L"])
def test_it_leaves_lots_alone_that_do_not_count(world: World, given: str) -> None:
    lot = world.receive("10", material="ndfeb-block")
    if given != "J":
        ledger.set_condition(by=world.by("dee"), lot=lot, condition=given)
    assert ledger.lapse_retests(now=on(EXPIRY + timedelta(days=400))).changed == 0
    assert condition(lot) == given


def test_a_material_without_shelf_life_stays(world: World) -> None:
    world.receive("10", material="re-concentrate")
    assert ledger.lapse_retests(now=on(date(2099, 1, 1))) == Counts(0, 0)


def test_it_leaves_frozen_lots_to_the_auditor(world: World) -> None:
    lot, other = block(world), block(world)
    Lot.objects.filter(number=lot).update(frozen_at=world.now)
    assert ledger.lapse_retests(now=on(EXPIRY + timedelta(days=1))).changed == 1
    assert (condition(lot), condition(other)) == ("A", "J")


def test_a_late_run_dates_the_lapse_to_its_day_under_later_movements(world: World) -> None:
    """The job was down for ten days, and the lot was moved meanwhile: every day since is corrected."""
    lot = block(world)
    moved_at = on(EXPIRY + timedelta(days=5))
    by = world.by("ana", now=moved_at)
    ledger.transfer(by=by, lot=lot, origin="ANT-S1", destination="ANT-QUAR", net=units.enter("4"))
    ledger.lapse_retests(now=on(EXPIRY + timedelta(days=10)))
    at_move = PositionEntry.objects.filter(element=None, occurred_at=moved_at)
    after = {key: sum(e.mass_mg for e in at_move if (e.place, e.condition) == key) for key in places(at_move)}
    assert {key: mass for key, mass in after.items() if mass} == {
        ("store", "J"): -4_000_000,
        ("quarantine", "J"): 4_000_000,
    }
    assert sum(row.contained_mg for row in ContainedPosition.objects.filter(condition="A")) == 0
    assert found() == []


def places(entries: Any) -> set[tuple[str, str]]:
    return {(entry.place, entry.condition) for entry in entries}


def test_a_lot_accepted_after_its_day_by_a_longer_date_lapses_from_then(world: World) -> None:
    """Received with a date that passed, retested, accepted; then the new date passes while no job runs."""
    lot = world.receive("10")
    ledger.retest(
        by=world.by("ben"), lot=lot, performed_on=date(2026, 11, 2), passed=True, next_due_on=date(2026, 11, 10)
    )
    ledger.set_condition(by=world.by("dee"), lot=lot, condition="A")
    ledger.lapse_retests(now=on(date(2026, 12, 1)))
    assert ConditionChange.objects.latest("id").occurred_at == datetime(2026, 11, 11, tzinfo=UTC)
    assert found() == []


def test_one_run_takes_lots_that_lapse_and_lots_that_shift_together(world: World) -> None:
    old = block(world, produced_on=date(2025, 1, 1))  # expires 2027-07-01
    young = block(world, produced_on=date(2025, 5, 1))  # expires 2027-11-01
    counts = ledger.lapse_retests(now=on(date(2027, 7, 2)))
    assert counts.changed == 2
    assert (condition(old), condition(young)) == ("J", "B")
    assert found() == []


def test_it_works_through_any_number_of_lots(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "_BATCH", 2)
    lots = [block(world) for _ in range(5)]
    assert ledger.lapse_retests(now=on(EXPIRY + timedelta(days=1))) == Counts(5, 5)
    assert {condition(lot) for lot in lots} == {"J"}
    assert Command.objects.filter(kind="inventory.lapse_retests").count() == 3
    assert found() == []

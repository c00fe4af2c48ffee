"""Taking a row into work and recording its retest: who may, once, and only what the row asks for."""

from datetime import date

import pytest

from config.accounts.matrix import NotAllowed
from config.audit.commands import By, KeyUsedForSomethingElse
from config.audit.edge import BadText
from config.audit.refused import RefusedBefore, Stale
from inventory import ledger, units
from inventory.ledger.refusals import BadRetestDate, LotElsewhere
from inventory.models import Lot, Retest
from reserve import rotation
from reserve.models import Rotation
from reserve.rotation.acts import RotationFinished, WrongMethod
from reserve.rotation.reads import RotationNotFound
from tests.reserve.rotation_world import due_lot, policy
from tests.world import World


@pytest.fixture
def row(world: World) -> Rotation:
    """A row of the schedule of a lot at ANT."""
    policy(world)
    due_lot(world)
    rotation.plan(now=world.now)
    return Rotation.objects.get()


def retest(world: World, row: Rotation, who: str = "ben", by: By | None = None, **given: object) -> dict[str, object]:
    facts = {"performed_on": world.now.date(), "passed": True, **given}
    return rotation.record_retest(by=by or world.by(who), rotation_id=row.pk, **facts)  # type: ignore[arg-type]


def test_it_is_in_work_with_who_took_it(world: World, row: Rotation) -> None:
    assert rotation.start(by=world.by("ben"), rotation_id=row.pk) == {"rotation": row.pk, "state": "in work"}
    row.refresh_from_db()
    assert (row.state, row.started_at, row.started_by) == ("in work", world.now, world.ben)


def test_it_is_taken_once_also_when_it_is_late(world: World, row: Rotation) -> None:
    world.later(days=80)
    assert rotation.start(by=world.by("ana"), rotation_id=row.pk)["state"] == "overdue"
    with pytest.raises(RotationFinished, match="already in work"):
        rotation.start(by=world.by("ben"), rotation_id=row.pk)
    row.refresh_from_db()
    assert row.started_by == world.ana


def test_the_same_key_gives_the_first_answer(world: World, row: Rotation) -> None:
    by = world.by("ben")
    first = retest(world, row, by=by)
    assert retest(world, row, by=by) == first
    assert Retest.objects.count() == 1
    with pytest.raises(KeyUsedForSomethingElse):
        retest(world, row, by=by, passed=False)
    start = world.by("ben")
    for refusal in (RotationFinished, RefusedBefore):
        with pytest.raises(refusal):
            rotation.start(by=start, rotation_id=row.pk)


@pytest.mark.parametrize("who", ["dee", "pia", "aud", "adm"])
def test_only_people_of_the_warehouse_work_on_it(world: World, row: Rotation, who: str) -> None:
    for act in (lambda: rotation.start(by=world.by(who), rotation_id=row.pk), lambda: retest(world, row, who)):
        with pytest.raises(NotAllowed):
            act()


def test_a_foreign_site_does_not_see_it(world: World, row: Rotation) -> None:
    for act in (lambda: rotation.start(by=world.by("cem"), rotation_id=row.pk), lambda: retest(world, row, "cem")):
        with pytest.raises(RotationNotFound):
            act()


def test_a_second_role_that_sees_everything_gives_no_right_at_a_foreign_site(world: World, row: Rotation) -> None:
    world.cem.roles = ["warehouse", "auditor"]
    world.cem.save()
    assert rotation.one(user=world.cem, rotation_id=row.pk, today=world.now.date()).sites == ["ANT"]
    with pytest.raises((NotAllowed, LotElsewhere)):
        rotation.start(by=world.by("cem"), rotation_id=row.pk)
    with pytest.raises((NotAllowed, LotElsewhere)):
        retest(world, row, "cem")
    assert not Retest.objects.exists()


def test_what_has_moved_to_another_site_is_worked_on_there(world: World, row: Rotation) -> None:
    lot = row.lot.number
    lane = "ANT-TO-BRA"
    ledger.transfer(
        by=world.by("ana"), lot=lot, origin="ANT-S1", destination=lane, net=units.enter("10"), reason="Moved"
    )
    assert rotation.one(user=world.cem, rotation_id=row.pk, today=world.now.date()).sites == ["ANT", "BRA"]
    ledger.transfer(
        by=world.by("cem"), lot=lot, origin=lane, destination="BRA-S1", net=units.enter("10"), reason="Moved"
    )
    with pytest.raises(RotationNotFound):
        rotation.start(by=world.by("ana"), rotation_id=row.pk)
    assert rotation.start(by=world.by("cem"), rotation_id=row.pk)["state"] == "in work"


def test_a_failed_retest_suspends_the_lot_and_ends_the_row(world: World, row: Rotation) -> None:
    answer = retest(world, row, passed=False, note="Moisture over the limit")
    assert (answer["state"], answer["condition"], answer["next_due_on"]) == ("done", "J", "2027-01-20")
    row.refresh_from_db()
    assert row.result == "Failed on 2026-11-02: suspended"


def test_the_next_date_may_be_given(world: World, row: Rotation) -> None:
    assert retest(world, row, next_due_on=date(2029, 5, 1))["next_due_on"] == "2029-05-01"
    assert Lot.objects.get().retest_due_on == date(2029, 5, 1)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"performed_on": date(2026, 11, 3)}, BadRetestDate),
        ({"performed_on": date(2026, 11, 1)}, BadRetestDate),
        ({"next_due_on": date(2026, 11, 2)}, BadRetestDate),
        ({"lab": "a\x00b"}, BadText),
        ({"note": "\u202ereversed"}, BadText),
    ],
)
def test_what_the_ledger_refuses_leaves_the_row_open(world: World, row: Rotation, given: dict, refusal: type) -> None:
    with pytest.raises(refusal):
        retest(world, row, **given)
    row.refresh_from_db()
    assert (row.state, row.finished_at, Retest.objects.count()) == ("planned", None, 0)


def test_a_row_whose_lot_was_retested_meanwhile_is_stale(world: World, row: Rotation) -> None:
    ledger.retest(by=world.by("ana"), lot=row.lot.number, performed_on=world.now.date(), passed=True)
    with pytest.raises(Stale):
        retest(world, row)
    assert Retest.objects.count() == 1


def test_a_shelf_life_that_ends_is_not_answered_by_a_retest(world: World) -> None:
    policy(world, "ndfeb-block", "expiry", "replace")
    world.stock("10", material="ndfeb-block", produced_on=date(2024, 8, 1))
    rotation.plan(now=world.now)
    with pytest.raises(WrongMethod):
        retest(world, Rotation.objects.get())

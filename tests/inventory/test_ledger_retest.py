"""Recording a retest."""

from datetime import date, timedelta
from typing import Any

import pytest

from config.accounts.matrix import NotAllowed
from config.audit import edge
from config.audit.refused import Stale
from config.jobs.models import Outbox
from inventory import ledger, units
from inventory.ledger import refusals
from inventory.models import ConditionChange, Lot, Position, Retest
from tests.inventory.everything import freeze
from tests.inventory.proof import found, once, refused
from tests.world import World

TODAY = date(2026, 11, 2)


def retest(world: World, lot: str, who: str = "ben", **given: Any) -> Any:
    found_on = {"performed_on": world.now.date(), "passed": True, **given}
    return ledger.retest(by=world.by(who), lot=lot, **found_on)


def lot_of(number: str) -> Lot:
    return Lot.objects.get(number=number)


def test_it_moves_the_date_and_keeps_the_old_one(world: World) -> None:
    lot = world.stock("10")
    world.later(days=100)
    answer = once(
        ledger.retest,
        by=world.by("ben"),
        lot=lot,
        performed_on=date(2027, 1, 31),
        passed=True,
        lab="Lab A",
        note="As new",
    )
    row = Retest.objects.get()
    said = {"lot": lot, "previous_due_on": "2031-11-02", "next_due_on": "2032-01-31", "condition": "A"}
    assert answer == {**said, "retest": row.pk}
    assert (row.previous_due_on, row.next_due_on, lot_of(lot).retest_due_on) == (
        date(2031, 11, 2),
        date(2032, 1, 31),
        date(2032, 1, 31),
    )
    assert Outbox.objects.filter(topic="inventory.retested").count() == 1
    assert found() == []


def test_a_date_that_is_asked_for_comes_before_the_materials_interval(world: World) -> None:
    lot = world.stock("10")
    assert retest(world, lot, next_due_on=date(2027, 6, 1))["next_due_on"] == "2027-06-01"


def test_a_failed_one_puts_the_lot_in_j_and_keeps_its_date(world: World) -> None:
    lot = world.stock("10")
    assert retest(world, lot, passed=False)["condition"] == "J"
    assert lot_of(lot).retest_due_on == date(2031, 11, 2)
    assert Position.objects.get(condition="J").net_mg == 10_000_000
    assert ConditionChange.objects.latest("id").reason == "Retest failed"
    assert found() == []


def test_a_failed_one_of_a_lot_in_j_says_nothing_twice(world: World) -> None:
    lot = world.receive("10")
    before = ConditionChange.objects.count()
    assert retest(world, lot, passed=False)["condition"] == "J"
    assert ConditionChange.objects.count() == before


def test_a_passed_one_does_not_accept_a_lot(world: World) -> None:
    lot = world.receive("10")
    assert retest(world, lot)["condition"] == "J"


@pytest.mark.parametrize("passed", [True, False])
def test_one_after_the_date_dates_the_lapse_that_no_job_has_marked(world: World, passed: bool) -> None:
    """The lot was not eligible between its date and today, whatever the test says now."""
    lot = world.stock("10")
    world.later(days=1900)
    assert retest(world, lot, passed=passed)["condition"] == "J"
    change = ConditionChange.objects.latest("id")
    assert (change.condition, change.occurred_at.date()) == ("J", date(2031, 11, 3))
    assert found() == []
    if passed:
        ledger.set_condition(by=world.by("dee"), lot=lot, condition="A", reason="Retest passed")
        assert lot_of(lot).condition == "A"


def test_one_after_the_date_and_after_later_movements_corrects_them(world: World) -> None:
    lot = world.stock("10")
    world.later(days=1900)
    ledger.transfer(by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-QUAR", net=units.enter("4"))
    world.later(days=1)
    retest(world, lot)
    places = {(row.place, row.condition): row.net_mg for row in Position.objects.filter(net_mg__gt=0)}
    assert places == {("store", "J"): 6_000_000, ("quarantine", "J"): 4_000_000}
    assert found() == []


def test_type_i_may_be_tested_before_it_expires_and_is_not_extended(world: World) -> None:
    lot = world.stock("10", material="ndfeb-block")
    retest(world, lot, next_due_on=date(2040, 1, 1))
    assert lot_of(lot).eligible_until == date(2029, 5, 2)
    assert found() == []


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"performed_on": TODAY + timedelta(days=1)}, refusals.BadRetestDate),
        ({"performed_on": TODAY - timedelta(days=1)}, refusals.BadRetestDate),
        ({"next_due_on": TODAY}, refusals.BadRetestDate),
        ({"lab": "x" * 121}, edge.BadText),
        ({"note": "a\x00b"}, edge.BadText),
        ({"lot": "RE-99-1"}, refusals.LotNotFound),
        ({"who": "cem"}, refusals.LotNotFound),
        ({"who": "dee"}, NotAllowed),
        ({"seen_seq": 1}, Stale),
    ],
)
def test_it_refuses(world: World, given: dict[str, Any], refusal: type[Any]) -> None:
    lot = world.stock("10")
    with refused(refusal):
        retest(world, **{"lot": lot, **given})


def test_it_refuses_a_material_without_an_interval_unless_a_date_is_given(world: World) -> None:
    lot = world.receive("10", material="re-concentrate")
    with refused(refusals.NoRetest):
        retest(world, lot)
    assert retest(world, lot, next_due_on=date(2027, 1, 1))["next_due_on"] == "2027-01-01"


def test_it_refuses_to_extend_what_has_expired(world: World) -> None:
    lot = world.stock("10", material="ndfeb-block", produced_on=date(2024, 5, 2))
    world.later(days=1)
    with refused(refusals.Expired, expires_on="2026-11-02"):
        retest(world, lot, next_due_on=date(2027, 1, 1))
    retest(world, lot, passed=False)


def test_it_refuses_a_site_that_the_lot_has_left(world: World) -> None:
    lot = world.stock("10")
    ledger.transfer(by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("10"))
    ledger.transfer(by=world.by("cem"), lot=lot, origin="ANT-TO-BRA", destination="BRA-S1", net=units.enter("10"))
    with refused(refusals.LotElsewhere):
        retest(world, lot)


def test_it_refuses_a_frozen_lot(world: World) -> None:
    """Also where the test changes no condition: a date that moves on is an entry too."""
    lot = world.stock("10")
    freeze(world, lot)
    with refused(refusals.Frozen):
        retest(world, lot)

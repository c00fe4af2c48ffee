"""Accepting, holding and rejecting a lot."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from config.accounts import ties
from config.accounts.matrix import NotAllowed
from config.audit import edge
from config.audit.refused import Stale
from inventory import ledger, units
from inventory.ledger import refusals
from inventory.models import ConditionChange, Lot, Position, PositionEntry
from tests.inventory.everything import freeze
from tests.inventory.proof import found, once, refused
from tests.world import World


def judge(world: World, lot: str, condition: str = "A", who: str = "dee", **given: Any) -> Any:
    return ledger.set_condition(by=world.by(who), lot=lot, condition=condition, **{"reason": "Seen", **given})


def positions() -> dict[str, int]:
    return {row.condition: row.net_mg for row in Position.objects.filter(net_mg__gt=0)}


@pytest.mark.parametrize("who", ["dee", "ben"])
@pytest.mark.parametrize("condition", ["A", "B", "C"])
def test_another_than_the_receiver_accepts(world: World, who: str, condition: str) -> None:
    lot = world.receive("10")
    once(ledger.set_condition, by=world.by(who), lot=lot, condition=condition, reason="In specification")
    assert Lot.objects.get().condition == condition
    assert positions() == {condition: 10_000_000}
    assert found() == []


@pytest.mark.parametrize("condition", ["D", "E", "F", "G", "H", "J", "K", "L", "M", "Q", "S"])
def test_a_lot_is_held_or_rejected(world: World, condition: str) -> None:
    lot = world.stock("10")
    judge(world, lot, condition)
    assert positions() == {condition: 10_000_000}
    assert found() == []


def test_all_of_a_lot_has_one_condition_wherever_it_lies(world: World) -> None:
    lot = world.stock("10")
    ledger.transfer(by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-QUAR", net=units.enter("4"))
    judge(world, lot, "L")
    places = {(row.place, row.condition): row.net_mg for row in Position.objects.filter(net_mg__gt=0)}
    assert places == {("store", "L"): 6_000_000, ("quarantine", "L"): 4_000_000}


def test_what_is_said_last_holds_whatever_the_clocks_say(world: World) -> None:
    """Two hosts, one a second behind: the second word is dated with the first, so that no day disagrees with the lot."""
    lot = world.receive("10")
    ledger.set_condition(
        by=world.by("dee", now=world.now + timedelta(seconds=1)), lot=lot, condition="A", reason="Good"
    )
    ledger.set_condition(by=world.by("eve", now=world.now), lot=lot, condition="L", reason="Wet")
    assert Lot.objects.get().condition == "L"
    assert positions() == {"L": 10_000_000}
    assert found() == []


def test_a_judgement_after_movements_dated_ahead_lies_between_them(world: World) -> None:
    lot = world.receive("10")
    ahead = world.now + timedelta(minutes=4)
    ledger.sample(by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("1"), occurred_at=ahead)
    judge(world, lot)
    at = ConditionChange.objects.get(condition="A").occurred_at
    assert at == world.now
    assert positions() == {"A": 9_000_000}
    moved = PositionEntry.objects.filter(occurred_at=ahead, element=None)
    assert {(entry.condition, entry.mass_mg) for entry in moved if entry.mass_mg} >= {("A", -1_000_000)}
    assert found() == []


def test_a_lot_that_needs_an_assay_is_accepted_with_one(world: World) -> None:
    lot = world.receive("10", material="re-concentrate")
    ledger.record_assay(by=world.by("ana"), lot=lot, assay=ledger.AssayIn(fractions={"Nd": Decimal("0.1")}))
    judge(world, lot)
    assert Lot.objects.get().condition == "A"


def test_holding_a_lot_whose_date_passed_unmarked_dates_the_lapse_too(world: World) -> None:
    lot = world.stock("10", material="ndfeb-block", produced_on=date(2024, 5, 2))
    world.later(days=5)
    judge(world, lot, "L")
    changes = [(change.condition, change.occurred_at.date()) for change in ConditionChange.objects.order_by("id")][-2:]
    assert changes == [("J", date(2026, 11, 3)), ("L", date(2026, 11, 7))]
    assert found() == []


# ---- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("condition", ["A", "B", "C", "L"])
def test_it_refuses_the_receiver(world: World, condition: str) -> None:
    lot = world.receive("10", who="ana")
    with refused(ties.OwnReceipt):
        judge(world, lot, condition, who="ana")


def test_it_refuses_the_receiver_in_whatever_role_they_have_come_to(world: World) -> None:
    lot = world.receive("10", who="ana")
    world.ana.roles = ["manager"]
    world.ana.save()
    with refused(ties.OwnReceipt):
        judge(world, lot, "A", who="ana")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"condition": "J"}, refusals.NothingChanges),
        ({"condition": "Z"}, refusals.UnknownCondition),
        ({"condition": ""}, refusals.UnknownCondition),
        ({"condition": "A\x00"}, refusals.UnknownCondition),
        ({"lot": "RE-99-1"}, refusals.LotNotFound),
        ({"who": "cem"}, refusals.LotNotFound),
        ({"who": "pia"}, NotAllowed),
        ({"who": "aud"}, NotAllowed),
        ({"who": "adm"}, NotAllowed),
        ({"reason": "a\u202eb"}, edge.BadText),
        ({"seen_seq": 1}, Stale),
    ],
)
def test_it_refuses(world: World, given: dict[str, Any], refusal: type[Any]) -> None:
    lot = world.receive("10")
    with refused(refusal):
        judge(world, **{"lot": lot, **given})


@pytest.mark.parametrize("condition", ["A", "B", "C"])
def test_it_refuses_to_accept_what_needs_an_assay_without_one(world: World, condition: str) -> None:
    lot = world.receive("10", material="re-concentrate")
    with refused(refusals.AssayRequired):
        judge(world, lot, condition)


def test_it_refuses_to_accept_what_is_overdue(world: World) -> None:
    lot = world.receive("10", material="ndfeb-block", produced_on=date(2024, 5, 1))
    with refused(refusals.RetestOverdue, due_on="2026-11-01"):
        judge(world, lot)


def test_it_accepts_on_the_last_eligible_day(world: World) -> None:
    lot = world.receive("10", material="ndfeb-block", produced_on=date(2024, 5, 2))
    judge(world, lot)
    assert Lot.objects.get().condition == "A"


def test_it_refuses_a_site_that_the_lot_has_left(world: World) -> None:
    """Who once had a lot still sees it, and judges it no more."""
    lot = world.stock("10")
    ledger.transfer(by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("10"))
    ledger.transfer(by=world.by("cem"), lot=lot, origin="ANT-TO-BRA", destination="BRA-S1", net=units.enter("10"))
    with refused(refusals.LotElsewhere):
        judge(world, lot, "L", who="ben")
    judge(world, lot, "L", who="cem")


def test_it_refuses_a_frozen_lot(world: World) -> None:
    lot = world.receive("10")
    freeze(world, lot)
    with refused(refusals.Frozen):
        judge(world, lot)

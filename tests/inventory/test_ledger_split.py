"""Splitting a part off a lot."""

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
from inventory.models import Balance, Lot, LotParent, Movement, Position
from tests.inventory.everything import allocate, freeze
from tests.inventory.proof import found, once, refused
from tests.world import World


def split(world: World, lot: str, *parts: str, who: str = "ben", **given: Any) -> list[str]:
    masses = [units.enter(part) for part in parts]
    answer = ledger.split(by=world.by(who), lot=lot, parts=masses, **{"location": "ANT-S1", **given})
    children: list[str] = answer["children"]
    return children


def test_the_children_are_what_the_parent_is(world: World) -> None:
    lot = world.stock("10", material="ndpr-oxide", supplier_lot="S-1")
    assay = ledger.AssayIn(
        fractions={"Nd": Decimal("0.6"), "Pr": Decimal("0.2")}, lab="Lab A", sampled_on=date(2026, 11, 1)
    )
    ledger.record_assay(by=world.by("ben"), lot=lot, assay=assay)
    world.later(days=1)
    first, second = split(world, lot, "2", "3.000001")
    parent, one, two = (Lot.objects.get(number=number) for number in (lot, first, second))
    for child in (one, two):
        for column in (
            "material_id",
            "supplier_lot",
            "condition",
            "verdict",
            "retest_due_on",
            "expires_on",
            "received_by_id",
        ):
            assert getattr(child, column) == getattr(parent, column)
        assert child.assay is not None
        assert (child.assay.source, child.assay.fractions) == ("parent", {"Nd": "0.6", "Pr": "0.2"})
        assert child.received_at == world.now
    held = {row.lot.number: row.net_mg for row in Balance.objects.select_related("lot")}
    assert held == {lot: 4_999_999, first: 2_000_000, second: 3_000_001}
    assert {(row.lot.number, row.parent.number, row.net_mg) for row in LotParent.objects.all()} == {
        (first, lot, 2_000_000),
        (second, lot, 3_000_001),
    }
    assert found() == []


def test_the_same_key_splits_once(world: World) -> None:
    lot = world.stock("10")
    once(ledger.split, by=world.by("ana"), lot=lot, location="ANT-S1", parts=[units.enter("1")], numbers=["X-1"])
    assert Lot.objects.count() == 2


def test_the_receiver_may_split_what_another_accepted(world: World) -> None:
    (child,) = split(world, world.stock("10"), "2", who="ana")
    assert Lot.objects.get(number=child).condition == "A"


def test_but_may_not_then_accept_the_child(world: World) -> None:
    (child,) = split(world, world.stock("10"), "2", who="ana")
    ledger.set_condition(by=world.by("dee"), lot=child, condition="L", reason="Wet")
    with refused(ties.OwnReceipt):
        ledger.set_condition(by=world.by("ana"), lot=child, condition="A")


def test_a_whole_lot_can_be_split_up(world: World) -> None:
    lot = world.stock("10")
    split(world, lot, "4", "6")
    assert Balance.objects.get(lot__number=lot).net_mg == 0
    assert Position.objects.get(condition="A").lots == 2
    assert found() == []


def test_numbers_are_given_in_the_order_of_the_parts(world: World) -> None:
    lot = world.stock("10")
    children = split(world, lot, "1", "2", "3", numbers=["Z-1", "A-1"])
    assert children[:2] == ["Z-1", "A-1"]
    assert [row.net_mg for row in LotParent.objects.order_by("id")] == [1_000_000, 2_000_000, 3_000_000]


def test_a_date_that_has_passed_makes_parent_and_child_wait_for_a_retest(world: World) -> None:
    """No job has marked the lot: the split does, so that no part of it slips by under the old condition."""
    lot = world.stock("10", material="ndfeb-block", produced_on=date(2024, 5, 2))
    due = Lot.objects.get(number=lot).expires_on
    assert due == date(2026, 11, 2)
    world.later(days=3)
    (child,) = split(world, lot, "1")
    assert {row.number: row.condition for row in Lot.objects.all()} == {lot: "J", child: "J"}
    assert found() == []


def test_reversing_a_part_is_refused(world: World) -> None:
    lot = world.stock("10")
    split(world, lot, "1")
    for movement in Movement.objects.filter(kind="split"):
        with refused(refusals.NotReversible):
            ledger.ask_reverse(by=world.by("ana"), movement_id=movement.pk, reason="Not meant")


# ---- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "given", "refusal"),
    [
        ([], {}, refusals.BadParts),
        (["0.01"] * 101, {}, refusals.BadParts),
        (["1"], {"numbers": ["A", "B"]}, refusals.BadParts),
        (["6", "5"], {}, refusals.InsufficientStock),
        (["1"], {"location": "ANT-S2"}, refusals.InsufficientStock),
        (["1"], {"location": "BRA-S1"}, refusals.LocationNotFound),
        (["1"], {"location": "ANT-PROC"}, refusals.WrongPlace),
        (["1", "1"], {"numbers": ["X", "ｘ"]}, refusals.DuplicateLotNumber),
        (["1"], {"numbers": ["a\x00b"]}, edge.BadText),
        (["1"], {"reason": "a\x00b"}, edge.BadText),
        (["1"], {"seen_seq": 1}, Stale),
        (["1"], {"who": "cem"}, refusals.LotNotFound),
        (["1"], {"who": "dee"}, NotAllowed),
    ],
)
def test_it_refuses(world: World, parts: list[str], given: dict[str, Any], refusal: type[Any]) -> None:
    lot = world.stock("10")
    with refused(refusal):
        split(world, lot, *parts, **given)


def test_it_refuses_the_parents_own_number(world: World) -> None:
    lot = world.stock("10")
    with refused(refusals.DuplicateLotNumber):
        split(world, lot, "1", numbers=[lot.lower()])


def test_it_refuses_what_is_allocated(world: World) -> None:
    lot = world.stock("10")
    allocate(world, lot, 9_500_000)
    with refused(refusals.InsufficientStock):
        split(world, lot, "1")


def test_it_refuses_a_lot_that_is_not_there(world: World) -> None:
    with refused(refusals.LotNotFound):
        split(world, "RE-99-1", "1")


def test_it_refuses_a_frozen_lot(world: World) -> None:
    lot = world.stock("10")
    freeze(world, lot)
    with refused(refusals.Frozen):
        split(world, lot, "1")


def test_a_child_knows_nothing_of_the_time_before_it_was_split_off(world: World) -> None:
    lot = world.stock("10", at=world.now - timedelta(days=9))
    (child,) = split(world, lot, "5")
    with refused(refusals.BeforeReceipt):
        ledger.sample(
            by=world.by("ana"),
            lot=child,
            origin="ANT-S1",
            net=units.enter("1"),
            occurred_at=world.now - timedelta(days=1),
        )

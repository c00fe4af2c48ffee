"""Moving a lot between places."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum

from config.accounts.matrix import NotAllowed
from config.audit import edge
from config.audit.commands import KeyUsedForSomethingElse
from config.audit.refused import Stale
from inventory import ledger, units
from inventory.ledger import refusals
from inventory.models import Balance, ContainedPosition, Lot, Movement, Position, PositionEntry
from tests.inventory.everything import allocate, freeze
from tests.inventory.proof import found, once, refused
from tests.world import World


def move(world: World, lot: str, kg: str = "1", who: str = "ana", **given: Any) -> Any:
    way: dict[str, Any] = {"origin": "ANT-S1", "destination": "ANT-S2", **given}
    return ledger.transfer(by=world.by(who), lot=lot, net=units.enter(kg), **way)


def held(lot: str) -> dict[str, int]:
    rows = Balance.objects.filter(lot__number=lot, net_mg__gt=0).select_related("location")
    return {row.location.code: row.net_mg for row in rows}


def test_it_moves_mass_and_nothing_else(world: World) -> None:
    lot = world.stock("10")
    answer = once(
        ledger.transfer, by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-QUAR", net=units.enter("4")
    )
    assert held(lot) == {"ANT-S1": 6_000_000, "ANT-QUAR": 4_000_000}
    movement = Movement.objects.get(pk=answer["movement"])
    assert (movement.kind, movement.net_mg, movement.actor) == ("transfer", 4_000_000, world.ana)
    places = {p.place: (p.net_mg, p.lots) for p in Position.objects.filter(condition="A")}
    assert places == {"store": (6_000_000, 1), "quarantine": (4_000_000, 1)}
    assert found() == []


def test_it_counts_a_lot_once_that_lies_in_two_stores_of_a_site(world: World) -> None:
    lot = world.stock("10")
    move(world, lot, "4")
    position = Position.objects.get(condition="A")
    assert (position.net_mg, position.lots) == (10_000_000, 1)
    move(world, lot, "6")
    assert Position.objects.get(condition="A").lots == 1
    assert found() == []


def test_it_rounds_contained_mass_for_each_location(world: World) -> None:
    lot = world.stock("0.000010", material="ndpr-oxide")  # 10 mg x 0.64 = 6.4
    move(world, lot, "0.000005")  # 3.2 and 3.2: three and three
    held_mg = {p.element.symbol: p.contained_mg for p in ContainedPosition.objects.filter(condition="A")}
    assert held_mg == {"Nd": 6, "Pr": 2}
    assert found() == []


def test_it_goes_by_a_lane_from_site_to_site(world: World) -> None:
    lot = world.stock("10")
    move(world, lot, destination="ANT-TO-BRA")
    move(world, lot, who="cem", origin="ANT-TO-BRA", destination="BRA-S1")
    assert held(lot) == {"ANT-S1": 9_000_000, "BRA-S1": 1_000_000}


def test_it_takes_what_was_moved_days_ago(world: World) -> None:
    lot = world.stock("10", at=world.now - timedelta(days=10))
    move(world, lot, occurred_at=world.now - timedelta(days=5, microseconds=1))
    assert Movement.objects.get(kind="transfer").occurred_at == world.now - timedelta(days=5, microseconds=1)
    assert found() == []


def test_a_back_dated_one_corrects_every_later_day(world: World) -> None:
    start = world.now - timedelta(days=10)
    lot = world.stock("10", at=start)
    world.later(hours=1)
    move(world, lot, "3", destination="ANT-QUAR", occurred_at=start + timedelta(days=2))
    on = {
        day: {
            entry["place"]: entry["mass"]
            for entry in PositionEntry.objects.filter(element=None, occurred_at__lte=start + timedelta(days=day))
            .values("place", "condition")
            .annotate(mass=Sum("mass_mg"))
            if entry["mass"]
        }
        for day in (1, 3, 11)
    }
    assert on == {
        1: {"store": 10_000_000},
        3: {"store": 7_000_000, "quarantine": 3_000_000},
        11: {"store": 7_000_000, "quarantine": 3_000_000},
    }
    assert found() == []


def test_several_at_one_moment_stand_in_the_order_they_were_recorded(world: World) -> None:
    lot = world.stock("10", at=world.now - timedelta(days=1))
    at = world.now - timedelta(hours=1)
    move(world, lot, "10", occurred_at=at)
    move(world, lot, "10", origin="ANT-S2", destination="ANT-QUAR", occurred_at=at)
    assert held(lot) == {"ANT-QUAR": 10_000_000}
    assert found() == []


def test_without_a_moment_it_comes_after_what_another_hosts_clock_recorded(world: World) -> None:
    """A receipt dated two minutes ahead, as is let through, and then a transfer by a clock that is right."""
    lot = world.receive("10", at=world.now + timedelta(minutes=2))
    move(world, lot)
    assert Movement.objects.get(kind="transfer").occurred_at == world.now + timedelta(minutes=2)
    assert found() == []


# ---- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lot", ["RE-99-1", "", "a\x00b", "x" * 500])
def test_it_refuses_a_lot_that_is_not_there(world: World, lot: str) -> None:
    with refused(refusals.LotNotFound):
        move(world, lot)


def test_it_refuses_a_lot_of_another_site_as_if_it_were_not_there(world: World) -> None:
    lot = world.stock("10")
    with refused(refusals.LotNotFound) as caught:
        move(world, lot, who="cem")
    assert caught.value.status == 404


@pytest.mark.parametrize("end", ["origin", "destination"])
@pytest.mark.parametrize("place", ["BRA-S1", "NO-SUCH", "", "ANT\x00S1"])
def test_it_refuses_a_foreign_or_unknown_place(world: World, end: str, place: str) -> None:
    lot = world.stock("10")
    with refused(refusals.LocationNotFound) as caught:
        move(world, lot, **{end: place})
    assert caught.value.field == end


@pytest.mark.parametrize("end", ["origin", "destination"])
@pytest.mark.parametrize("place", ["ANT-SUPP", "ANT-CONS", "ANT-PROC", "ANT-SAMP", "ANT-LOSS", "ANT-GAIN"])
def test_it_refuses_the_world_outside(world: World, end: str, place: str) -> None:
    lot = world.stock("10")
    with refused(refusals.WrongPlace):
        move(world, lot, **{end: place})


def test_it_refuses_to_put_into_another_sites_lane(world: World) -> None:
    """The far end takes lots out of a lane; what goes in, the sending site puts there."""
    lot = world.stock("10")
    move(world, lot, destination="ANT-TO-BRA")
    move(world, lot, who="cem", origin="ANT-TO-BRA", destination="BRA-S1")
    with refused(refusals.LocationNotFound):
        move(world, lot, who="cem", origin="BRA-S1", destination="ANT-TO-BRA")


def test_it_refuses_the_same_place(world: World) -> None:
    lot = world.stock("10")
    with refused(refusals.SamePlace):
        move(world, lot, destination="ANT-S1")


@pytest.mark.parametrize("origin", ["ANT-S2", "ANT-QUAR", "ANT-TO-BRA"])
def test_it_refuses_to_take_from_where_nothing_lies(world: World, origin: str) -> None:
    lot = world.stock("10")
    with refused(refusals.InsufficientStock, held_kg="0", free_kg="0", asked_kg="1"):
        move(world, lot, origin=origin, destination="ANT-TOLL")


def test_it_refuses_a_milligram_more_than_there_is(world: World) -> None:
    lot = world.stock("10")
    with refused(refusals.InsufficientStock, held_kg="10", free_kg="10", asked_kg="10.000001"):
        move(world, lot, "10.000001")


def test_it_refuses_what_is_allocated(world: World) -> None:
    lot = world.stock("10")
    allocate(world, lot, 4_000_000)
    with refused(refusals.InsufficientStock, held_kg="10", free_kg="6", asked_kg="7"):
        move(world, lot, "7")


def test_it_refuses_a_moment_before_the_receipt(world: World) -> None:
    lot = world.stock("10", at=world.now - timedelta(days=1))
    with refused(refusals.BeforeReceipt):
        move(world, lot, occurred_at=world.now - timedelta(days=1, microseconds=1))


def test_it_refuses_what_would_make_a_later_day_negative(world: World) -> None:
    start = world.now - timedelta(days=10)
    lot = world.stock("10", at=start)
    move(world, lot, "8", occurred_at=start + timedelta(days=2))
    move(world, lot, "8", origin="ANT-S2", destination="ANT-S1", occurred_at=start + timedelta(days=4))
    # 10 kg lie there now, but on the third day there were 2.
    with refused(refusals.NegativeOnADay, location="ANT-S1", day="2026-10-26"):
        move(world, lot, "3", destination="ANT-QUAR", occurred_at=start + timedelta(days=3))
    with refused(refusals.NegativeOnADay):
        move(world, lot, "3", destination="ANT-QUAR", occurred_at=start + timedelta(days=1))
    move(world, lot, "2", destination="ANT-QUAR", occurred_at=start + timedelta(days=1))
    assert found() == []


def test_it_refuses_what_would_leave_less_than_was_allocated_on_a_day(world: World) -> None:
    start = world.now - timedelta(days=10)
    lot = world.stock("10", at=start)
    move(world, lot, "5", occurred_at=start + timedelta(days=1))
    allocate(world, lot, 5_000_000)
    world.later(days=1)
    move(world, lot, "5", origin="ANT-S2", destination="ANT-S1")
    with refused(refusals.NegativeOnADay, location="ANT-S1"):
        move(world, lot, "5", occurred_at=start + timedelta(days=2))


def test_it_refuses_the_future(world: World) -> None:
    lot = world.stock("10")
    with refused(edge.InTheFuture):
        move(world, lot, occurred_at=world.now + timedelta(minutes=5, microseconds=1))
    move(world, lot, occurred_at=world.now + timedelta(minutes=5))


def test_it_refuses_a_stale_form(world: World) -> None:
    lot = world.stock("10")
    seen = Lot.objects.get(number=lot).last_seq
    move(world, lot, seen_seq=seen)
    with refused(Stale):
        move(world, lot, seen_seq=seen)


def test_it_refuses_a_frozen_lot(world: World) -> None:
    lot = world.stock("10")
    freeze(world, lot)
    with refused(refusals.Frozen):
        move(world, lot)


@pytest.mark.parametrize("who", ["dee", "pia", "aud", "adm"])
def test_it_refuses_other_roles(world: World, who: str) -> None:
    lot = world.stock("10")
    with refused(NotAllowed):
        move(world, lot, who=who)


@pytest.mark.parametrize("reason", ["a\x00b", "a\u202eb", "x" * 1001])
def test_it_refuses_a_reason_that_cannot_be_kept(world: World, reason: str) -> None:
    lot = world.stock("10")
    with refused(edge.BadText):
        move(world, lot, reason=reason)


def test_it_refuses_another_transfer_under_a_used_key(world: World) -> None:
    lot, by = world.stock("10"), world.by("ana")
    way: dict[str, Any] = {"by": by, "lot": lot, "origin": "ANT-S1", "destination": "ANT-S2"}
    ledger.transfer(net=units.enter("1"), **way)
    others: list[dict[str, Any]] = [
        {"net": units.enter("2")},
        {"net": units.enter("1000", "g")},
        {"net": units.enter("1"), "reason": "x"},
    ]
    for other in others:
        with pytest.raises(KeyUsedForSomethingElse):
            ledger.transfer(**way, **other)
    assert Movement.objects.filter(kind="transfer").count() == 1

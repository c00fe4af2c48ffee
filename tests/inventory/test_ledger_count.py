"""Counting a lot at a place, and what becomes of a variance."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from config.accounts.matrix import NotAllowed
from config.audit import edge
from config.audit.refused import Stale
from inventory import ledger, lots, units
from inventory.ledger import refusals
from inventory.models import Balance, Count, Lot, LotFact, Movement, Position
from tests.inventory.everything import approved, freeze
from tests.inventory.proof import found, once, refused
from tests.world import NOW, World


def count(world: World, lot: str, kg: str = "10", who: str = "ben", **given: Any) -> Any:
    said = {"location": "ANT-S1", "net": units.enter(kg, nothing=True), "seals": "intact", **given}
    return ledger.count(by=world.by(who), lot=lot, **said)


def move(world: World, lot: str, kg: str, origin: str = "ANT-S1", destination: str = "ANT-S2", **given: Any) -> Any:
    net = units.enter(kg)
    return ledger.transfer(by=world.by("ana"), lot=lot, origin=origin, destination=destination, net=net, **given)


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def balance(location: str = "ANT-S1") -> Balance:
    return Balance.objects.get(location__code=location)


def adjusted(world: World, lot: str, kg: str, *, gain: bool = False, **given: Any) -> dict[str, object]:
    what: dict[str, Any] = {"location": "ANT-S1", "net": units.enter(kg), "gain": gain, "reason": "By the count"}
    return approved(world, ledger.ask_adjust(by=world.by("ana"), lot=lot, **what, **given), "dee")


def test_it_records_what_was_found_and_what_the_book_said_and_changes_no_balance(world: World) -> None:
    lot = world.stock("10")
    world.later(days=100)
    given = {"location": "ANT-S1", "net": units.enter("22", "lb"), "seals": "broken", "remarks": "Lid loose"}
    answer = once(ledger.count, by=world.by("ben"), lot=lot, **given)
    row = Count.objects.get()
    masses = {"counted_mg": 9_979_032, "book_mg": 10_000_000, "variance_mg": -20_968}
    assert answer == {"lot": lot, "count": row.pk, "location": "ANT-S1", "site": "ANT", **masses}
    assert (row.counted_mg, row.book_mg, row.entered_unit, row.seals, row.remarks) == (
        9_979_032,
        10_000_000,
        "lb",
        "broken",
        "Lid loose",
    )
    held = balance()
    assert (held.net_mg, held.variance_mg, held.counted_at, held.arrived_at) == (10_000_000, -20_968, world.now, NOW)
    assert held.known_at == world.now
    assert Position.objects.get(condition="A").net_mg == 10_000_000
    assert LotFact.objects.filter(lot__number=lot, kind="count", row_id=row.pk).count() == 1
    assert found() == []


def test_nothing_may_be_found(world: World) -> None:
    lot = world.stock("10")
    assert count(world, lot, "0")["variance_mg"] == -10_000_000
    assert found() == []


def test_a_frozen_lot_may_be_counted(world: World) -> None:
    lot = world.stock("10")
    freeze(world, lot)
    assert count(world, lot)["variance_mg"] == 0


def test_the_book_is_what_the_movements_come_to_whatever_a_balance_says(world: World) -> None:
    """Else the wrong figure would stand in the count for ever, and the lot could never be let go again."""
    lot = world.stock("10")
    Balance.objects.update(net_mg=9_000_000)
    freeze(world, lot)
    assert count(world, lot)["book_mg"] == 10_000_000
    Balance.objects.update(net_mg=10_000_000)
    assert found() == []


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"location": "ANT-S2"}, refusals.NotHere),
        ({"location": "BRA-S1"}, refusals.LocationNotFound),
        ({"location": "NOWHERE"}, refusals.LocationNotFound),
        ({"location": "ANT-CONS"}, refusals.WrongPlace),
        ({"lot": "RE-99-1"}, refusals.LotNotFound),
        ({"who": "cem"}, refusals.LotNotFound),
        ({"who": "dee"}, NotAllowed),
        ({"who": "aud"}, NotAllowed),
        ({"who": "pia"}, NotAllowed),
        ({"seals": "fine"}, refusals.UnknownSeals),
        ({"remarks": "x" * 1001}, edge.BadText),
        ({"remarks": "a\x00b"}, edge.BadText),
        ({"occurred_at": NOW + timedelta(hours=1)}, edge.InTheFuture),
        ({"occurred_at": NOW - timedelta(hours=1)}, refusals.HappenedSince),
        ({"seen_seq": 1}, Stale),
    ],
)
def test_it_refuses(world: World, given: dict[str, Any], refusal: type[Any]) -> None:
    lot = world.stock("10")
    with refused(refusal):
        count(world, **{"lot": lot, **given})


@pytest.mark.parametrize(("quantity", "unit"), [("-1", "kg"), ("1", "stone"), ("0.0000001", "kg"), ("1e3", "kg")])
def test_no_mass_is_refused(quantity: str, unit: str) -> None:
    with pytest.raises(units.BadMass):
        units.enter(quantity, unit, nothing=True)


def test_it_refuses_a_lot_that_has_left_the_site(world: World) -> None:
    lot = world.stock("10")
    move(world, lot, "10", destination="ANT-TO-BRA")
    ledger.transfer(by=world.by("cem"), lot=lot, origin="ANT-TO-BRA", destination="BRA-S1", net=units.enter("10"))
    with refused(refusals.NotHere):
        count(world, lot)
    with refused(refusals.LocationNotFound):
        count(world, lot, location="BRA-S1")


@pytest.mark.parametrize("what", ["moved", "counted"])
def test_it_refuses_a_moment_before_what_happened_there(world: World, what: str) -> None:
    lot = world.stock("10")
    before = world.later(hours=1)
    after = world.later(hours=1)
    move(world, lot, "4") if what == "moved" else count(world, lot)
    world.later(hours=1)
    for early in (before, after - timedelta(seconds=1)):
        with refused(refusals.HappenedSince, location="ANT-S1"):
            count(world, lot, occurred_at=early)
    assert count(world, lot, "6", occurred_at=after + timedelta(minutes=1))["book_mg"] in (6_000_000, 10_000_000)


# ---- what becomes of a variance -------------------------------------------------------------------------------------


def test_an_adjustment_settles_it_and_its_reversal_opens_it_again(world: World) -> None:
    lot = world.stock("10")
    count(world, lot, "9.5")
    world.later(days=1)
    done = adjusted(world, lot, "0.5")
    assert (balance().net_mg, balance().variance_mg) == (9_500_000, 0)
    asked = ledger.ask_reverse(by=world.by("ana"), movement_id=int(str(done["movement"])), reason="Wrong scale")
    approved(world, asked, "dee")
    assert (balance().net_mg, balance().variance_mg) == (10_000_000, -500_000)
    assert found() == []


def test_what_is_lost_later_makes_no_variance_of_a_count_that_agreed(world: World) -> None:
    lot = world.stock("10")
    count(world, lot, "10")
    world.later(days=1)
    adjusted(world, lot, "0.5")
    assert (balance().net_mg, balance().variance_mg) == (9_500_000, 0)
    assert found() == []


def test_an_adjustment_beyond_it_or_the_other_way_settles_no_more_than_there_is(world: World) -> None:
    lot = world.stock("10")
    count(world, lot, "9.5")
    world.later(days=1)
    adjusted(world, lot, "0.2", gain=True)
    assert balance().variance_mg == -500_000
    adjusted(world, lot, "0.6")
    assert balance().variance_mg == 0
    assert found() == []


def test_half_an_adjustment_settles_half(world: World) -> None:
    lot = world.stock("10")
    count(world, lot, "10.5")
    adjusted(world, lot, "0.2", gain=True)
    assert balance().variance_mg == 300_000
    assert found() == []


def test_another_count_settles_it(world: World) -> None:
    lot = world.stock("10")
    count(world, lot, "9.5")
    world.later(days=1)
    count(world, lot, "10")
    assert balance().variance_mg == 0
    assert found() == []


def test_what_moves_afterwards_changes_nothing_of_it(world: World) -> None:
    lot = world.stock("10")
    count(world, lot, "9.5")
    move(world, lot, "4")  # at the moment of the count, and recorded after it
    world.later(days=1)
    move(world, lot, "1")
    move(world, lot, "2", origin="ANT-S2", destination="ANT-S1")
    assert (balance().net_mg, balance().variance_mg) == (7_000_000, -500_000)
    assert found() == []


def test_what_had_moved_before_and_was_written_down_after_is_not_deducted_twice(world: World) -> None:
    """The stock had gone when it was counted, the paper came later: the variance was no loss."""
    lot = world.stock("10")
    gone_at = world.later(hours=1)
    world.later(hours=1)
    assert count(world, lot, "6")["variance_mg"] == -4_000_000
    world.later(hours=1)
    move(world, lot, "4", occurred_at=gone_at)
    assert (balance().net_mg, balance().variance_mg) == (6_000_000, 0)
    assert Count.objects.get().book_mg == 10_000_000
    assert found() == []


def test_a_mistaken_movement_that_is_reversed_explains_it_too(world: World) -> None:
    lot = world.stock("10")
    world.later(hours=1)
    mistaken = move(world, lot, "4")["movement"]
    world.later(hours=1)
    count(world, lot, "10")
    assert balance().variance_mg == 4_000_000
    approved(world, ledger.ask_reverse(by=world.by("ana"), movement_id=mistaken, reason="Never left"), "dee")
    assert (balance().net_mg, balance().variance_mg) == (10_000_000, 0)
    assert found() == []


@pytest.mark.parametrize(("kg", "variance_mg"), [("6", -4_000_000), ("10", 0)])
def test_a_mistaken_movement_of_the_moment_of_the_count_is_explained_if_the_book_held_it(
    world: World, kg: str, variance_mg: int
) -> None:
    """Moments are entered by the minute: what was moved and counted within one stands at the same moment."""
    lot = world.stock("10")
    world.later(hours=1)
    mistaken = move(world, lot, "4")["movement"]
    count(world, lot, kg)
    approved(world, ledger.ask_reverse(by=world.by("ana"), movement_id=mistaken, reason="Never left"), "dee")
    assert (balance().net_mg, balance().variance_mg) == (10_000_000, variance_mg)
    assert found() == []


def test_a_mistaken_movement_that_was_recorded_after_the_count_of_its_moment_explains_nothing(world: World) -> None:
    lot = world.stock("10")
    world.later(hours=1)
    count(world, lot, "9")
    mistaken = move(world, lot, "4")["movement"]
    approved(world, ledger.ask_reverse(by=world.by("ana"), movement_id=mistaken, reason="Never left"), "dee")
    assert (balance().net_mg, balance().variance_mg) == (10_000_000, -1_000_000)
    assert found() == []


def test_an_adjustment_that_was_asked_before_and_agreed_after_settles_it(world: World) -> None:
    lot = world.stock("10")
    what: dict[str, Any] = {"location": "ANT-S1", "net": units.enter("1"), "gain": False, "reason": "Scale"}
    asked = ledger.ask_adjust(by=world.by("ana"), lot=lot, **what)
    world.later(hours=1)
    count(world, lot, "9")
    approved(world, asked, "dee")
    assert balance().variance_mg == 0
    assert found() == []


def test_it_stays_open_where_the_lot_has_left_until_somebody_counts_the_empty_place(world: World) -> None:
    lot = world.stock("10")
    count(world, lot, "9")
    move(world, lot, "10")
    assert (balance().net_mg, balance().variance_mg) == (0, -1_000_000)
    assert count(world, lot, "0")["variance_mg"] == 0
    with refused(refusals.NotHere):
        count(world, lot, "0")
    assert found() == []


def test_a_round_begins_when_a_lot_comes_to_lie_somewhere_not_when_more_of_it_comes(world: World) -> None:
    lot = world.stock("10")
    came = world.later(days=1)
    move(world, lot, "4")
    world.later(days=1)
    move(world, lot, "3")
    assert balance("ANT-S2").known_at == came
    move(world, lot, "7", origin="ANT-S2", destination="ANT-S1")
    back = world.later(days=1)
    move(world, lot, "1")
    assert balance("ANT-S2").known_at == back
    assert balance().known_at == NOW
    assert found() == []


def test_what_is_done_after_a_count_never_lies_before_it(world: World) -> None:
    """Clocks of two hosts differ: a movement of a slow one still comes after the count that it followed."""
    lot = world.stock("10")
    world.later(hours=1)
    count(world, lot, "9")
    world.now -= timedelta(seconds=5)
    movement = move(world, lot, "4")["movement"]
    assert Movement.objects.get(pk=movement).occurred_at == Lot.objects.get().latest_at == balance().counted_at
    assert balance().variance_mg == -1_000_000
    assert found() == []


def test_it_tells_its_history_in_order(world: World) -> None:
    lot = world.stock("10")
    at: datetime = world.later(days=1)
    count(world, lot, "9.5", remarks="Scale 3", occurred_at=at)
    told = lots.timeline(user=world.ben, number=lot).facts[-1]
    assert (told.kind, plain(told.title), told.reason) == ("count", "Counted 9.5 kg", "Scale 3")
    assert plain(told.text) == "At ANT-S1 · the books said 10 kg: 0.5 kg less · all seals intact"
    move(world, lot, "10", destination="ANT-TO-BRA")
    foreign = lots.timeline(user=world.cem, number=lot)
    assert "count" not in {fact.kind for fact in foreign.facts}

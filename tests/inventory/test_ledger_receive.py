"""Receiving a lot."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from config.accounts.matrix import NotAllowed
from config.audit import edge
from config.audit.commands import KeyUsedForSomethingElse
from config.audit.models import Command
from config.audit.refused import RefusedBefore
from inventory import ledger, units
from inventory.ledger import refusals
from inventory.models import Assay, Balance, ContainedPosition, Lot, Movement, Position, PositionEntry
from tests.inventory.proof import found, once, refused
from tests.world import World


def arrival(kg: str = "5", **given: Any) -> ledger.Arrival:
    return ledger.Arrival(**{"material": "nd-oxide", "location": "ANT-S1", "net": units.enter(kg), **given})


def test_it_makes_a_lot_in_condition_j_with_its_balance_and_positions(world: World) -> None:
    number = world.receive("1000")
    lot = Lot.objects.get(number=number)
    assert (lot.condition, lot.verdict, lot.received_by) == ("J", "unknown", world.ana)
    assert Balance.objects.get(lot=lot).net_mg == 1_000_000_000
    position = Position.objects.get(material=lot.material)
    assert (position.place, position.condition, position.net_mg, position.lots) == ("store", "J", 1_000_000_000, 1)
    assert ContainedPosition.objects.get().contained_mg == 853_067_945
    assert found() == []


def test_it_counts_after_another_person_accepts(world: World) -> None:
    world.stock("12.5")
    held = {p.condition: p.net_mg for p in Position.objects.all()}
    assert held == {"J": 0, "A": 12_500_000}


def test_it_gives_the_first_answer_again_for_the_same_key(world: World) -> None:
    once(ledger.receive, by=world.by("ana"), arrival=arrival())
    assert Movement.objects.count() == 1


def test_it_refuses_another_receipt_under_a_used_key(world: World) -> None:
    by = world.by("ana")
    ledger.receive(by=by, arrival=arrival("5"))
    with pytest.raises(KeyUsedForSomethingElse) as caught:
        ledger.receive(by=by, arrival=arrival("6"))
    assert caught.value.status == 422
    assert Lot.objects.count() == 1


def test_a_refused_key_stays_refused_in_the_same_words(world: World) -> None:
    by = world.by("ana")
    with pytest.raises(refusals.MaterialNotFound) as first:
        ledger.receive(by=by, arrival=arrival(material="gold"))
    with pytest.raises(RefusedBefore) as again:
        ledger.receive(by=by, arrival=arrival(material="gold"))
    assert again.value.answer() == first.value.answer()
    assert Command.objects.filter(key=by.key).count() == 1


def test_it_uses_the_assay_on_dry_mass(world: World) -> None:
    assay = ledger.AssayIn(fractions={"Nd": Decimal("0.1")}, moisture=Decimal("0.08"), lab="Lab A")
    world.receive("1000", material="re-concentrate", assay=assay)
    assert ContainedPosition.objects.get().contained_mg == 92_000_000


@pytest.mark.parametrize(
    ("mg", "fraction", "contained"),
    [(1, "0.5", 0), (3, "0.5", 2), (5, "0.5", 2), (7, "0.5", 4), (10**15, "0.0000000005", 500000), (2, "0.75", 2)],
)
def test_it_rounds_contained_mass_half_even(world: World, mg: int, fraction: str, contained: int) -> None:
    world.receive(units.kg(mg), assay=ledger.AssayIn(fractions={"Nd": Decimal(fraction)}))
    assert sum(row.contained_mg for row in ContainedPosition.objects.all()) == contained
    assert found() == []


def test_it_takes_the_catalogue_where_the_material_needs_no_assay(world: World) -> None:
    world.receive("1")
    assay = Assay.objects.get()
    assert (assay.source, assay.fractions) == ("catalogue", {"Nd": "0.8530679452"})


def test_it_takes_nothing_for_granted_where_the_material_needs_one(world: World) -> None:
    world.receive("1", material="re-concentrate")
    assert Assay.objects.get().fractions == {}
    assert not ContainedPosition.objects.exists()


def test_it_keeps_what_was_entered_in_a_customary_unit(world: World) -> None:
    ledger.receive(by=world.by("ana"), arrival=arrival(net=units.enter("2204.6", "lb")))
    movement = Movement.objects.get()
    assert (movement.entered_quantity, movement.entered_unit) == (Decimal("2204.6"), "lb")
    assert movement.net_mg == 999_989_739  # 2204.6 x 453592.37 = 999989738.902


def test_it_dates_shelf_life_from_production(world: World) -> None:
    number = world.receive("1", produced_on=date(2025, 1, 31))
    assert Lot.objects.get(number=number).retest_due_on == date(2030, 1, 31)
    number = world.receive("1", material="ndfeb-block", produced_on=date(2025, 8, 31))
    assert Lot.objects.get(number=number).expires_on == date(2028, 2, 29)


def test_it_takes_an_arrival_of_days_ago(world: World) -> None:
    at = world.now - timedelta(days=3)
    world.receive("1", at=at)
    assert {entry.occurred_at for entry in PositionEntry.objects.all()} == {at}
    assert {entry.recorded_at for entry in PositionEntry.objects.all()} == {world.now}


def test_it_lets_a_clock_be_five_minutes_ahead(world: World) -> None:
    world.receive("1", at=world.now + timedelta(minutes=5))


def test_it_skips_one_of_our_numbers_that_was_typed_by_hand(world: World) -> None:
    first = world.receive("1")
    typed = f"RE-26-{int(first[-5:]) + 1:05d}"
    world.receive("1", lot_number=typed)
    third = world.receive("1")
    assert third not in (first, typed)
    assert Lot.objects.count() == 3


# ---- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "refusal"),
    [
        ("BRA-S1", refusals.LocationNotFound),
        ("NO-SUCH", refusals.LocationNotFound),
        ("", refusals.LocationNotFound),
        ("ANT\x00S1", refusals.LocationNotFound),
        ("ANT-TRAN", refusals.WrongPlace),
        ("ANT-CONS", refusals.WrongPlace),
        ("ANT-TO-BRA", refusals.WrongPlace),
    ],
)
def test_it_refuses_a_foreign_unknown_or_wrong_place(world: World, location: str, refusal: type[Any]) -> None:
    with refused(refusal):
        world.receive("1", location=location)


def test_it_refuses_a_site_that_is_not_the_locations(world: World) -> None:
    with refused(refusals.LocationNotFound):
        world.receive("1", site="BRA")


def test_it_refuses_a_site_code_of_any_length(world: World) -> None:
    with refused(refusals.LocationNotFound):
        world.receive("1", site="X" * 300)


@pytest.mark.parametrize("who", ["dee", "pia", "aud", "adm"])
def test_it_refuses_other_roles(world: World, who: str) -> None:
    with refused(NotAllowed):
        world.receive("1", who=who)


@pytest.mark.parametrize("material", ["gold", "", "nd-oxide\x00"])
def test_it_refuses_an_unknown_material(world: World, material: str) -> None:
    with refused(refusals.MaterialNotFound):
        world.receive("1", material=material)


@pytest.mark.parametrize(
    "number", ["Lot-7 a", "LOT-7  A", "ｌｏｔ-７ Ａ", "lot-7\u00a0a", "lo\u00adt-7 a", "lot-7 a\u200b"]
)
def test_it_refuses_a_number_that_reads_the_same(world: World, number: str) -> None:
    world.receive("1", lot_number="Lot-7 A")
    with refused(refusals.DuplicateLotNumber):
        world.receive("1", lot_number=number)


@pytest.mark.parametrize("number", ["Straße", "STRASSE", "ﬁn", "FIN", "ΑΣ", "ας"])
def test_it_compares_numbers_case_folded_to_the_end(world: World, number: str) -> None:
    for taken in ("strasse", "fin", "ασ"):
        world.receive("1", lot_number=taken)
    with refused(refusals.DuplicateLotNumber):
        world.receive("1", lot_number=number)


@pytest.mark.parametrize("number", ["a\x00b", "a\u202eb", "a\nb", "x" * 41, "\ufdfa" * 10, "\ud800", "\u200b"])
def test_it_refuses_a_number_that_cannot_be_kept(world: World, number: str) -> None:
    with refused(edge.BadText):
        world.receive("1", lot_number=number)


@pytest.mark.parametrize("column", ["supplier_lot", "reason"])
@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "x" * 1001])
def test_it_refuses_text_that_cannot_be_kept(world: World, column: str, text: str) -> None:
    given: dict[str, Any] = {column: text}
    with refused(edge.BadText):
        world.receive("1", **given)


@pytest.mark.parametrize("column", ["lab", "method"])
def test_it_refuses_an_assay_with_text_that_cannot_be_kept(world: World, column: str) -> None:
    given: dict[str, Any] = {"fractions": {"Nd": Decimal("0.5")}, column: "x" * 121}
    with refused(edge.BadText):
        world.receive("1", assay=ledger.AssayIn(**given))


def test_it_refuses_the_future(world: World) -> None:
    with refused(edge.InTheFuture):
        world.receive("1", at=world.now + timedelta(minutes=5, seconds=1))


def test_it_refuses_a_moment_before_anything_was_kept(world: World) -> None:
    with refused(edge.BadMoment):
        world.receive("1", at=datetime(1899, 12, 31, tzinfo=UTC))


def test_it_refuses_what_was_produced_after_it_came(world: World) -> None:
    with refused(refusals.BadProduction):
        world.receive("1", produced_on=date(2026, 11, 3))


@pytest.mark.parametrize("what", ["containers", "provenance"])
def test_it_refuses_by_name_what_cannot_be_recorded_yet(world: World, what: str) -> None:
    given: dict[str, Any] = {what: [{"kind": "drum"}]}
    with refused(refusals.NotYet, what=what) as caught:
        world.receive("1", **given)
    assert what in caught.value.message


FRACTIONS = {
    "nothing": ("0", refusals.BadFraction),
    "negative": ("-0.1", refusals.BadFraction),
    "over 100 %": ("1.0000000001", refusals.BadFraction),
    "eleven digits": ("0.12345678901", refusals.BadFraction),
    "not a number": ("NaN", refusals.BadFraction),
    "signalling": ("sNaN", refusals.BadFraction),
    "infinite": ("Infinity", refusals.BadFraction),
    "minute": ("1e-400", refusals.BadFraction),
}


@pytest.mark.parametrize("case", FRACTIONS)
def test_it_refuses_a_fraction_that_is_none(world: World, case: str) -> None:
    value, refusal = FRACTIONS[case]
    with refused(refusal):
        world.receive("1", assay=ledger.AssayIn(fractions={"Nd": Decimal(value)}))


@pytest.mark.parametrize("value", ["1", "-0.1", "NaN", "Infinity", "0.12345678901", "1e400"])
def test_it_refuses_moisture_that_is_none(world: World, value: str) -> None:
    with refused(refusals.BadFraction):
        world.receive("1", material="re-concentrate", moisture=Decimal(value))


def test_it_takes_a_fraction_with_zeros_behind_it(world: World) -> None:
    world.receive("1", assay=ledger.AssayIn(fractions={"Nd": Decimal("0.50000000000000")}))
    assert Assay.objects.get().fractions == {"Nd": "0.5"}


def test_it_refuses_more_than_100_per_cent(world: World) -> None:
    assay = ledger.AssayIn(fractions={"Nd": Decimal("0.6"), "Pr": Decimal("0.6")})
    with refused(refusals.TooMuchContained) as caught:
        world.receive("1", assay=assay)
    assert "120 %" in caught.value.message


def test_it_refuses_an_assay_of_something_else(world: World) -> None:
    with refused(refusals.NoneOfMaterial) as caught:
        world.receive("1", assay=ledger.AssayIn(fractions={"Cu": Decimal("0.997")}))
    assert "(Nd)" in caught.value.message
    world.receive("1", assay=ledger.AssayIn(fractions={"Nd": Decimal("0.8"), "Fe": Decimal("0.001")}))


def test_it_refuses_an_element_that_nobody_knows(world: World) -> None:
    with refused(refusals.UnknownElement, symbol="Xx"):
        world.receive("1", assay=ledger.AssayIn(fractions={"Xx": Decimal("0.6")}))


def test_it_refuses_moisture_where_the_material_bears_none(world: World) -> None:
    with refused(refusals.NotMoistureBearing):
        world.receive("1", moisture=Decimal("0.1"))

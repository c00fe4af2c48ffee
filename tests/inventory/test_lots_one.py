"""One lot."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from inventory import ledger, lots, units
from inventory.ledger.refusals import LotNotFound
from tests.counting import the_same_at_3_and_30
from tests.world import World


def test_it_gives_the_facts_of_the_lot(world: World) -> None:
    number = world.stock("1000", supplier_lot="Ly-1")
    lot = lots.one(user=world.dee, number=number)
    assert (lot.number, lot.material, lot.material_name, lot.formula) == (
        number,
        "nd-oxide",
        "Neodymium oxide 99.5",
        "Nd2O3",
    )
    assert (lot.form, lot.stage, lot.supplier_lot, lot.received_by) == ("oxide", "Separation", "Ly-1", "Ana")
    assert (lot.condition, lot.accepted, lot.verdict_name) == ("A", True, "Not proven")
    assert (lot.received_at, lot.retest_due_on) == (datetime(2026, 11, 2, 9, 0, tzinfo=UTC), date(2031, 11, 2))
    assert (lot.expires_on, lot.eligible_until, lot.frozen_at) == (None, date(2031, 11, 2), None)


def test_it_finds_the_number_without_case_and_width(world: World) -> None:
    number = world.stock("1", lot_number="Ab-1")
    assert lots.one(user=world.ana, number="ａB-1").number == number


def test_it_says_where_the_lot_lies_and_what_is_free(world: World) -> None:
    number = world.stock("1000")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("400"))
    lot = lots.one(user=world.dee, number=number)
    store, lane = lot.where
    assert (store.location, store.place, store.net_mg, store.free_mg) == ("ANT-S1", "store", 600_000_000, 600_000_000)
    assert (lane.location, lane.place, lane.bound_for) == ("ANT-TO-BRA", "transit", "BRA")
    assert (lot.net_mg, lot.location, lot.sites, lot.reach) == (1_000_000_000, None, ("ANT",), ("ANT", "BRA"))


def test_it_shows_each_person_only_their_places(world: World) -> None:
    number = world.stock("1000")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("400"))
    lot = lots.one(user=world.cem, number=number)
    assert [at.location for at in lot.where] == ["ANT-TO-BRA"]
    assert lot.net_mg == 400_000_000
    assert lot.contained[0].contained_mg == 341_227_178


def test_it_counts_dry_mass_by_the_assay_in_force_with_its_source(world: World) -> None:
    assay = ledger.AssayIn(
        fractions={"Nd": Decimal("0.1"), "Fe": Decimal("0.2"), "Pr": Decimal("0.05")},
        moisture=Decimal("0.08"),
        lab="Lab A",
        method="ICP-OES",
        sampled_on=date(2026, 10, 30),
    )
    lot = lots.one(user=world.ana, number=world.receive("1000", material="re-concentrate", assay=assay))
    assert [(row.symbol, int(row.percent), row.contained_mg) for row in lot.contained] == [
        ("Nd", 10, 92_000_000),
        ("Pr", 5, 46_000_000),
        ("Fe", 20, 184_000_000),  # what merely goes with it comes last
    ]
    assert lot.assay is not None
    assert (lot.assay.lab, lot.assay.method, lot.assay.sampled_on) == ("Lab A", "ICP-OES", date(2026, 10, 30))
    assert lot.assay.moisture_percent == 8


def test_it_names_parents_and_children(world: World) -> None:
    parent = world.stock("10")
    (child,) = ledger.split(by=world.by("ana"), lot=parent, location="ANT-S1", parts=[units.enter("3")], reason="Wet")[
        "children"
    ]
    assert [(kin.number, kin.net_mg) for kin in lots.one(user=world.dee, number=parent).children] == [
        (child, 3_000_000)
    ]
    assert [(kin.number, kin.net_mg) for kin in lots.one(user=world.dee, number=child).parents] == [(parent, 3_000_000)]


def test_it_names_no_relative_at_a_foreign_site(world: World) -> None:
    parent = world.stock("10")
    (child,) = ledger.split(by=world.by("ana"), lot=parent, location="ANT-S1", parts=[units.enter("3")], reason="Wet")[
        "children"
    ]
    ledger.transfer(by=world.by("ana"), lot=child, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("3"))
    assert lots.one(user=world.cem, number=child).parents == ()


def test_it_keeps_the_history_of_conditions(world: World) -> None:
    lot = lots.one(user=world.ana, number=world.stock("10"))
    assert [(row.condition, row.who, row.reason) for row in lot.conditions] == [
        ("J", "Ana", "Received, not yet accepted"),
        ("A", "Dee", "In specification"),
    ]


@pytest.mark.parametrize("who", ["cem", "adm"])
def test_a_foreign_lot_is_as_absent_as_one_that_is_not_there(world: World, who: str) -> None:
    number = world.stock("10")
    for asked in (number, "RE-00-00000"):
        with pytest.raises(LotNotFound) as caught:
            lots.one(user=world.people[who], number=asked)
        assert caught.value.status == 404


def test_it_makes_the_same_queries_at_3_and_at_30(world: World) -> None:
    number = world.stock("1000")

    def split(more: int) -> None:
        parts = [units.enter("1")] * more
        ledger.split(by=world.by("ana"), lot=number, location="ANT-S1", parts=parts, reason="Wet")

    the_same_at_3_and_30("inventory.lots.one", make=split, read=lambda: lots.one(user=world.ana, number=number))

"""Receiving a lot."""

from decimal import Decimal

import pytest

from inventory import ledger, units
from inventory.ledger import refusals
from inventory.models import Balance, ContainedPosition, Lot, Movement, Position
from tests.world import World


def test_it_makes_a_lot_in_condition_j_with_its_balance_and_positions(world: World) -> None:
    number = world.receive("1000")
    lot = Lot.objects.get(number=number)
    assert (lot.condition, lot.verdict, lot.received_by) == ("J", "unknown", world.ana)
    assert Balance.objects.get(lot=lot).net_mg == 1_000_000_000
    position = Position.objects.get(material=lot.material)
    assert (position.place, position.condition, position.net_mg, position.lots) == ("store", "J", 1_000_000_000, 1)
    assert ContainedPosition.objects.get().contained_mg == 853_067_945


def test_it_counts_after_another_person_accepts(world: World) -> None:
    world.stock("12.5")
    held = {p.condition: p.net_mg for p in Position.objects.all()}
    assert held == {"J": 0, "A": 12_500_000}


def test_it_gives_the_first_answer_again_for_the_same_key(world: World) -> None:
    by = world.by("ana")
    arrival = ledger.Arrival(material="nd-oxide", location="ANT-S1", net=units.enter("5"))
    first = ledger.receive(by=by, arrival=arrival)
    assert ledger.receive(by=by, arrival=arrival) == first
    assert Movement.objects.count() == 1


def test_it_uses_the_assay_on_dry_mass(world: World) -> None:
    assay = ledger.AssayIn(fractions={"Nd": Decimal("0.1")}, moisture=Decimal("0.08"), lab="Lab A")
    world.receive("1000", material="re-concentrate", assay=assay)
    assert ContainedPosition.objects.get().contained_mg == 92_000_000


@pytest.mark.parametrize("location", ["BRA-S1", "NO-SUCH", "ANT-TRAN"])
def test_it_refuses_a_foreign_unknown_or_wrong_place(world: World, location: str) -> None:
    with pytest.raises((refusals.LocationNotFound, refusals.WrongPlace)):
        world.receive("1", location=location)
    assert not Lot.objects.exists()

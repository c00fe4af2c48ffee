"""The page on which a laboratory's assay is recorded."""

from decimal import Decimal
from typing import Any

import pytest

from inventory.models import Assay, Lot
from tests.pages import People, text
from tests.world import World

PAGE = "/lots/THE-LOT/assay/"


def test_an_assay_comes_into_force_and_contained_mass_follows(people: People, world: World) -> None:
    world.receive("1000", lot_number="THE-LOT", material="re-concentrate")
    answer = people.ana.send(
        PAGE,
        lab="Lab A",
        method="ICP-OES",
        sampled_on="2026-11-01",
        moisture_pct="8",
        element_1="Nd",
        percent_1="10",
        element_2="Pr",
        percent_2="2.5",
    )
    shown = text(people.ana.get(answer["Location"]))
    for words in ("The assay of lot THE-LOT is in force", "Lab A, ICP-OES", "Moisture 8.00 %", "92", "23"):
        assert words in shown
    lot = Lot.objects.get()
    assert lot.assay is not None
    assert (lot.assay.fractions, lot.assay.moisture) == ({"Nd": "0.1", "Pr": "0.025"}, Decimal("0.08"))
    assert Assay.objects.count() == 2


def test_it_offers_the_elements_that_the_lot_has(people: People, world: World) -> None:
    world.receive("10", lot_number="THE-LOT", material="ndpr-oxide")
    values = people.ana.form(PAGE)
    assert [values[f"element_{line}"] for line in (1, 2, 3)] == ["Nd", "Pr", ""]
    assert "moisture_pct" not in values  # oxide bears none


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"percent_1": ""}, "The assay names no element"),
        ({"percent_1": "-1"}, "between 0 and 100"),
        ({"percent_1": "60", "element_2": "Pr", "percent_2": "50"}, "add up to 110 %"),
        ({"percent_1": "60", "lab": ""}, "required"),
        ({"element_1": "Xx", "percent_1": "60"}, "not one of the available choices"),
        ({"percent_1": "6٠"}, "plain digits"),
    ],
)
def test_it_refuses_what_cannot_be(people: People, world: World, changes: dict[str, Any], says: str) -> None:
    world.receive("10", lot_number="THE-LOT")
    answer = people.ana.send(PAGE, **{"lab": "Lab A", "element_1": "Nd", **changes})
    assert answer.status_code == 422
    assert says in text(answer.content.decode())
    assert Assay.objects.count() == 1

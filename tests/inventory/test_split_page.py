"""The page on which parts are split off a lot."""

from typing import Any

import pytest

from inventory.models import Balance, Lot
from tests.pages import People, text
from tests.world import World

PAGE = "/lots/THE-LOT/split/"
GOOD: dict[str, Any] = {"location": "ANT-S1", "unit": "kg", "reason": "Wet drums"}


@pytest.fixture(autouse=True)
def lot(world: World) -> str:
    return world.stock("10", lot_number="THE-LOT")


def test_each_part_becomes_a_lot_of_its_own(people: People) -> None:
    answer = people.ana.send(PAGE, **GOOD, quantity_1="2", number_1="PART-1", quantity_3="0.5")
    page = people.ana.get(answer["Location"])
    part = Lot.objects.get(number="PART-1")
    assert part.condition == "A"
    assert Balance.objects.get(lot=part).net_mg == 2_000_000
    assert Lot.objects.count() == 3
    assert "Split off lot THE-LOT: PART-1, RE-26-" in text(page)
    assert "Became PART-1" in text(page)
    assert "Out of THE-LOT" in text(people.ana.get("/lots/PART-1/"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"quantity_1": "8", "quantity_2": "8"}, "2 kg free at ANT-S1"),
        ({"quantity_1": "8", "quantity_2": "x"}, "plain digits"),
        ({"quantity_1": ""}, "required"),
        ({"quantity_1": "1", "number_2": "PART-2"}, "how much goes into this lot"),
        ({"quantity_1": "1", "number_1": "the-lot"}, "already a lot"),
        ({"quantity_1": "1", "number_1": "P", "quantity_2": "1", "number_2": "p"}, "already a lot"),
        ({"quantity_1": "1", "reason": ""}, "required"),
        ({"quantity_1": "1", "location": "BRA-S1"}, "There is no location BRA-S1"),
    ],
)
def test_it_refuses_what_cannot_be(people: People, changes: dict[str, Any], says: str) -> None:
    answer = people.ana.send(PAGE, **{**GOOD, **changes})
    assert answer.status_code == 422
    assert says in text(answer.content.decode())
    assert Lot.objects.count() == 1

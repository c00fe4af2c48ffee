"""The page on which a correction of the book mass is asked for."""

from typing import Any

import pytest

from config.approvals.models import Request
from inventory.models import Balance
from tests.pages import People, text
from tests.world import World

PAGE = "/lots/THE-LOT/adjust/"
GOOD: dict[str, Any] = {
    "location": "ANT-S1",
    "gain": "loss",
    "quantity": "250",
    "unit": "g",
    "reason": "Platform scale 3",
}


@pytest.fixture(autouse=True)
def lot(world: World) -> str:
    return world.stock("10", lot_number="THE-LOT")


def test_it_asks_and_changes_nothing_until_another_agrees(people: People) -> None:
    answer = people.ana.send(PAGE, **GOOD)
    shown = text(people.ana.get(answer["Location"]))
    assert "Asked to take out 250 g (0.25 kg)" in shown
    assert "−0.25 kg at ANT-S1" in shown
    assert Balance.objects.get().net_mg == 10_000_000
    agreed = people.dee.send(answer["Location"], decision="approve")
    assert agreed.status_code == 303
    assert Balance.objects.get().net_mg == 9_750_000


def test_a_gain_is_added(people: People) -> None:
    answer = people.dee.send(PAGE, **{**GOOD, "gain": "gain", "unit": "kg"})
    people.eve.send(answer["Location"], decision="approve")
    assert Balance.objects.get().net_mg == 260_000_000


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"quantity": "10001"}, "10 kg free at ANT-S1"),
        ({"gain": ""}, "required"),
        ({"gain": "both"}, "not one of the available choices"),
        ({"reason": " "}, "required"),
        ({"location": "ANT-LOSS"}, "is a loss location"),
        ({"location": "BRA-S1"}, "There is no location BRA-S1"),
        ({"occurred_at": "2026-10-01T10:00"}, "was received at"),
    ],
)
def test_it_refuses_what_cannot_be(people: People, changes: dict[str, Any], says: str) -> None:
    answer = people.ana.send(PAGE, **{**GOOD, **changes})
    assert answer.status_code == 422
    assert says in text(answer.content.decode())
    assert not Request.objects.exists()

"""The page of a sample."""

import pytest

from inventory.models import Balance, Movement
from tests.pages import People, text
from tests.world import World

PAGE = "/lots/THE-LOT/sample/"


@pytest.fixture(autouse=True)
def lot(world: World) -> str:
    return world.stock("10", lot_number="THE-LOT")


def test_a_sample_leaves_the_lot(people: People) -> None:
    answer = people.ana.send(PAGE, origin="ANT-S1", quantity="250", unit="g", reason="Umpire assay, seal 77")
    assert "Sampled 250 g (0.25 kg)" in text(people.ana.get(answer["Location"]))
    assert Balance.objects.get().net_mg == 9_750_000
    movement = Movement.objects.get(kind="sample")
    assert (movement.destination.code, movement.reason) == ("ANT-SAMP", "Umpire assay, seal 77")


def test_it_refuses_more_than_is_free(people: People) -> None:
    answer = people.ana.send(PAGE, origin="ANT-S1", quantity="10001", unit="g")
    assert answer.status_code == 422
    assert "10.001 kg were asked for" in text(answer.content.decode())

"""The page on which a retest is recorded."""

from datetime import date
from typing import Any

import pytest

from inventory.models import Lot, Retest
from tests.pages import People, text
from tests.world import World

PAGE = "/lots/THE-LOT/retest/"


@pytest.fixture
def lot(world: World) -> str:
    return world.stock("10", lot_number="THE-LOT")


def test_a_passed_retest_moves_the_date_and_keeps_the_old_one(people: People, world: World, lot: str) -> None:
    world.later(days=30)
    answer = people.ana.send(PAGE, performed_on="2026-12-01", passed="yes", lab="Lab A", note="No change")
    shown = text(people.ana.get(answer["Location"]))
    assert "Next test due: 1 Dec 2031" in shown
    assert "Due date was 2 Nov 2031, is 1 Dec 2031" in shown
    row = Retest.objects.get()
    assert (row.previous_due_on, row.next_due_on, row.lab) == (date(2031, 11, 2), date(2031, 12, 1), "Lab A")


def test_a_day_that_is_given_stands(people: People, lot: str) -> None:
    people.ana.send(PAGE, performed_on="2026-11-02", passed="yes", next_due_on="2027-01-31")
    assert Lot.objects.get().retest_due_on == date(2027, 1, 31)


def test_a_failed_retest_suspends_the_lot(people: People, lot: str) -> None:
    answer = people.ana.send(PAGE, performed_on="2026-11-02", passed="no", note="Caked")
    assert "Condition J" in text(people.ana.get(answer["Location"]))
    assert Lot.objects.get().condition == "J"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"performed_on": "2026-11-03"}, "in the future"),
        ({"performed_on": "2026-11-01"}, "was not here yet"),
        ({"performed_on": "today"}, "write the day like"),
        ({"next_due_on": "2026-11-02"}, "must come after the day of the test"),
        ({"passed": ""}, "required"),
        ({"passed": "perhaps"}, "not one of the available choices"),
    ],
)
def test_it_refuses_what_cannot_be(people: People, lot: str, changes: dict[str, Any], says: str) -> None:
    answer = people.ana.send(PAGE, **{"performed_on": "2026-11-02", "passed": "yes", **changes})
    assert answer.status_code == 422
    assert says in text(answer.content.decode())
    assert not Retest.objects.exists()


def test_it_refuses_to_extend_what_expired_for_good(people: People, world: World) -> None:
    world.stock("10", lot_number="THE-LOT", material="ndfeb-block")
    world.later(days=365 * 3)
    answer = people.ana.send(PAGE, performed_on="2029-10-01", passed="yes", next_due_on="2031-01-01")
    assert "cannot be extended by a retest" in text(answer.content.decode())

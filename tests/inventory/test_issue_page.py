"""The page on which an issue is asked for: mass leaves a store when two managers, other people than who asked, agree."""

from typing import Any

import pytest

from config.approvals.models import Request
from inventory import ledger, units
from inventory.models import Balance
from tests.pages import People, text
from tests.world import World

PAGE = "/lots/THE-LOT/issue/"


@pytest.fixture
def lot(world: World) -> str:
    return world.stock("10", lot_number="THE-LOT")


def test_two_managers_agree_and_it_leaves(people: People, lot: str) -> None:
    assert f'href="{PAGE}"' in people.pia.get("/lots/THE-LOT/")
    answer = people.pia.send(PAGE, origin="ANT-S1", quantity="4", reason="Release order 26-114")
    waiting = answer["Location"]
    assert "Asked to issue 4 kg. Two managers have to agree before anything leaves." in text(people.pia.get(waiting))
    assert Request.objects.get().needed == 2
    people.dee.send(waiting, decision="approve")
    assert Balance.objects.get(location__code="ANT-S1").net_mg == 10_000_000
    people.eve.send(waiting, decision="approve")
    assert Balance.objects.get(location__code="ANT-S1").net_mg == 6_000_000


def test_only_stores_are_offered(people: People, world: World, lot: str) -> None:
    ledger.transfer(
        by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("1"), reason="To Braga"
    )
    html = people.dee.get(PAGE)
    assert 'value="ANT-S1"' in html
    assert 'value="ANT-TO-BRA"' not in html


def test_what_lies_in_no_store_is_moved_there_first(people: People, world: World) -> None:
    world.stock("10", lot_number="THE-LOT", location="ANT-QUAR")
    assert PAGE not in people.pia.get("/lots/THE-LOT/")
    assert "None of it lies in a store: move it there first." in text(people.pia.get(PAGE))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"quantity": "11"}, "10 kg"),
        ({"quantity": "0"}, "more than"),
        ({"reason": ""}, "required"),
        ({"origin": "BRA-S1"}, "Nothing was saved"),
    ],
)
def test_it_refuses_what_cannot_be(people: People, lot: str, changed: dict[str, Any], says: str) -> None:
    given: dict[str, Any] = {"origin": "ANT-S1", "quantity": "4", "reason": "Release order 26-114", **changed}
    answer = people.pia.send(PAGE, **given)
    assert answer.status_code == 422
    assert says in text(answer.content.decode())
    assert not Request.objects.exists()

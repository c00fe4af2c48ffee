"""The page on which a lot is accepted, held or rejected."""

import pytest

from inventory import ledger, units
from inventory.models import ConditionChange, Lot
from tests.pages import People, text
from tests.world import World

PAGE = "/lots/THE-LOT/condition/"


@pytest.fixture
def lot(world: World) -> str:
    return world.receive("10", lot_number="THE-LOT")


@pytest.mark.parametrize("who", ["ben", "dee"])
def test_another_person_than_the_receiver_accepts(people: People, lot: str, who: str) -> None:
    answer = getattr(people, who).send(PAGE, condition="A", reason="In specification")
    assert "Lot THE-LOT is now in condition A. It counts now." in text(getattr(people, who).get(answer["Location"]))
    assert Lot.objects.get().condition == "A"
    assert ConditionChange.objects.latest("pk").reason == "In specification"


def test_the_receiver_is_told_and_gets_no_form(people: People, lot: str) -> None:
    html = people.ana.get(PAGE)
    assert "You received this lot. Another person has to set its condition (warehouse, manager)." in text(html)
    assert "<textarea" not in html


def test_the_receiver_s_own_post_is_refused(people: People, lot: str) -> None:
    answer = people.ana.post(PAGE, {"seen_seq": "4", "condition": "A", "reason": "Mine"})
    assert answer.status_code == 422
    assert "Another person has to set its condition" in text(answer.content.decode())
    assert Lot.objects.get().condition == "J"


@pytest.mark.parametrize(
    ("place", "condition", "says"),
    [
        ("ANT-QUAR", "B", "condition B. It counts once it lies in a store."),
        ("ANT-S2", "A", "condition A. What lies in a store counts now, the rest once it lies there too."),
        ("ANT-S1", "L", "condition L. It does not count."),
    ],
)
def test_it_says_whether_the_lot_counts_now(
    people: People, world: World, place: str, condition: str, says: str
) -> None:
    world.receive("10", lot_number="THE-LOT", location="ANT-QUAR")
    if place != "ANT-QUAR":
        net = units.enter("4")
        ledger.transfer(by=world.by("ana"), lot="THE-LOT", origin="ANT-QUAR", destination=place, net=net)
    answer = people.ben.send(PAGE, condition=condition, reason="Looked at it")
    assert says in text(people.ben.get(answer["Location"]))


def test_it_opens_with_the_condition_that_a_link_names(people: People, lot: str) -> None:
    assert people.ben.form(f"{PAGE}?condition=A")["condition"] == "A"
    for never in ("J", "Z", "", "AB"):
        assert "condition" not in people.ben.form(f"{PAGE}?condition={never}")


def test_it_does_not_offer_the_condition_that_the_lot_has(people: People, lot: str) -> None:
    html = people.ben.get(PAGE)
    assert 'value="A"' in html
    assert 'value="J"' not in html


@pytest.mark.parametrize(
    ("condition", "reason", "says"),
    [
        ("J", "Again", "already is in condition J"),
        ("Z", "What", "condition"),
        ("", "What", "required"),
        ("A", "", "required"),
    ],
)
def test_it_refuses_what_cannot_be(people: People, lot: str, condition: str, reason: str, says: str) -> None:
    answer = people.ben.send(PAGE, condition=condition, reason=reason)
    assert answer.status_code == 422
    assert says in text(answer.content.decode())
    assert Lot.objects.get().condition == "J"


def test_it_refuses_to_accept_what_counts_by_assay_only_without_one(people: People, world: World) -> None:
    world.receive("10", lot_number="THE-LOT", material="re-concentrate")
    answer = people.ben.send(PAGE, condition="A", reason="Looks fine")
    assert "has no laboratory assay" in text(answer.content.decode())


def test_it_refuses_to_accept_what_is_overdue(people: People, world: World, lot: str) -> None:
    world.later(days=365 * 6)
    answer = people.ben.send(PAGE, condition="A", reason="Looks fine")
    assert "Record a passed retest before you accept it" in text(answer.content.decode())


def test_a_site_s_people_cannot_judge_a_lot_that_has_left(people: People, world: World, lot: str) -> None:
    people.ben.send("/lots/THE-LOT/transfer/", destination="ANT-TO-BRA")
    people.cem.send("/lots/THE-LOT/transfer/", origin="ANT-TO-BRA", destination="BRA-S1")
    assert "Nothing of it is left where you may act" in text(people.ben.get(PAGE))
    answer = people.ben.post(PAGE, {"seen_seq": str(Lot.objects.get().last_seq), "condition": "A", "reason": "Fine"})
    assert answer.status_code == 422
    assert Lot.objects.get().condition == "J"

"""The page on which the reversal of a movement is asked for."""

import pytest

from config.approvals.models import Request
from inventory import ledger, units
from inventory.models import Balance
from tests.pages import People, text
from tests.world import World

PAGE = "/lots/THE-LOT/reverse/"


@pytest.fixture
def moved(world: World) -> int:
    world.stock("10", lot_number="THE-LOT")
    answer = ledger.transfer(
        by=world.by("ana"), lot="THE-LOT", origin="ANT-S1", destination="ANT-S2", net=units.enter("4")
    )
    return int(answer["movement"])


def test_it_asks_and_another_person_s_agreement_takes_the_movement_back(people: People, moved: int) -> None:
    answer = people.ana.send(PAGE, movement=moved, reason="Wrong hall")
    assert "Transfer of 4 kg, ANT-S1 to ANT-S2" in text(people.ana.get(answer["Location"]))
    people.dee.send(answer["Location"], decision="approve")
    assert dict(Balance.objects.values_list("location__code", "net_mg"))["ANT-S1"] == 10_000_000
    assert "Reversed" in text(people.ana.get("/lots/THE-LOT/"))
    assert f'value="{moved}"' not in people.ana.get(PAGE)


def test_it_is_opened_at_the_movement_of_the_timeline(people: People, moved: int) -> None:
    assert f'href="/lots/THE-LOT/reverse/?movement={moved}"' in people.ana.get("/lots/THE-LOT/")
    html = people.ana.get(PAGE, {"movement": str(moved)})
    assert "checked" in html.split(f'value="{moved}"')[1].split(">")[0]


def test_what_has_left_can_still_be_reversed(people: People, world: World, moved: int) -> None:
    sampled = ledger.sample(by=world.by("ana"), lot="THE-LOT", origin="ANT-S1", net=units.enter("6"))
    ledger.sample(by=world.by("ana"), lot="THE-LOT", origin="ANT-S2", net=units.enter("4"))
    assert people.ana.send(PAGE, movement=sampled["movement"], reason="Never taken").status_code == 303


def test_the_receiving_site_cannot_ask_for_what_the_sending_site_answers_for(
    people: People, world: World, moved: int
) -> None:
    sent = ledger.transfer(
        by=world.by("ana"), lot="THE-LOT", origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("1")
    )
    assert f'value="{sent["movement"]}"' not in people.cem.get(PAGE)
    seq = people.cem.form(PAGE)["seen_seq"]
    answer = people.cem.post(PAGE, {"seen_seq": seq, "movement": sent["movement"], "reason": "Mine"})
    assert answer.status_code == 403
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    ("movement", "reason", "says"),
    [
        ("", "Wrong", "required"),
        ("x", "Wrong", "whole number"),
        ("0", "Wrong", "greater than or equal to 1"),
        ("999999", "Wrong", "There is no movement 999999"),
        ("9" * 30, "Wrong", "whole number in plain digits"),
        ("moved", "", "required"),
    ],
)
def test_it_refuses_what_cannot_be(people: People, moved: int, movement: str, reason: str, says: str) -> None:
    answer = people.ana.send(PAGE, movement=moved if movement == "moved" else movement, reason=reason)
    assert answer.status_code == 422
    assert says in text(answer.content.decode())
    assert not Request.objects.exists()


def test_a_foreign_movement_is_as_absent_as_none(people: People, world: World, moved: int) -> None:
    ledger.transfer(by=world.by("ana"), lot="THE-LOT", origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("1"))
    answer = people.cem.send(PAGE, movement=moved, reason="Foreign")
    assert answer.status_code == 422
    assert f"There is no movement {moved}" in text(answer.content.decode())

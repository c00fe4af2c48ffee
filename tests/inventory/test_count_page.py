"""The page on which a lot is counted, and what the lot's page then says."""

from typing import Any

import pytest

from inventory import ledger, units
from inventory.models import Balance, Count
from tests.inventory.everything import freeze
from tests.pages import People, text
from tests.world import World

PAGE = "/lots/THE-LOT/count/"
FOUND: dict[str, Any] = {"location": "ANT-S1", "quantity": "9.5", "unit": "kg", "seals": "broken"}


@pytest.fixture
def lot(world: World) -> str:
    return world.stock("10.125", lot_number="THE-LOT")


def test_it_is_blind_until_the_count_is_recorded(people: People, lot: str) -> None:
    shown = text(people.ana.get(PAGE))
    assert "Net mass found" in shown
    assert "10.125" not in shown


def test_it_says_counted_book_and_variance_and_leads_to_the_difference(people: People, world: World, lot: str) -> None:
    world.later(days=30)
    answer = people.ana.send(PAGE, **FOUND, remarks="Drum 3")
    html = people.ana.get(answer["Location"])
    shown = text(html)
    said = html.split('id="messages"')[1].split("</div>")[0]
    assert "The books say 10.125 kg: 0.625 kg are missing." in text(said)
    assert 'class="callout warn"' in said
    assert '<a href="/lots/THE-LOT/adjust/?counted=ANT-S1">Ask for an adjustment</a>, or' in said
    assert '<a href="/lots/THE-LOT/count/?at=ANT-S1">count again</a>.' in said
    assert "the books said 10.125 kg: 0.625 kg less" in shown
    assert "/lots/THE-LOT/adjust/?counted=ANT-S1" in html
    asking = people.ana.form("/lots/THE-LOT/adjust/?counted=ANT-S1")
    filled = {"location": "ANT-S1", "gain": "loss", "quantity": "0.625", "unit": "kg"}
    assert {name: asking[name] for name in filled} == filled
    assert "9.5" in asking["reason"]
    row = Count.objects.get()
    assert (row.seals, row.remarks, row.book_mg) == ("broken", "Drum 3", 10_125_000)


def test_a_count_that_agrees_says_so(people: People, lot: str) -> None:
    answer = people.ana.send(PAGE, **{**FOUND, "quantity": "10.125"})
    html = people.ana.get(answer["Location"])
    assert "as the books say" in text(html)
    assert 'class="callout ok"' in html


def test_nothing_found_is_a_count_too(people: People, lot: str) -> None:
    people.ana.send(PAGE, **{**FOUND, "quantity": "0"})
    assert Balance.objects.get().variance_mg == -10_125_000


def test_a_place_that_the_lot_has_left_with_a_variance_can_be_counted(people: People, world: World, lot: str) -> None:
    """Else the variance could never be settled: there is nothing left to adjust."""
    people.ana.send(PAGE, **FOUND)
    by, net = world.by("ana"), units.enter("10.125")
    ledger.transfer(by=by, lot=lot, origin="ANT-S1", destination="ANT-TO-BRA", net=net)
    ledger.transfer(by=world.by("cem"), lot=lot, origin="ANT-TO-BRA", destination="BRA-S1", net=net)
    assert "Record the count" in text(people.ana.get(PAGE))
    people.ana.send(PAGE, **{**FOUND, "quantity": "0"})
    assert Balance.objects.get(location__code="ANT-S1").variance_mg == 0
    assert "Record the count" not in text(people.ana.get(PAGE))


def test_a_frozen_lot_may_be_counted(people: People, world: World, lot: str) -> None:
    freeze(world, lot)
    answer = people.ana.send(PAGE, **FOUND)
    assert Count.objects.exists()
    html = people.ana.get(answer["Location"])
    assert '<a href="/lots/THE-LOT/count/?at=ANT-S1">Count again</a>.' in html
    assert "adjust/?counted" not in html


def test_who_may_not_adjust_is_not_led_there(people: People, world: World, lot: str) -> None:
    people.ana.send(PAGE, **FOUND)
    assert "Variance" in text(people.aud.get("/lots/THE-LOT/"))
    assert "adjust/?counted" not in people.aud.get("/lots/THE-LOT/")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"quantity": "-1"}, "less than nothing"),
        ({"quantity": ""}, "required"),
        ({"quantity": "1", "unit": "stone"}, "not one of the available choices"),
        ({"seals": ""}, "required"),
        ({"location": "ANT-S2"}, "nothing of lot THE-LOT lies at ANT-S2"),
        ({"location": "BRA-S1"}, "no location BRA-S1"),
        ({"occurred_at": "2026-11-01T09:00"}, "was last moved or counted"),
    ],
)
def test_it_refuses_what_cannot_be(people: People, lot: str, changes: dict[str, Any], says: str) -> None:
    answer = people.ana.send(PAGE, **{**FOUND, **changes})
    assert answer.status_code == 422
    assert says in text(answer.content.decode())
    assert not Count.objects.exists()


def test_what_moved_since_the_form_opened_is_said(people: People, world: World, lot: str) -> None:
    people.ana.get(PAGE)
    opened: dict[str, Any] = {"seen_seq": "3"}
    net = units.enter("1")
    ledger.transfer(by=world.by("ben"), lot=lot, origin="ANT-S1", destination="ANT-S2", net=net)
    answer = people.ana.send(PAGE, **FOUND, **opened)
    assert answer.status_code == 422
    assert not Count.objects.exists()


def test_a_foreign_lot_is_as_absent_as_none(people: People, lot: str) -> None:
    for page in (PAGE, "/lots/NO-LOT/count/"):
        assert "that you may see" in text(people.cem.get(page, status=404))


def test_it_is_the_warehouses_page(people: People, lot: str) -> None:
    people.closed(PAGE, open_to={"ana"})

"""The page of a transfer."""

from typing import Any

import pytest

from inventory import ledger, units
from inventory.models import Balance, Movement
from tests.pages import People, text
from tests.world import World

PAGE = "/lots/THE-LOT/transfer/"


@pytest.fixture
def lot(world: World) -> str:
    return world.stock("10", lot_number="THE-LOT")


def refused(people: People, **changes: Any) -> str:
    values = {"origin": "ANT-S1", "destination": "ANT-S2", "quantity": "4", "unit": "kg", **changes}
    answer = people.ana.send(PAGE, **values)
    assert answer.status_code == 422
    assert Movement.objects.count() == 1
    return text(answer.content.decode())


def test_it_moves_mass_between_places_of_the_site(people: People, lot: str) -> None:
    answer = people.ana.send(
        PAGE,
        origin="ANT-S1",
        destination="ANT-S2",
        quantity="10",
        unit="lb",
        occurred_at="2026-11-02T09:00",
        reason="Roof leaks",
    )
    shown = text(people.ana.get(answer["Location"]))
    assert "Moved 10 lb (4.535924 kg) of lot THE-LOT to ANT-S2" in shown
    assert "Roof leaks" in shown
    held = dict(Balance.objects.filter(net_mg__gt=0).values_list("location__code", "net_mg"))
    assert held == {"ANT-S1": 5_464_076, "ANT-S2": 4_535_924}


def test_it_offers_all_that_is_free_where_the_lot_lies_in_one_place(people: People, lot: str) -> None:
    values = people.ana.form(PAGE)
    assert (values["origin"], values["quantity"], values["destination"]) == ("ANT-S1", "10", "")


def test_it_opens_with_the_place_that_a_link_names(people: People, lot: str) -> None:
    assert people.ana.form(f"{PAGE}?to=ANT-S2")["destination"] == "ANT-S2"
    for never in ("ANT-S1", "BRA-S1", "ANT-LOSS", "ANT", ""):
        assert people.ana.form(f"{PAGE}?to={never}")["destination"] == ""


def test_it_does_not_lead_back_to_the_only_place_where_the_lot_lies(people: People, lot: str) -> None:
    assert people.ana.get(PAGE).count('<option value="ANT-S1"') == 1
    people.ana.send(PAGE, destination="ANT-S2", quantity="4")
    assert people.ana.get(PAGE).count('<option value="ANT-S1"') == 2


def test_it_sends_mass_to_another_site_on_a_lane_which_that_site_takes_out(people: People, lot: str) -> None:
    assert people.ana.send(PAGE, destination="ANT-TO-BRA").status_code == 303
    html = people.cem.get(PAGE)
    assert "ANT-TO-BRA" in html
    assert "ANT-S2" not in html
    answer = people.cem.send(PAGE, origin="ANT-TO-BRA", destination="BRA-S1")
    assert answer.status_code == 303
    assert "Moved 10 kg" in text(people.cem.get(answer["Location"]))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"quantity": "10.000001"}, "has 10 kg free at ANT-S1 (10 kg held); 10.000001 kg were asked for"),
        ({"origin": "ANT-S2", "destination": "ANT-S1"}, "has 0 kg free at ANT-S2"),
        ({"destination": "ANT-S1"}, "Origin and destination are both ANT-S1"),
        ({"destination": "BRA-S1"}, "There is no location BRA-S1 that you may use"),
        ({"origin": "BRA-S1"}, "There is no location BRA-S1 that you may use"),
        ({"destination": "ANT-LOSS"}, "is a loss location"),
        ({"occurred_at": "2026-11-01T08:00"}, "was received at"),
        ({"occurred_at": "2026-12-01T08:00"}, "lies in the future"),
        ({"reason": "a\x07b"}, "characters that cannot be shown"),
    ],
)
def test_it_says_at_the_field_what_is_wrong(people: People, lot: str, changes: dict[str, Any], says: str) -> None:
    assert says in refused(people, **changes)


def test_it_refuses_an_entry_that_would_make_a_later_day_negative(people: People, world: World, lot: str) -> None:
    ledger.transfer(
        by=world.by("ana", now=world.later(hours=5)),
        lot=lot,
        origin="ANT-S1",
        destination="ANT-S2",
        net=units.enter("8"),
    )
    ledger.transfer(
        by=world.by("ana", now=world.later(hours=5)),
        lot=lot,
        origin="ANT-S2",
        destination="ANT-S1",
        net=units.enter("8"),
    )
    answer = people.ana.send(
        PAGE, origin="ANT-S1", destination="ANT-S2", quantity="5", unit="kg", occurred_at="2026-11-02T12:00"
    )
    assert answer.status_code == 422
    assert "less than nothing free at ANT-S1 on 2026-11-02" in text(answer.content.decode())


def test_it_says_when_nothing_is_left_to_move(people: People, world: World, lot: str) -> None:
    ledger.sample(by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("10"))
    assert "Nothing of it is left where you may act" in text(people.ana.get(PAGE))

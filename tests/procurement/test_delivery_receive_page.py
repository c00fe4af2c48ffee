"""Receiving a delivery by page."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from inventory.models import Assay, Lot
from tests.counting import the_same_at_3_and_30
from tests.procurement.market import Market
from tests.procurement.pages import People, text

CAME = {"location": "ANT-S1", "quantity": "60", "supplier_lot": "LY-7731"}


def path(market: Market, number: str, line: int = 1) -> str:
    return f"/deliveries/{market.of(number, line).pk}/receive/"


def test_it_receives_the_lot_against_the_line(people: People, market: Market) -> None:
    number = market.placed()
    html = people.ana.get(path(market, number))
    assert 'class="gloves"' in html
    assert 'name="material"' not in html
    assert "BRA-S1" not in html
    for secret in ("62.5", "USD"):
        assert secret not in html
    answer = people.ana.send(path(market, number), **CAME)
    lot = Lot.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/lots/{lot.number}/")
    assert (lot.supplier_lot, lot.condition, lot.material.code) == ("LY-7731", "J", "nd-oxide")
    assert (market.of(number).received_mg, market.order(number).state) == (60_000_000, "part received")
    assert f"against {number}" in text(people.ana.get(f"/lots/{lot.number}/"))


def test_it_takes_another_unit_and_an_assay(people: People, market: Market) -> None:
    number = market.placed(market.line(material="re-concentrate"))
    came = {**CAME, "quantity": "0.05", "unit": "t", "moisture_pct": "8", "lab": "Lab A"}
    answer = people.ana.send(path(market, number), **came, element_1="Nd", percent_1="10")
    assert answer.status_code == 303, text(answer.content.decode())
    assay = Assay.objects.get()
    assert (assay.fractions, assay.moisture, assay.lab) == ({"Nd": "0.1"}, Decimal("0.08"), "Lab A")
    assert market.of(number).received_mg == 50_000_000


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"quantity": "100.000001"}, "100 kg more can be received, 100.000001 kg cannot"),
        ({"quantity": "-1"}, "it must be more than nothing"),
        ({"location": "BRA-S1"}, "is no location there that you may use"),
        ({"location": "ANT-SUPP"}, "this needs store or quarantine"),
        ({"occurred_at": "2031-01-01T00:00"}, "lies in the future"),
    ],
)
def test_it_refuses_and_writes_nothing(people: People, market: Market, wrong: dict[str, Any], words: str) -> None:
    number = market.placed()
    answer = people.ana.send(path(market, number), **{**CAME, **wrong})
    assert answer.status_code == 422
    assert words in text(answer.content.decode())
    assert not Lot.objects.exists()
    assert market.of(number).received_mg == 0


def test_a_form_sent_twice_lands_once(people: People, market: Market) -> None:
    number = market.placed()
    fields = {"key": str(uuid4()), "unit": "kg", **CAME, "quantity": "100"}
    first, second = (people.ana.client.post(path(market, number), fields) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Lot.objects.count() == 1


def test_it_swaps_the_form(people: People, market: Market) -> None:
    number = market.placed()
    refused = people.ana.send(path(market, number), swap=True, **{**CAME, "quantity": "101"})
    assert (refused.status_code, refused.content.decode()[:31]) == (422, '<form class="form" id="delivery')
    assert people.ana.send(path(market, number), swap=True, **CAME).status_code == 204


def test_a_foreign_or_unplaced_delivery_is_404(people: People, market: Market) -> None:
    number = market.placed()
    assert people.cem.client.get(path(market, number)).status_code == 404
    assert people.cem.post(path(market, number), **CAME, unit="kg").status_code == 404
    assert people.ana.client.get(path(market, market.approved())).status_code == 404
    assert people.ana.client.get(f"/deliveries/{'9' * 30}/receive/").status_code == 404


def test_who_may(people: People, market: Market) -> None:
    number = market.placed()
    assert people.nobody.client.get(path(market, number)).status_code == 302
    for who in ("pia", "dee", "aud", "adm"):
        assert getattr(people, who).client.get(path(market, number)).status_code == 403
        assert getattr(people, who).post(path(market, number), **CAME).status_code == 403
    assert people.ana.client.delete(path(market, number)).status_code == 405


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, market: Market) -> None:
    numbers = [""]

    def make(more: int) -> None:
        numbers[0] = market.placed()
        for _ in range(more):
            market.receive(numbers[0], "1")

    the_same_at_3_and_30(
        "page delivery-receive", make=make, read=lambda: people.ana.get(path(market, numbers[0]), swap=True)
    )


def test_it_says_where_more_of_it_lies_and_names_the_elements_of_its_papers(people: People, market: Market) -> None:
    number = market.placed()
    assert "More of it lies" not in people.ana.get(path(market, number))
    market.world.stock("10", location="ANT-S2")
    html = people.ana.get(path(market, number))
    assert "More of it lies at ANT-S2." in text(html)
    assert '<option value="Nd" selected>' in html
    assert '<details class="panel">' in html
    wrong = {**CAME, "element_1": "", "percent_1": "99"}
    assert '<details class="panel" open>' in people.ana.send(path(market, number), **wrong).content.decode()

"""Writing an order by page, and writing it anew."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from procurement import orders
from procurement.models import Order
from tests.counting import the_same_at_3_and_30
from tests.procurement.market import Market
from tests.procurement.pages import People, closed, text

NEW = "/orders/new/"
FIRST = {
    "material_1": "nd-oxide",
    "quantity_1": "100.5",
    "site_1": "ANT",
    "price_1": "62.5",
    "tolerance_1": "2.5",
    "promised_1": "2026-12-01",
}


def test_it_writes_a_draft_and_leaves_blank_lines_out(people: People, market: Market) -> None:
    third = {"material_3": "ndpr-oxide", "quantity_3": "2", "unit_3": "t", "site_3": "BRA"}
    answer = people.pia.send(NEW, supplier="NEO", currency="EUR", note="By rail", **FIRST, **third)
    order = Order.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/orders/{order.number}/")
    assert (order.supplier.code, order.currency, order.note, order.state) == ("NEO", "EUR", "By rail", "draft")
    first, second = order.lines.order_by("number")
    assert (first.ordered_mg, first.price_per_kg, first.tolerance_pct, first.promised_on) == (
        100_500_000,
        Decimal("62.5"),
        Decimal("2.5"),
        date(2026, 12, 1),
    )
    assert (second.number, second.ordered_mg, second.entered_unit, second.price_per_kg) == (2, 2 * 10**9, "t", None)
    assert "Drafted" in text(people.pia.get(f"/orders/{order.number}/"))


def test_order_this_opens_it_filled_in(people: People, market: Market) -> None:
    query = {"flag": "7", "material": "nd-oxide", "net_kg": "1250.5", "site": "BRA"}
    assert "Answers flag 7" in people.pia.get(NEW, **query)
    address = NEW + "?" + "&".join(f"{name}={value}" for name, value in query.items())
    people.pia.send(address, NEW, supplier="LYNAS")
    order = Order.objects.get()
    line = order.lines.get()
    assert (order.flag_id, line.material.code, line.ordered_mg, line.site.code) == (7, "nd-oxide", 1_250_500_000, "BRA")


def test_nonsense_in_the_address_fills_nothing_in(people: People, market: Market) -> None:
    html = people.pia.get(NEW, flag="٣", material="\u202e", net_kg="x" * 500, site="<b>")
    assert "Answers flag" not in html
    assert "<b>" not in html


def test_more_lines_come_without_a_script_and_keep_what_was_typed(people: People, market: Market) -> None:
    answer = people.pia.send(NEW, supplier="NEO", add="1", **{**FIRST, "quantity_1": "not yet"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="material_6"' in html
    assert 'value="not yet"' in html
    assert "errors" not in html
    assert not Order.objects.exists()
    sixth = {name.replace("_1", "_6"): value for name, value in FIRST.items()}
    assert people.pia.post(NEW, supplier="NEO", currency="USD", count="6", **sixth).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"supplier": ""}, "supplier"),
        ({"supplier": "NOBODY"}, "supplier"),
        ({"quantity_1": "0"}, "quantity_1"),
        ({"quantity_1": "-5"}, "quantity_1"),
        ({"quantity_1": "1.1234567"}, "quantity_1"),
        ({"quantity_1": "１２"}, "quantity_1"),
        ({"quantity_1": "1e400"}, "quantity_1"),
        ({"quantity_1": "NaN"}, "quantity_1"),
        ({"quantity_1": ""}, "quantity_1"),
        ({"unit_1": "flask"}, "quantity_1"),
        ({"unit_1": "stone"}, "unit_1"),
        ({"material_1": "no-such"}, "material_1"),
        ({"material_1": ""}, "material_1"),
        ({"site_1": "XXX"}, "site_1"),
        ({"site_1": ""}, "site_1"),
        ({"price_1": "-1"}, "price_1"),
        ({"price_1": "NaN"}, "price_1"),
        ({"tolerance_1": "101"}, "tolerance_1"),
        ({"tolerance_1": "1.234"}, "tolerance_1"),
        ({"promised_1": "1.12.2026"}, "promised_1"),
        ({"promised_1": "1999-12-31"}, "promised_1"),
        ({"note": "a\u202eb"}, "note"),
        (dict.fromkeys(FIRST, ""), "material_1"),
    ],
)
def test_it_refuses_on_the_field_that_is_to_blame(
    people: People, market: Market, wrong: dict[str, Any], field: str
) -> None:
    answer = people.pia.send(NEW, **{"supplier": "NEO", **FIRST, **wrong})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_errors"' in html
    assert not Order.objects.exists()


def test_what_the_door_says_of_a_line_stands_on_that_line(people: People, market: Market) -> None:
    third = {name.replace("_1", "_3"): value for name, value in FIRST.items()} | {"material_3": "gone"}
    html = people.pia.send(NEW, supplier="NEO", **FIRST, **third).content.decode()
    assert 'id="id_material_3_errors"' in html


def test_a_refused_form_has_a_new_key_and_what_was_typed(people: People, market: Market) -> None:
    key = str(uuid4())
    fields = {"supplier": "NEO", "currency": "USD", "count": "3", **FIRST, "material_1": "gone"}
    html = people.pia.client.post(NEW, {"key": key, **fields}).content.decode()
    assert key not in html
    assert 'value="100.5"' in html


def test_a_form_sent_twice_lands_once(people: People, market: Market) -> None:
    fields = {"key": str(uuid4()), "supplier": "NEO", "currency": "USD", "count": "3", **FIRST}
    first, second = (people.pia.client.post(NEW, fields) for _ in range(2))
    assert (first["Location"], second.status_code) == (second["Location"], 303)
    assert Order.objects.count() == 1


def test_it_swaps_the_form(people: People, market: Market) -> None:
    refused = people.pia.send(NEW, swap=True, supplier="", **FIRST)
    assert refused.status_code == 422
    assert refused.content.decode().startswith('<form class="form" id="order-form"')
    done = people.pia.send(NEW, swap=True, supplier="NEO", **FIRST)
    assert (done.status_code, done["HX-Redirect"]) == (204, f"/orders/{Order.objects.get().number}/")


def test_it_opens_a_draft_as_it_is_and_saves_it_anew(people: People, market: Market) -> None:
    number = market.draft(market.line("100", tolerance_pct=Decimal("2.5")), market.line("7", site="BRA"), flag_id=7)
    path = f"/orders/{number}/edit/"
    assert people.pia.send(path).status_code == 303
    order = market.order(number)
    assert (order.version, order.flag_id, order.supplier.code) == (2, 7, "LYNAS")
    kept = order.lines.order_by("number").values_list("ordered_mg", "tolerance_pct", "site__code", "price_per_kg")
    assert list(kept) == [
        (100_000_000, Decimal("2.5"), "ANT", Decimal("62.5")),
        (7_000_000, Decimal(0), "BRA", Decimal("62.5")),
    ]
    blank = dict.fromkeys(("material_1", "quantity_1", "price_1", "promised_1"), "")
    people.pia.send(path, quantity_2="8", **blank)
    assert list(market.order(number).lines.values_list("number", "ordered_mg")) == [(1, 8_000_000)]


def test_a_stale_form_is_refused(people: People, market: Market) -> None:
    number = market.draft()
    path = f"/orders/{number}/edit/"
    fields = {"supplier": "NEO", "currency": "USD", "count": "1", "version": "1", **FIRST}
    orders.edit(by=market.world.by("pia"), number=number, version=1, supplier="LYNAS", lines=[market.line("55")])
    answer = people.pia.post(path, **fields)
    assert answer.status_code == 422
    assert "changed by somebody else" in text(answer.content.decode())
    assert market.of(number).ordered_mg == 55_000_000
    assert people.pia.post(path, **{**fields, "version": ""}).status_code == 422


def test_what_is_no_draft_cannot_be_edited(people: People, market: Market) -> None:
    number = market.submitted()
    answer = people.pia.send(f"/orders/{number}/edit/")
    assert answer.status_code == 422
    assert "is submitted" in text(answer.content.decode())


def test_who_may(people: People, market: Market) -> None:
    number = market.draft()
    closed(people, NEW, open_to={"pia"})
    closed(people, f"/orders/{number}/edit/", open_to={"pia"})
    assert people.dee.post(NEW, supplier="NEO").status_code == 403
    assert people.pia.client.delete(NEW).status_code == 405
    assert people.pia.client.get("/orders/PO-99-0001/edit/").status_code == 404


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, market: Market) -> None:
    numbers = [""]

    def make(more: int) -> None:
        numbers[0] = market.draft(*[market.line("10") for _ in range(more)])

    the_same_at_3_and_30(
        "page order-edit", make=make, read=lambda: people.pia.get(f"/orders/{numbers[0]}/edit/", swap=True)
    )

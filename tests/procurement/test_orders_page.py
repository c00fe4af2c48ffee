"""The list of orders."""

from datetime import date

import pytest

from tests.counting import the_same_at_3_and_30
from tests.procurement.market import Market
from tests.procurement.pages import People, closed, text


def test_it_lists_orders_with_state_mass_and_value(people: People, market: Market) -> None:
    number = market.placed(market.line("1500", promised_on=date(2026, 11, 1)))
    shown = text(people.aud.get("/orders/"))
    assert number in shown
    for words in ("Lynas Rare Earths", "Placed", "Late", "1,500", "93,750.00 USD", "1 Nov 2026"):
        assert words in shown


def test_it_narrows_as_the_address_says(people: People, market: Market) -> None:
    draft, placed = market.draft(supplier="NEO"), market.placed()
    late = market.placed(market.line(promised_on=date(2026, 11, 1)), flag_id=9)
    for query, expected in (
        ({"state": "draft"}, [draft]),
        ({"supplier": "NEO"}, [draft]),
        ({"late": "yes"}, [late]),
        ({"flag": "9"}, [late]),
        ({"search": placed}, [placed]),
        ({"search": "lynas", "state": "placed"}, [late, placed]),
    ):
        html = people.pia.get("/orders/", **query)
        assert [number for number in (late, placed, draft) if f"/orders/{number}/" in html] == expected


def test_it_pages_and_swaps(people: People, market: Market) -> None:
    made = [market.draft() for _ in range(51)]
    first = people.pia.get("/orders/")
    assert f"/orders/{made[0]}/" not in first
    cursor = first.split('rel="next" href="?cursor=')[1].split('"')[0]
    second = people.pia.get("/orders/", swap=True, cursor=cursor)
    assert second.startswith('<section class="panel flush" id="orders"')
    assert f"/orders/{made[0]}/" in second
    assert 'rel="prev"' in second


def test_it_says_what_to_do_when_there_is_none(people: People, market: Market) -> None:
    assert "Write an order" in text(people.pia.get("/orders/"))
    assert "Write an order" not in text(people.dee.get("/orders/"))
    assert "No orders match" in text(people.dee.get("/orders/", state="placed"))


@pytest.mark.parametrize("query", [{"state": "gone"}, {"search": "a\u202eb"}, {"flag": "x"}, {"search": "x" * 81}])
def test_what_cannot_be_read_is_said(people: People, market: Market, query: dict[str, str]) -> None:
    assert "cannot be narrowed" in people.pia.get("/orders/", status=422, **query)


def test_a_damaged_cursor_is_refused(people: People, market: Market) -> None:
    assert "Start on the first page" in people.pia.get("/orders/", status=400, cursor="x")


def test_who_may(people: People, market: Market) -> None:
    closed(people, "/orders/", open_to={"pia", "dee", "aud"})
    assert people.pia.client.post("/orders/").status_code == 405


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, market: Market) -> None:
    the_same_at_3_and_30(
        "page orders",
        make=lambda more: [market.placed() for _ in range(more)],
        read=lambda: people.pia.get("/orders/", swap=True),
    )

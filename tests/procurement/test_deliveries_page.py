"""Deliveries expected."""

from datetime import date

from tests.counting import the_same_at_3_and_30
from tests.procurement.market import Market
from tests.procurement.pages import People, closed, text


def test_people_of_a_site_see_what_comes_there_with_a_button(people: People, market: Market) -> None:
    number = market.placed(market.line("1500", promised_on=date(2026, 11, 1)), market.line("50", site="BRA"))
    html = people.ana.get("/deliveries/")
    shown = text(html)
    assert 'class="gloves"' in html
    for words in ("Neodymium oxide", number, "Antwerp", "1,500", "1 Nov 2026", "Late", "Receive"):
        assert words in shown
    assert f"/deliveries/{market.of(number, 1).pk}/receive/" in html
    assert "Braga" not in html
    for secret in ("62.5", "USD", f"/orders/{number}/"):
        assert secret not in html


def test_what_came_without_an_order_is_received_from_here_too(people: People, market: Market) -> None:
    for _ in range(2):
        html = people.ana.get("/deliveries/")
        assert 'href="/receive/"' in html.split("<main")[1]
        assert "Came without an order: receive it" in text(html)
        market.placed()
    assert "Came without an order" not in people.dee.get("/deliveries/")


def test_others_see_all_without_a_button(people: People, market: Market) -> None:
    number = market.placed(market.line("100"), market.line("50", site="BRA"))
    html = people.dee.get("/deliveries/")
    assert html.count(f'href="/orders/{number}/"') == 2
    assert "/receive/" not in html


def test_it_narrows_and_swaps(people: People, market: Market) -> None:
    market.placed(market.line("1", promised_on=date(2026, 11, 1)), market.line("2", site="BRA"))
    assert "Braga" not in text(people.dee.get("/deliveries/", swap=True, site="ANT"))
    html = people.dee.get("/deliveries/", swap=True, late="yes")
    assert html.startswith('<section class="panel flush" id="deliveries"')
    assert "Braga" not in html
    assert "Nothing expected matches" in text(people.ana.get("/deliveries/", site="BRA"))
    assert "cannot be narrowed" in people.ana.get("/deliveries/", status=422, late="x")


def test_it_says_when_nothing_is_expected(people: People, market: Market) -> None:
    assert "Nothing is expected" in text(people.ana.get("/deliveries/"))


def test_who_may(people: People, market: Market) -> None:
    closed(people, "/deliveries/", open_to={"ana", "pia", "dee", "aud"})
    assert people.ana.client.post("/deliveries/").status_code == 405


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, market: Market) -> None:
    the_same_at_3_and_30(
        "page deliveries",
        make=lambda more: market.placed(*[market.line() for _ in range(more)]),
        read=lambda: people.ana.get("/deliveries/", swap=True),
    )

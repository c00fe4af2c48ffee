"""Reading orders."""

from datetime import date
from decimal import Decimal

import pytest

from procurement import orders
from procurement.refusals import OrderNotFound
from procurement.transitions import Act
from tests.procurement.market import Market

TODAY = date(2026, 11, 2)


def numbers(market: Market, who: str = "pia", **filters: object) -> list[str]:
    found = orders.listing(market.world.people[who], today=filters.pop("today", TODAY), **filters)  # type: ignore[arg-type]  # as given
    return [row.number for row in found.rows]


def test_it_lists_the_newest_first_with_totals(market: Market) -> None:
    older = market.draft()
    number = market.placed(market.line("100"), market.line("40.5", price_per_kg=Decimal("0.1"), site="BRA"))
    market.receive(number, "30")
    row = orders.listing(market.world.pia, today=TODAY).rows[0]
    assert (row.number, row.supplier_name, row.state, row.lines) == (number, "Lynas Rare Earths", "part received", 2)
    assert (row.ordered_mg, row.received_mg, row.open_mg) == (140_500_000, 30_000_000, 110_500_000)
    assert row.value == Decimal("6254.05")
    assert (row.next_on, row.late) == (date(2026, 12, 1), False)
    assert numbers(market) == [number, older]


def test_it_filters(market: Market) -> None:
    draft = market.draft(supplier="NEO", flag_id=7)
    placed = market.placed()
    late = market.placed(market.line(promised_on=date(2026, 11, 1)), market.line())
    done = market.placed(market.line("5", promised_on=date(2026, 11, 1)))
    market.receive(done, "5")
    assert numbers(market, state="placed") == [late, placed]
    assert numbers(market, supplier="NEO") == [draft]
    assert numbers(market, late=True) == [late]
    assert numbers(market, late=True, today=date(2026, 11, 1)) == []
    assert numbers(market, search=draft) == numbers(market, search="performance") == [draft]
    assert numbers(market, flag_id=7) == [draft]


def test_it_pages_both_ways(market: Market) -> None:
    made = [market.draft() for _ in range(5)][::-1]
    first = orders.listing(market.world.pia, today=TODAY, size=2)
    second = orders.listing(market.world.pia, today=TODAY, size=2, cursor=first.next)
    assert [row.number for row in first.rows + second.rows] == made[:4]
    back = orders.listing(market.world.pia, today=TODAY, size=2, cursor=second.previous)
    assert back.rows == first.rows
    assert (first.previous, first.count) == ("", 5)


def test_people_of_a_site_see_no_orders(market: Market) -> None:
    number = market.placed()
    for who in ("ana", "adm"):
        assert numbers(market, who) == []
        with pytest.raises(OrderNotFound):
            orders.one(market.world.people[who], number, today=TODAY)


def test_one_shows_lines_deliveries_and_timeline(market: Market) -> None:
    number = market.placed(
        market.line("100", promised_on=date(2026, 11, 1)), market.line("3", tolerance_pct=Decimal(5))
    )
    first = market.receive(number, "60", supplier_lot="A")
    market.reverse(first["movement"])
    market.receive(number, "40")
    found = orders.one(market.world.aud, number, today=TODAY)
    line = found.lines[0]
    assert (line.received_mg, line.open_mg, line.late, line.value) == (40_000_000, 60_000_000, True, Decimal(6250))
    shown = [(row.lot, row.net_mg, row.reversed) for row in line.deliveries]
    assert shown[0] == (first["lot"], 60_000_000, True)
    assert shown[1][1:] == (40_000_000, False)
    assert found.late
    assert found.value == Decimal("6437.5")
    assert [event.what for event in found.events] == [
        "receive",
        "reverse",
        "receive",
        "place",
        "approve",
        "submit",
        "draft",
    ]
    assert found.acts == []


def test_one_offers_acts_by_role_and_two_person_rule(market: Market, max_: object) -> None:
    number = market.submitted(who="max")
    for who, acts in {
        "pia": [Act.CANCEL],
        "dee": [Act.APPROVE, Act.SEND_BACK],
        "aud": [],
        "max": [Act.SEND_BACK, Act.CANCEL],
    }.items():
        found = orders.one(market.world.people[who], number, today=TODAY)
        assert found.acts == acts
        assert bool(found.barriers) is (who == "max")

"""Deliveries expected, and what the desks show."""

from datetime import date

import pytest

from procurement import deliveries, desk, orders
from procurement.refusals import DeliveryNotFound
from tests.procurement.market import Market

TODAY = date(2026, 12, 5)


def test_people_of_a_site_see_its_deliveries_only(market: Market) -> None:
    number = market.placed(market.line("100"), market.line("50", site="BRA"))
    here = deliveries.expected(market.world.ana, today=TODAY).rows
    assert [(row.order, row.line, row.site, row.open_mg, row.late) for row in here] == [
        (number, 1, "ANT", 100_000_000, True)
    ]
    assert [row.site for row in deliveries.expected(market.world.cem, today=TODAY).rows] == ["BRA"]
    assert len(deliveries.expected(market.world.aud, today=TODAY).rows) == 2
    assert deliveries.expected(market.world.adm, today=TODAY).rows == []
    with pytest.raises(DeliveryNotFound):
        deliveries.one(market.world.cem, here[0].id, today=TODAY)


def test_rows_hold_no_price(market: Market) -> None:
    market.placed()
    row = deliveries.expected(market.world.ana, today=TODAY).rows[0]
    assert not {name for name in vars(row) if "price" in name or "value" in name or "currency" in name}


def test_it_orders_by_promise_and_pages(market: Market) -> None:
    days = [date(2026, 12, day) for day in (9, 3, 3, 20)]
    market.placed(*[market.line(promised_on=day) for day in days])
    first = deliveries.expected(market.world.ana, today=TODAY, size=3)
    assert [row.line for row in first.rows] == [2, 3, 1]
    second = deliveries.expected(market.world.ana, today=TODAY, size=3, cursor=first.next)
    assert [row.line for row in second.rows] == [4]
    assert deliveries.expected(market.world.ana, today=TODAY, size=3, cursor=second.previous).rows == first.rows
    assert [row.line for row in deliveries.expected(market.world.ana, today=TODAY, late=True).rows] == [2, 3]


def test_what_has_arrived_is_no_longer_expected(market: Market) -> None:
    number = market.placed(market.line("100"))
    market.receive(number, "60")
    assert [row.open_mg for row in deliveries.expected(market.world.ana, today=TODAY).rows] == [40_000_000]
    market.receive(number, "40")
    assert deliveries.expected(market.world.ana, today=TODAY).rows == []
    assert deliveries.one(market.world.ana, market.of(number).pk, today=TODAY).open_mg == 0


def test_the_desk_says_what_waits_for_whom(market: Market, max_: object) -> None:
    mine, drafted = market.submitted(who="max"), market.draft()
    approved = market.approved()
    number = market.submitted()
    people = market.world.people
    assert [row.number for row in desk.waiting_for_approval(people["dee"], today=TODAY)] == [mine, number]
    assert [row.number for row in desk.waiting_for_approval(people["max"], today=TODAY)] == [number]
    assert desk.waiting_for_approval(people["pia"], today=TODAY) == []
    assert [row.number for row in desk.submitted(people["pia"], today=TODAY)] == [mine, number]
    first = desk.submitted(people["pia"], today=TODAY, limit=1)
    assert ([row.number for row in first], first.of, first.cut) == ([mine], 2, True)
    assert [row.number for row in desk.drafts(people["pia"], today=TODAY)] == [drafted]
    assert desk.drafts(people["dee"], today=TODAY) == []
    assert [row.number for row in desk.to_place(people["pia"], today=TODAY)] == [approved]
    assert desk.to_place(people["dee"], today=TODAY) == []


def test_the_desk_says_what_is_late_and_expected(market: Market) -> None:
    number = market.placed(market.line("100"), market.line("50", site="BRA", promised_on=date(2026, 12, 8)))
    later = market.placed(market.line("1", promised_on=date(2027, 2, 1)))
    people = market.world.people
    (late,) = desk.late_lines(people["pia"], today=TODAY)
    assert desk.late_lines(people["pia"], today=TODAY, limit=1).of == 1
    assert (late.line.order, late.line.line, late.days_late, late.line.open_mg) == (number, 1, 4, 100_000_000)
    assert desk.late_lines(people["cem"], today=TODAY) == []
    assert [(row.order, row.site) for row in desk.expected(people["ana"], today=TODAY)] == [
        (number, "ANT"),
        (later, "ANT"),
    ]
    counted = {row.site: (row.late, row.due, row.total) for row in desk.expected_by_site(people["aud"], today=TODAY)}
    assert counted == {"ANT": (1, 0, 2), "BRA": (0, 1, 1)}
    assert [row.site for row in desk.expected_by_site(people["cem"], today=TODAY)] == ["BRA"]


def test_a_cancelled_order_is_expected_by_nobody(market: Market) -> None:
    number = market.placed()
    orders.cancel(by=market.world.by("pia"), number=number, reason="No")
    assert desk.expected(market.world.ana, today=TODAY) == []
    assert desk.late_lines(market.world.pia, today=TODAY) == []

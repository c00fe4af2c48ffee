"""The last day of the money that is set aside for an order."""

from datetime import date, timedelta

import pytest

from procurement import chasing, desk, orders
from procurement.refusals import BadFundsDay
from tests.pages import text
from tests.procurement.market import Market
from tests.procurement.pages import People
from tests.rest import Callers


def test_an_order_says_it_on_its_page_and_in_its_form(people: People, market: Market) -> None:
    number = market.draft(funds_expire_on=date(2027, 1, 31))
    assert "Money expires 31 Jan 2027" in text(people.pia.get(f"/orders/{number}/"))
    answer = people.pia.send(f"/orders/{number}/edit/", funds_expire_on="2027-02-28")
    assert answer.status_code == 303
    assert orders.one(market.world.pia, number, today=market.world.now.date()).funds_expire_on == date(2027, 2, 28)


def test_a_day_on_which_no_money_expires_is_refused(market: Market) -> None:
    with pytest.raises(BadFundsDay):
        market.draft(funds_expire_on=date(1999, 12, 31))


def test_the_api_takes_and_shows_it(api: Callers, market: Market) -> None:
    line = {
        "material": "nd-oxide",
        "ordered_quantity": "5",
        "ordered_unit": "kg",
        "site": "ANT",
    }
    made = api.pia.post("orders/", {"supplier": "LYNAS", "lines": [line], "funds_expire_on": "2026-12-31"})
    assert (made.status, made["funds_expire_on"]) == (201, "2026-12-31")
    assert [row["number"] for row in api.pia.get("orders/", expiring="true")["results"]] == [made["number"]]


def test_open_orders_stand_on_the_desk_and_in_the_filter_ninety_days_before(people: People, market: Market) -> None:
    today = market.world.now.date()
    soon = market.placed(funds_expire_on=today + timedelta(days=90))
    gone = market.draft(funds_expire_on=today - timedelta(days=1))
    market.draft(funds_expire_on=today + timedelta(days=91))
    market.draft()
    over = market.draft(funds_expire_on=today)
    orders.cancel(by=market.world.by("pia"), number=over, reason="Not needed")
    assert [row.number for row in desk.expiring(market.world.pia, today=today)] == [gone, soon]
    assert desk.expiring(market.world.dee, today=today) == []
    panel = text(people.pia.get("/").split('id="money"')[1].split("</section>")[0])
    assert gone in panel
    assert "Expired" in panel
    rows = people.pia.get("/orders/?funds=expiring").split("<tbody")[1].split("</tbody")[0]
    assert (rows.count("<tr"), soon in rows, gone in rows) == (2, True, True)
    assert chasing.chase_deliveries(now=market.world.now).seen == 2

"""The declaration of a list, by the orders': its rows, its filter in words, and its values for files."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from config.accounts.matrix import NotAllowed
from config.ui import tables
from procurement.tables import ORDERS
from tests.procurement.market import Market


def _numbers(market: Market, query: str, who: str = "pia") -> list[str]:
    rows = ORDERS.rows(user=market.world.people[who], params=QueryDict(query), now=market.world.now)
    return [row.number for row in rows]


def test_it_gives_every_row_that_the_page_shows_in_its_order(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "CHUNK", 2)
    made = [market.draft() for _ in range(5)] + [market.placed()]
    assert _numbers(market, "") == made[::-1]
    assert _numbers(market, "state=draft") == made[4::-1]
    assert _numbers(market, "search=nothing") == []


def test_it_says_the_filter_in_words(market: Market) -> None:
    told = ORDERS.told(
        user=market.world.pia, params=QueryDict("state=placed&supplier=LYNAS&search=Nd&late=yes"), now=market.world.now
    )
    assert told == "Search “Nd” · Placed · Supplier Lynas Rare Earths · Late only"
    assert ORDERS.told(user=market.world.pia, params=QueryDict("cursor=x"), now=market.world.now) == ""


def test_its_values_are_exact_and_its_heads_say_the_unit(market: Market) -> None:
    market.placed(market.line("1500.000001", promised_on=date(2026, 11, 1)))
    (row,) = ORDERS.rows(user=market.world.pia, params=QueryDict(""), now=market.world.now)
    shown = tables.shown(ORDERS, user=market.world.pia)
    values = {column.filed: column.value(row) for column in shown.filed if column.value}
    assert values["Ordered, kg net"] == Decimal("1500.000001")
    assert values["State"] == "Placed, late"
    assert values["Next promised"] == date(2026, 11, 1)
    assert isinstance(values["Value"], Decimal)
    assert values["Currency"] == "USD"


@pytest.mark.parametrize("query", ["state=gone", "search=" + "x" * 81, "flag=x"])
def test_it_refuses_what_cannot_be_read_before_any_row(market: Market, query: str) -> None:
    with pytest.raises(tables.BadFilter):
        ORDERS.rows(user=market.world.pia, params=QueryDict(query), now=market.world.now)
    with pytest.raises(tables.BadFilter):
        ORDERS.told(user=market.world.pia, params=QueryDict(query), now=market.world.now)


def test_it_is_closed_to_who_may_not_open_the_page(market: Market) -> None:
    with pytest.raises(NotAllowed):
        _numbers(market, "", who="adm")

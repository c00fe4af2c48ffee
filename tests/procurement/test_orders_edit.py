"""Editing a draft."""

from decimal import Decimal

import pytest

from config.audit.refused import Stale
from procurement import orders, suppliers
from procurement.refusals import OrderNotFound, WrongState
from tests.procurement.market import Market


def edit(market: Market, number: str, *lines: orders.LineIn, version: int = 1, who: str = "pia", **given: object):
    asked = {"supplier": "NEO", "lines": list(lines) or [market.line("7")], **given}
    return orders.edit(by=market.world.by(who), number=number, version=version, **asked)  # type: ignore[arg-type]  # as given


def test_it_replaces_lines_by_their_place(market: Market) -> None:
    number = market.draft(market.line("1"), market.line("2"), market.line("3"))
    kept = market.of(number, 1).pk
    answer = edit(market, number, market.line("9"), market.line("8", tolerance_pct=Decimal(5)), note="Less")
    assert answer == {"order": number, "state": "draft", "version": 2}
    order = market.order(number)
    assert (order.supplier.code, order.note) == ("NEO", "Less")
    assert list(order.lines.order_by("number").values_list("number", "ordered_mg")) == [(1, 9_000_000), (2, 8_000_000)]
    assert market.of(number, 1).pk == kept


def test_it_adds_lines(market: Market) -> None:
    number = market.draft(market.line("1"))
    edit(market, number, market.line("1"), market.line("2"))
    assert market.order(number).lines.count() == 2


def test_it_refuses_a_stale_form(market: Market) -> None:
    number = market.draft()
    edit(market, number)
    with pytest.raises(Stale):
        edit(market, number, market.line("99"), version=1)
    assert market.of(number).ordered_mg == 7_000_000


def test_it_may_keep_a_supplier_that_went_out_of_use(market: Market) -> None:
    number = market.draft(supplier="NEO")
    suppliers.edit(by=market.world.by("pia"), code="NEO", version=1, name="Neo", country="CA", is_active=False)
    assert edit(market, number)["version"] == 2


def test_it_refuses_what_is_no_draft_and_what_is_not_there(market: Market) -> None:
    with pytest.raises(WrongState):
        edit(market, market.submitted(), version=2)
    with pytest.raises(OrderNotFound):
        edit(market, "PO-99-9999")


def test_it_makes_the_editor_one_who_cannot_approve(market: Market, max_: object) -> None:
    number = market.draft()
    edit(market, number, who="max")
    assert market.order(number).last_edited_by == max_

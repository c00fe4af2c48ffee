"""Writing an order."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from config.accounts.matrix import NotAllowed
from config.audit.edge import BadText
from config.audit.models import Command
from inventory import units
from procurement import orders, suppliers
from procurement.models import Order
from procurement.refusals import BadCurrency, BadFlag, BadLine, BadLines, SupplierInactive, SupplierNotFound
from tests.procurement.market import Market


def test_it_writes_a_numbered_draft_with_its_lines(market: Market) -> None:
    number = market.draft(
        market.line("12.5", tolerance_pct=Decimal("2.5")),
        market.line("3", site="BRA", price_per_kg=None, promised_on=None),
        currency="EUR",
        note="Two lorries",
        flag_id=7,
    )
    assert number.startswith("PO-26-")
    order = market.order(number)
    assert (order.state, order.currency, order.note, order.flag_id) == ("draft", "EUR", "Two lorries", 7)
    assert (order.created_by, order.last_edited_by) == (market.world.pia, market.world.pia)
    first, second = order.lines.order_by("number")
    assert (first.number, first.ordered_mg, first.tolerance_pct, first.open_mg) == (
        1,
        12_500_000,
        Decimal("2.5"),
        12_500_000,
    )
    assert (second.site.code, second.price_per_kg, second.promised_on) == ("BRA", None, None)


def test_it_keeps_the_unit_that_was_entered(market: Market) -> None:
    line = market.line()
    given = orders.LineIn(**{**vars(line), "ordered": units.enter("2", "short ton")})
    found = market.of(market.draft(given))
    assert (found.entered_quantity, found.entered_unit) == (Decimal(2), "short ton")
    assert found.ordered_mg == 1_814_369_480


def test_it_numbers_every_order_anew(market: Market) -> None:
    assert market.draft() != market.draft()


def test_it_gives_the_first_answer_again_for_the_same_key(market: Market) -> None:
    by = market.world.by("pia")
    first = orders.draft(by=by, supplier="LYNAS", lines=[market.line()])
    assert orders.draft(by=by, supplier="LYNAS", lines=[market.line()]) == first
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"material": "no-such"},
        {"site": "XXX"},
        {"price_per_kg": Decimal("-0.01")},
        {"price_per_kg": Decimal("NaN")},
        {"price_per_kg": Decimal("Infinity")},
        {"price_per_kg": Decimal("1.1234567")},
        {"price_per_kg": Decimal(10) ** 10},
        {"tolerance_pct": Decimal("-1")},
        {"tolerance_pct": Decimal("NaN")},
        {"tolerance_pct": Decimal("100.01")},
        {"tolerance_pct": Decimal("1.234")},
        {"promised_on": date(1900, 1, 1)},
    ],
)
def test_it_refuses_a_line_that_cannot_be(market: Market, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadLine) as refused:
        market.draft(market.line(), market.line(**wrong))
    assert refused.value.facts["line"] == 2
    assert refused.value.facts["what"] == next(iter(wrong))
    assert not Order.objects.exists()
    assert Command.objects.filter(kind="procurement.draft_order", outcome="refused").count() == 1


@pytest.mark.parametrize("count", [0, 51])
def test_it_refuses_no_line_and_too_many(market: Market, count: int) -> None:
    with pytest.raises(BadLines):
        orders.draft(by=market.world.by("pia"), supplier="LYNAS", lines=[market.line()] * count)


def test_it_refuses_an_unknown_or_unused_supplier(market: Market) -> None:
    with pytest.raises(SupplierNotFound):
        market.draft(supplier="NOBODY")
    suppliers.edit(by=market.world.by("pia"), code="NEO", version=1, name="Neo", country="CA", is_active=False)
    with pytest.raises(SupplierInactive):
        market.draft(supplier="NEO")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"currency": "XXX"}, BadCurrency),
        ({"note": "a\x00b"}, BadText),
        ({"note": "x" * 1001}, BadText),
        ({"flag_id": 0}, BadFlag),
        ({"flag_id": 2**63}, BadFlag),
    ],
)
def test_it_refuses_a_bad_header(market: Market, given: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        market.draft(**given)
    assert not Order.objects.exists()


@pytest.mark.parametrize("who", ["ana", "dee", "aud", "adm"])
def test_it_is_for_procurement_only(market: Market, who: str) -> None:
    with pytest.raises(NotAllowed):
        market.draft(who=who)

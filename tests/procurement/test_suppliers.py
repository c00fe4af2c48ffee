"""Suppliers."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.accounts.matrix import NotAllowed
from config.audit.edge import BadText
from config.audit.keyset import BadCursor
from config.audit.refused import Stale
from inventory.sites import DuplicateCode
from procurement import suppliers
from procurement.models import Supplier
from procurement.refusals import BadCountry, BadSupplierCode, SupplierNotFound
from tests.procurement.market import Market


def test_it_adds_and_changes_a_supplier(market: Market) -> None:
    answer = suppliers.edit(
        by=market.world.by("pia"), code="NEO", version=1, name="Neo Materials", country="EE", is_active=False
    )
    assert answer == {"supplier": "NEO", "version": 2}
    found = suppliers.one(market.world.dee, "NEO")
    assert (found.name, found.country, found.is_active, found.orders_open) == ("Neo Materials", "EE", False, 0)
    assert suppliers.choices(market.world.pia) == [("LYNAS", "Lynas Rare Earths")]


def test_it_refuses_a_stale_form_and_an_unknown_supplier(market: Market) -> None:
    given: dict[str, Any] = {"name": "N", "country": "CA", "is_active": True}
    with pytest.raises(Stale):
        suppliers.edit(by=market.world.by("pia"), code="NEO", version=2, **given)
    with pytest.raises(SupplierNotFound):
        suppliers.edit(by=market.world.by("pia"), code="NOBODY", version=1, **given)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"code": "NEO"}, DuplicateCode),
        ({"code": "neo"}, BadSupplierCode),
        ({"code": "X"}, BadSupplierCode),
        ({"code": "ＮＥＯ２"}, BadSupplierCode),
        ({"code": "NEO 2"}, BadSupplierCode),
        ({"country": "Canada"}, BadCountry),
        ({"country": "ca"}, BadCountry),
        ({"name": ""}, BadText),
        ({"name": "a\u202eb"}, BadText),
    ],
)
def test_it_refuses_what_is_no_supplier(market: Market, given: dict[str, str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        suppliers.add(by=market.world.by("pia"), **{"code": "NEW", "name": "New", "country": "CA", **given})
    assert Supplier.objects.count() == 2


def test_the_database_refuses_codes_that_are_none(market: Market) -> None:
    for change, constraint in (({"code": "neo"}, "supplier_code"), ({"country": "Can"[:2]}, "supplier_country")):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Supplier.objects.filter(code="NEO").update(**change)


@pytest.mark.parametrize("who", ["ana", "dee", "aud", "adm"])
def test_only_procurement_writes(market: Market, who: str) -> None:
    with pytest.raises(NotAllowed):
        suppliers.add(by=market.world.by(who), code="NEW", name="New", country="CA")


def test_only_those_who_may_see_them_see_them(market: Market) -> None:
    for who in ("pia", "dee", "aud"):
        assert len(suppliers.listing(market.world.people[who]).rows) == 2
    for who in ("ana", "adm"):
        assert suppliers.listing(market.world.people[who]).rows == []
        with pytest.raises(SupplierNotFound):
            suppliers.one(market.world.people[who], "NEO")


def test_it_lists_by_code_in_pages_both_ways(market: Market) -> None:
    for number in range(5):
        suppliers.add(by=market.world.by("pia"), code=f"S-{number}", name=f"Supplier {number}", country="DE")
    first = suppliers.listing(market.world.pia, size=3)
    assert [row.code for row in first.rows] == ["LYNAS", "NEO", "S-0"]
    second = suppliers.listing(market.world.pia, size=3, cursor=first.next)
    assert [row.code for row in second.rows] == ["S-1", "S-2", "S-3"]
    assert suppliers.listing(market.world.pia, size=3, cursor=second.previous).rows == first.rows
    with pytest.raises(BadCursor):
        suppliers.listing(market.world.pia, cursor="x")


def test_it_searches_code_and_name_and_counts_open_orders(market: Market) -> None:
    market.draft(market.line(), market.line())
    market.placed()
    market.in_state("cancelled")
    assert [row.code for row in suppliers.listing(market.world.pia, search="rare").rows] == ["LYNAS"]
    assert suppliers.one(market.world.pia, "LYNAS").orders_open == 2
    assert suppliers.listing(market.world.pia, active=False).rows == []

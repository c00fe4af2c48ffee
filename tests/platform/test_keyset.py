"""Cursors: what people and programs may send, and what is refused."""

import base64
import json
from datetime import date, datetime

import pytest

from config.audit import keyset
from config.audit.keyset import BadCursor, Order
from config.audit.models import Command
from inventory.models import Element

BY_NAME = Order("symbol", "symbol", str)
BY_TIME = Order("-recorded", "recorded_at", datetime, descending=True)


def cursor(body: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")


def first_page(size: int = 3, at: str = "") -> keyset.Page[str]:
    rows = Element.objects.values("id", "symbol")
    return keyset.page(rows, order=BY_NAME, cursor=at, size=size, read=lambda found: [row["symbol"] for row in found])


@pytest.mark.django_db
def test_it_leads_through_every_row_and_back() -> None:
    everything = list(Element.objects.order_by("symbol", "id").values_list("symbol", flat=True))
    page, seen = first_page(), []
    while True:
        seen += page.rows
        if not page.next:
            break
        page = first_page(at=page.next)
    assert seen == everything
    while page.previous:
        page = first_page(at=page.previous)
    assert page.rows == everything[:3]
    assert page.count == len(everything)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bad",
    [
        "x",
        "%00",
        "ä",
        "=" * 20,
        "A" * 601,
        cursor("symbol"),
        cursor(["symbol", "n", "Nd"]),
        cursor(["other", "n", "Nd", 1]),
        cursor(["symbol", "sideways", "Nd", 1]),
        cursor(["symbol", "n", 5, 1]),
        cursor(["symbol", "n", "Nd", "1"]),
        cursor(["symbol", "n", "Nd", True]),
        cursor(["symbol", "n", "Nd", -1]),
        cursor(["symbol", "n", "Nd", 2**63]),
        cursor(["symbol", "n", "N\x00d", 1]),
        cursor(["symbol", "n", "N" * 300, 1]),
        cursor([[[[[[]]]]]]),
    ],
)
def test_it_refuses_a_damaged_cursor(bad: str) -> None:
    with pytest.raises(BadCursor) as caught:
        first_page(at=bad)
    assert caught.value.status == 400


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01T00:00:00+00:00", "", "9" * 30])
def test_it_refuses_a_moment_that_is_none(moment: str) -> None:
    with pytest.raises(BadCursor):
        keyset.page(
            Command.objects.values("id", "recorded_at"),
            order=BY_TIME,
            cursor=cursor(["-recorded", "n", moment, 1]),
            read=list,
        )


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["1.5e3", "1_000", "٣", str(2**63), "nan"])
def test_it_refuses_a_number_that_is_none(value: str) -> None:
    with pytest.raises(BadCursor):
        keyset.page(
            Element.objects.values("id"),
            order=Order("id", "id", int),
            cursor=cursor(["id", "n", value, 1]),
            read=list,
        )


@pytest.mark.django_db
def test_it_reads_days() -> None:
    order = Order("day", "listed_on", date)
    assert keyset._unpack(cursor(["day", "p", "2026-11-02", 7]), order) == (True, (date(2026, 11, 2), 7))

"""Deliveries expected: open lines of placed orders at the sites that a person works for. No prices here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet

from config.accounts.models import User
from config.audit import keyset
from procurement.models import Delivered, OrderLine
from procurement.refusals import DeliveryNotFound
from procurement.tolerance import most_mg
from procurement.transitions import DELIVERABLE, ON_ORDER


@dataclass(frozen=True)
class ExpectedRow:
    """A line and what is still to arrive on it; `most_mg` is what may yet arrive with the tolerance."""

    id: int
    order: str
    line: int
    supplier_name: str
    material: str
    material_name: str
    moisture_bearing: bool
    site: str
    site_name: str
    ordered_mg: int
    received_mg: int
    open_mg: int
    most_mg: int
    promised_on: date
    late: bool


@dataclass(frozen=True)
class ArrivedRow:
    """A receipt against a line, and what is still to come on it; whether it was reversed says the lot's own history."""

    order: str
    line: int
    supplier_name: str
    net_mg: int
    occurred_at: datetime
    line_id: int
    site: str
    open_mg: int


SOONEST = keyset.Order("promised", "promised_on", date)


def expected(
    user: User, *, today: date, site: str = "", late: bool = False, cursor: str = "", size: int = keyset.SIZE
) -> keyset.Page[ExpectedRow]:
    """A page of deliveries still to come, soonest promised first. Two queries. Raises keyset.BadCursor."""
    rows = _columns(_expected(user, today, site, late))
    return keyset.page(rows, order=SOONEST, cursor=cursor, size=size, read=lambda found: _read(found, today))


def soonest(user: User, *, today: date, site: str = "", late: bool = False, limit: int = 20) -> list[ExpectedRow]:
    """The deliveries that are due first, of all sites of the person or of one. One query."""
    return _read(_columns(_expected(user, today, site, late)).order_by("promised_on", "pk")[:limit], today)


def count(user: User, *, today: date, site: str = "", late: bool = False) -> int:
    """How many there are of those. One query."""
    return _expected(user, today, site, late).count()


def beginning(user: User, *, words: str, most: int) -> list[tuple[int, str, int, str, str]]:
    """(id, order, line, material's name, site) of deliveries still to come on orders whose number begins so.

    By order and line, at most `most`. One query.
    """
    rows = OrderLine.objects.visible_to(user).expected().filter(order__number__istartswith=words)
    columns = ("id", "order__number", "number", "material__name", "site__code")
    return list(rows.order_by("order__number", "number").values_list(*columns)[:most])


def one(user: User, line_id: int, *, today: date) -> ExpectedRow:
    """One line that something was or is to be delivered on. Raises DeliveryNotFound. One query."""
    rows = OrderLine.objects.visible_to(user).filter(pk=line_id, order__state__in=DELIVERABLE)
    found = _read(_columns(rows), today)
    if not found:
        raise DeliveryNotFound(line=line_id)
    return found[0]


def arrived(user: User, lot_id: int) -> ArrivedRow | None:
    """The delivery that brought a lot, if it came on an order and the person may see that delivery. One query."""
    rows = Delivered.objects.filter(lot_id=lot_id, line__in=OrderLine.objects.visible_to(user))
    line = ("line_id", "line__site__code", "line__open_mg")
    row = rows.values_list(
        "line__order__number", "line__number", "line__order__supplier__name", "net_mg", "occurred_at", *line
    ).first()
    return ArrivedRow(*row) if row else None


def _expected(user: User, today: date, site: str, late: bool) -> QuerySet[OrderLine]:
    rows = OrderLine.objects.visible_to(user).expected()
    if site:
        rows = rows.filter(site__code=site)
    return rows.filter(promised_on__lt=today) if late else rows


def _columns(rows: QuerySet[OrderLine]) -> Any:
    return rows.values(
        *("id", "ordered_mg", "cancelled_mg", "received_mg", "open_mg", "tolerance_pct", "promised_on"),
        number_=F("number"),
        order_number=F("order__number"),
        state=F("order__state"),
        supplier_name=F("order__supplier__name"),
        material_code=F("material__code"),
        material_name=F("material__name"),
        moisture_bearing=F("material__moisture_bearing"),
        site_code=F("site__code"),
        site_name=F("site__name"),
    )


def _read(rows: Iterable[dict[str, Any]], today: date) -> list[ExpectedRow]:
    same = ("id", "supplier_name", "material_name", "moisture_bearing", "site_name", "received_mg", "promised_on")
    return [
        ExpectedRow(
            **{name: row[name] for name in same},
            order=row["order_number"],
            line=row["number_"],
            material=row["material_code"],
            site=row["site_code"],
            ordered_mg=row["ordered_mg"] - row["cancelled_mg"],
            open_mg=row["open_mg"] if row["state"] in ON_ORDER else 0,
            most_mg=max(_most(row) - row["received_mg"], 0),
            late=row["state"] in ON_ORDER and row["open_mg"] > 0 and row["promised_on"] < today,
        )
        for row in rows
    ]


def _most(row: dict[str, Any]) -> int:
    return most_mg(wanted_mg=row["ordered_mg"] - row["cancelled_mg"], tolerance_pct=row["tolerance_pct"])

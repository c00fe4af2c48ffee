"""Deliveries expected: open lines of placed orders at the sites that a person works for. No prices here."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from config.accounts.models import User
from procurement.models import OrderLine
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
class ExpectedPage:
    """Soonest promised first; `after` and `before` are cursors (day.id) of the pages beside it, "" at an end."""

    rows: list[ExpectedRow]
    before: str
    after: str


def expected(
    user: User,
    *,
    today: date,
    site: str = "",
    late: bool = False,
    after: tuple[date, int] | None = None,
    before: tuple[date, int] | None = None,
    limit: int = 50,
) -> ExpectedPage:
    """A page of deliveries that are still to come. One query."""
    rows = OrderLine.objects.visible_to(user).expected()
    if site:
        rows = rows.filter(site__code=site)
    if late:
        rows = rows.filter(promised_on__lt=today)
    if before:
        day, pk = before
        rows = rows.filter(Q(promised_on__lte=day) & (Q(promised_on__lt=day) | Q(pk__lt=pk)))
        found = _read(rows.order_by("-promised_on", "-pk"), today, limit + 1)
        shown = found[:limit][::-1]
        return ExpectedPage(shown, _cursor(shown[:1]) if len(found) > limit else "", _cursor(shown[-1:]))
    if after:
        day, pk = after
        rows = rows.filter(Q(promised_on__gte=day) & (Q(promised_on__gt=day) | Q(pk__gt=pk)))
    found = _read(rows.order_by("promised_on", "pk"), today, limit + 1)
    shown = found[:limit]
    return ExpectedPage(shown, _cursor(shown[:1]) if after else "", _cursor(shown[-1:]) if len(found) > limit else "")


def one(user: User, line_id: int, *, today: date) -> ExpectedRow:
    """One line that something was or is to be delivered on. Raises DeliveryNotFound. One query."""
    rows = OrderLine.objects.visible_to(user).filter(pk=line_id, order__state__in=DELIVERABLE)
    found = _read(rows, today, 1)
    if not found:
        raise DeliveryNotFound(line=line_id)
    return found[0]


def _cursor(rows: list[ExpectedRow]) -> str:
    return f"{rows[0].promised_on}.{rows[0].id}" if rows else ""


def _read(rows: QuerySet[OrderLine], today: date, most: int) -> list[ExpectedRow]:
    lines = rows.values(
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
    same = ("id", "supplier_name", "material_name", "moisture_bearing", "site_name", "received_mg", "promised_on")
    return [
        ExpectedRow(
            **{name: row[name] for name in same},
            order=row["order_number"],
            line=row["number_"],
            material=row["material_code"],
            site=row["site_code"],
            ordered_mg=row["ordered_mg"] - row["cancelled_mg"],
            open_mg=row["open_mg"],
            most_mg=max(_most(row) - row["received_mg"], 0),
            late=row["state"] in ON_ORDER and row["open_mg"] > 0 and row["promised_on"] < today,
        )
        for row in lines[:most]
    ]


def _most(row: dict[str, Any]) -> int:
    return most_mg(wanted_mg=row["ordered_mg"] - row["cancelled_mg"], tolerance_pct=row["tolerance_pct"])

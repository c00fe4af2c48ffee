"""Writing an order: what is asked for, from whom, for which site, by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import require
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from inventory import catalogue, sites, units
from procurement import suppliers
from procurement.models import CURRENCIES, MOST_PER_KG, Order, OrderLine
from procurement.orders.finding import event, locked, moved
from procurement.refusals import BadCurrency, BadFlag, BadFundsDay, BadLine, BadLines, SupplierInactive
from procurement.transitions import Act

MOST_LINES = 50
_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, kw_only=True)
class LineIn:
    """One line as asked for. Price and promised day may wait until the order is submitted; 0 % tolerance means 0 %."""

    material: str
    ordered: units.Entered
    site: str
    price_per_kg: Decimal | None = None
    tolerance_pct: Decimal = Decimal(0)
    promised_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class _Content:
    supplier: str
    lines: Sequence[LineIn]
    currency: str
    note: str
    flag_id: int | None
    funds_expire_on: date | None

    def request(self) -> dict[str, Any]:
        return {
            "supplier": self.supplier,
            "currency": self.currency,
            "note": self.note,
            "flag_id": self.flag_id,
            "funds_expire_on": self.funds_expire_on and str(self.funds_expire_on),
            "lines": [
                {
                    "material": line.material,
                    "ordered": [str(line.ordered.quantity), line.ordered.unit],
                    "site": line.site,
                    "price_per_kg": None if line.price_per_kg is None else str(line.price_per_kg),
                    "tolerance_pct": str(line.tolerance_pct),
                    "promised_on": line.promised_on and str(line.promised_on),
                }
                for line in self.lines
            ],
        }


def draft(
    *,
    by: By,
    supplier: str,
    lines: Sequence[LineIn],
    currency: str = "USD",
    note: str = "",
    flag_id: int | None = None,
    funds_expire_on: date | None = None,
) -> Answer:
    """Write a new order. Answers {"order": number, "state", "version"}.

    `flag_id` is the flag that the order answers, `funds_expire_on` the last day of the money set aside for it.
    Refuses SupplierNotFound, SupplierInactive, BadLines, BadLine (unknown material or site, price, tolerance or day out of
    range), BadCurrency, BadText, BadFlag, BadFundsDay, NotAllowed.
    """
    content = _Content(
        supplier=supplier, lines=lines, currency=currency, note=note, flag_id=flag_id, funds_expire_on=funds_expire_on
    )

    def act(opened: Opened) -> Answer:
        require(opened.actor, "orders.write")
        header, rows = _checked(opened, content)
        order = Order.objects.create(
            number=_next_number(opened),
            created_by_id=opened.actor.pk,
            created_at=opened.now,
            last_edited_by_id=opened.actor.pk,
            last_edited_at=opened.now,
            **header,
        )
        OrderLine.objects.bulk_create([OrderLine(order=order, number=n, **row) for n, row in enumerate(rows, start=1)])
        event(opened, order, "draft")
        return {"order": order.number, "state": order.state, "version": order.version}

    return run(by, kind="procurement.draft_order", request=content.request(), act=act)


def edit(
    *,
    by: By,
    number: str,
    version: int,
    supplier: str,
    lines: Sequence[LineIn],
    currency: str = "USD",
    note: str = "",
    flag_id: int | None = None,
    funds_expire_on: date | None = None,
) -> Answer:
    """Replace what a draft asks for, unless it was changed since `version`. Lines keep their row by their place.

    Answers {"order", "state", "version"}. Refuses OrderNotFound, WrongState, Stale and what `draft` refuses.
    """
    content = _Content(
        supplier=supplier, lines=lines, currency=currency, note=note, flag_id=flag_id, funds_expire_on=funds_expire_on
    )

    def act(opened: Opened) -> Answer:
        order, step = locked(opened, number, Act.EDIT, version)
        header, rows = _checked(opened, content, keeps=order.supplier.code)
        for name, value in header.items():
            setattr(order, name, value)
        order.last_edited_by_id, order.last_edited_at = opened.actor.pk, opened.now
        moved(order, step)
        _replace_lines(order, rows)
        event(opened, order, Act.EDIT)
        return {"order": order.number, "state": order.state, "version": order.version}

    request = {"order": number, "version": version, **content.request()}
    return run(by, kind="procurement.edit_order", request=request, act=act)


def _next_number(opened: Opened) -> str:
    """The next of our order numbers, like PO-26-0001. Numbers of refused drafts are not used again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('procurement_order_number')")
        return f"PO-{opened.now:%y}-{cursor.fetchone()[0]:04d}"


def _replace_lines(order: Order, rows: list[dict[str, Any]]) -> None:
    there = {line.number: line for line in order.lines.order_by("number")}
    for number, row in enumerate(rows, start=1):
        line = there.pop(number, None) or OrderLine(order=order, number=number)
        for name, value in row.items():
            setattr(line, name, value)
        line.save()
    for line in there.values():
        line.delete()


def _checked(opened: Opened, content: _Content, *, keeps: str = "") -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The order's and the lines' columns. A draft may keep a supplier who went out of use since."""
    supplier = suppliers.found(opened.actor, content.supplier)
    if not supplier.is_active and supplier.code != keeps:
        raise SupplierInactive(supplier=supplier.name)
    if content.currency not in CURRENCIES:
        raise BadCurrency(value=content.currency[:40], known=", ".join(CURRENCIES))
    flag_id = content.flag_id
    if flag_id is not None and not 0 < flag_id <= edge.MOST_ID:
        raise BadFlag(value=flag_id)
    expires = content.funds_expire_on
    if expires is not None and not _FIRST <= expires <= _LAST:
        raise BadFundsDay(value=str(expires))
    if not 0 < len(content.lines) <= MOST_LINES:
        raise BadLines(count=len(content.lines), most=MOST_LINES)
    header = {
        "supplier": supplier,
        "currency": content.currency,
        "note": edge.text(content.note, what=_("Note"), longest=1000, lines=True),
        "flag_id": flag_id,
        "funds_expire_on": expires,
    }
    materials, places = catalogue.ids()["material"], sites.codes()
    return header, [_line(number, line, materials, places) for number, line in enumerate(content.lines, start=1)]


def _line(number: int, line: LineIn, materials: dict[str, int], places: dict[str, int]) -> dict[str, Any]:
    def refuse(what: str, why: str | Promise) -> BadLine:
        return BadLine(line=number, what=what, why=why)

    if line.material not in materials:
        raise refuse(
            "material",
            format_lazy(
                _("there is no material {material}. Choose one from the catalogue."), material=line.material[:60]
            ),
        )
    if line.site not in places:
        raise refuse("site", format_lazy(_("there is no site {site}."), site=line.site[:40]))
    price, tolerance = line.price_per_kg, line.tolerance_pct
    if price is not None and not _within(price, MOST_PER_KG, places=6):
        raise refuse(
            "price_per_kg", _("the price per kg must lie between 0 and 1,000,000,000, with at most 6 decimals.")
        )
    if not _within(tolerance, Decimal(100), places=2):
        raise refuse("tolerance_pct", _("the tolerance must lie between 0 and 100 %, with at most 2 decimals."))
    if line.promised_on is not None and not _FIRST <= line.promised_on <= _LAST:
        raise refuse(
            "promised_on",
            format_lazy(_("{promised_on} is no day that anything can be promised for."), promised_on=line.promised_on),
        )
    return {
        "material_id": materials[line.material],
        "site_id": places[line.site],
        "ordered_mg": line.ordered.mg,
        "entered_quantity": line.ordered.quantity,
        "entered_unit": line.ordered.unit,
        "price_per_kg": price,
        "tolerance_pct": tolerance,
        "promised_on": line.promised_on,
    }


def _within(value: Decimal, most: Decimal, *, places: int) -> bool:
    if not value.is_finite() or not 0 <= value <= most:
        return False
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= places

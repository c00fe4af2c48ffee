"""Reading orders: the list by keyset pages, one order whole, and short rows for desks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from config.accounts.matrix import permits, why_not
from config.accounts.models import User
from config.accounts.ties import Hands
from config.audit import keyset
from inventory import ledger
from procurement.models import Delivered, Order, OrderEvent, OrderLine, Supplier
from procurement.orders.finding import hands_of, plain
from procurement.refusals import OrderNotFound
from procurement.transitions import ON_ORDER, UNPLACED, Act, State, acts_from

SOON = timedelta(days=90)
OVER = (State.RECEIVED, State.CANCELLED)
NEWEST = keyset.Order("newest", "id", int, descending=True)


@dataclass(frozen=True)
class OrderRow:
    """An order in a list. Masses in mg over all lines; `value` in its currency; `late` when a line is overdue."""

    number: str
    supplier: str
    supplier_name: str
    state: str
    currency: str
    flag_id: int | None
    created_by: str
    created_at: datetime
    submitted_at: datetime | None
    version: int
    funds_expire_on: date | None
    lines: int
    ordered_mg: int
    received_mg: int
    open_mg: int
    value: Decimal
    next_on: date | None
    late: bool

    @property
    def unplaced(self) -> bool:
        return self.state in UNPLACED


@dataclass(frozen=True)
class DeliveredRow:
    """A receipt against a line; reversed ones count for nothing and stay visible."""

    lot: str
    net_mg: int
    occurred_at: datetime
    actor: str
    reversed: bool


@dataclass(frozen=True)
class LineRow:
    id: int
    number: int
    material: str
    material_name: str
    site: str
    site_name: str
    ordered_mg: int
    quantity: Decimal
    unit: str
    price_per_kg: Decimal | None
    tolerance_pct: Decimal
    promised_on: date | None
    received_mg: int
    cancelled_mg: int
    open_mg: int
    late: bool
    deliveries: list[DeliveredRow] = field(default_factory=list)

    @property
    def value(self) -> Decimal | None:
        """Ordered mass times price, exact."""
        return None if self.price_per_kg is None else (self.ordered_mg * self.price_per_kg).scaleb(-6)


@dataclass(frozen=True)
class EventRow:
    """`what` is an act of the table, or "draft", "receive", "reverse", "late"."""

    what: str
    state: str
    line: int | None
    net_mg: int | None
    note: str
    at: datetime
    actor: str


@dataclass(frozen=True)
class OrderDetail:
    """One order whole. `acts` are what the person may do with it now; `barriers` say why they may not do the rest."""

    number: str
    supplier: str
    supplier_name: str
    state: str
    currency: str
    note: str
    flag_id: int | None
    created_by: str
    created_at: datetime
    last_edited_by: str
    submitted_by: str
    submitted_at: datetime | None
    approved_by: str
    approved_for: str
    approved_at: datetime | None
    placed_at: datetime | None
    cancelled_at: datetime | None
    version: int
    funds_expire_on: date | None
    lines: list[LineRow]
    events: list[EventRow]
    acts: list[Act]
    barriers: list[str]

    @property
    def unplaced(self) -> bool:
        """Nothing of it is on order yet, so nothing is still to come."""
        return self.state in UNPLACED

    @property
    def value(self) -> Decimal:
        """The priced lines together, exact."""
        return sum((line.value for line in self.lines if line.value is not None), Decimal(0))

    @property
    def late(self) -> bool:
        return any(line.late for line in self.lines)


def listing(
    user: User,
    *,
    today: date,
    state: str = "",
    supplier: str = "",
    late: bool = False,
    expiring: bool = False,
    search: str = "",
    flag_id: int | None = None,
    cursor: str = "",
    size: int = keyset.SIZE,
) -> keyset.Page[OrderRow]:
    """A page of orders, newest first. `late` keeps those with a line past its promise on `today`, `expiring` those still open
    whose money expires within 90 days or has expired. Three queries.

    Raises keyset.BadCursor.
    """
    rows: Any = _filtered(user, today, state=state, supplier=supplier, late=late, search=search, flag_id=flag_id)
    if expiring:
        rows = rows.filter(expiring_by(today))
    return keyset.page(
        rows.values("id"),
        order=NEWEST,
        cursor=cursor,
        size=size,
        read=lambda found: summaries([row["id"] for row in found], today=today),
    )


def expiring_by(today: date) -> Q:
    """Orders of which something is still to arrive, or to be placed at all, and whose money ends within 90 days."""
    still_open = Exists(OrderLine.objects.filter(order=OuterRef("pk"), open_mg__gt=0))
    return Q(still_open, funds_expire_on__lte=today + SOON) & ~Q(state__in=OVER)


def beginning(user: User, *, words: str, most: int) -> list[tuple[str, str, str]]:
    """(number, supplier's name, state) of orders whose number begins so, or whose supplier's name has such a word.

    By number first, then the newest of the suppliers; at most `most`. One query, or two.
    """
    columns = ("number", "supplier__name", "state")
    rows = Order.objects.visible_to(user)
    found = list(rows.filter(number__istartswith=words).values_list(*columns)[:most])
    if len(found) < most:
        called = Q(name__istartswith=words) | Q(name__icontains=f" {words}")
        of_supplier = rows.filter(supplier__in=Supplier.objects.filter(called)).order_by("-id")
        found += [line for line in of_supplier.values_list(*columns)[:most] if line not in found]
    return found[:most]


def _filtered(
    user: User, today: date, *, state: str, supplier: str, late: bool, search: str, flag_id: int | None
) -> QuerySet[Order]:
    rows = Order.objects.visible_to(user)
    if state:
        rows = rows.filter(state=state)
    if supplier:
        rows = rows.filter(supplier__code=supplier)
    if search:
        rows = rows.filter(Q(number__istartswith=search) | Q(supplier__name__icontains=search))
    if flag_id is not None:
        rows = rows.filter(flag_id=flag_id)
    if late:
        rows = rows.filter(
            Exists(OrderLine.objects.filter(order=OuterRef("pk"), open_mg__gt=0, promised_on__lt=today)),
            state__in=ON_ORDER,
        )
    return rows


def summaries(ids: Iterable[int], *, today: date) -> list[OrderRow]:
    """Rows for these orders, in the order of the ids. One query."""
    wanted = list(ids)
    if not wanted:
        return []
    still = Q(lines__open_mg__gt=0)
    found = {
        row["pk"]: row
        for row in Order.objects.filter(pk__in=wanted)
        .annotate(
            line_count=Count("lines"),
            ordered_mg=Coalesce(Sum("lines__ordered_mg"), 0),
            received_mg=Coalesce(Sum("lines__received_mg"), 0),
            open_mg=Coalesce(Sum("lines__open_mg"), 0),
            value=Sum(F("lines__ordered_mg") * F("lines__price_per_kg")),
            next_on=Min("lines__promised_on", filter=still),
        )
        .values(
            *("pk", "number", "state", "currency", "flag_id", "created_at", "submitted_at", "version"),
            "funds_expire_on",
            *("line_count", "ordered_mg", "received_mg", "open_mg", "value", "next_on"),
            *("supplier__code", "supplier__name", "created_by__name"),
        )
    }
    return [_summary(found[pk], today) for pk in wanted if pk in found]


def _summary(row: dict[str, Any], today: date) -> OrderRow:
    on_order = State(row["state"]) in ON_ORDER
    return OrderRow(
        number=row["number"],
        supplier=row["supplier__code"],
        supplier_name=row["supplier__name"],
        state=row["state"],
        currency=row["currency"],
        flag_id=row["flag_id"],
        created_by=row["created_by__name"],
        created_at=row["created_at"],
        submitted_at=row["submitted_at"],
        version=row["version"],
        funds_expire_on=row["funds_expire_on"],
        lines=row["line_count"],
        ordered_mg=int(row["ordered_mg"]),
        received_mg=int(row["received_mg"]),
        open_mg=int(row["open_mg"]) if on_order else 0,
        value=Decimal(row["value"] or 0).scaleb(-6),
        next_on=row["next_on"] if on_order else None,
        late=on_order and row["next_on"] is not None and row["next_on"] < today,
    )


def one(user: User, number: str, *, today: date) -> OrderDetail:
    """One order with its lines, deliveries and timeline. Raises OrderNotFound. Five queries."""
    order = (
        Order.objects.visible_to(user)
        .select_related("supplier", "created_by", "last_edited_by", "submitted_by", "approved_by")
        .select_related("approved_under__lender")
        .filter(number=plain(number))
        .first()
    )
    if order is None:
        raise OrderNotFound(order=number[:40])
    state, hands = State(order.state), hands_of(order)
    return OrderDetail(
        number=order.number,
        supplier=order.supplier.code,
        supplier_name=order.supplier.name,
        state=order.state,
        currency=order.currency,
        note=order.note,
        flag_id=order.flag_id,
        created_by=str(order.created_by),
        created_at=order.created_at,
        last_edited_by=str(order.last_edited_by),
        submitted_by=str(order.submitted_by or ""),
        submitted_at=order.submitted_at,
        approved_by=str(order.approved_by or ""),
        approved_for=str(order.approved_under.lender) if order.approved_under else "",
        approved_at=order.approved_at,
        placed_at=order.placed_at,
        cancelled_at=order.cancelled_at,
        version=order.version,
        funds_expire_on=order.funds_expire_on,
        lines=_lines(order, today),
        events=_events(order),
        acts=offered(user, state, hands),
        barriers=barriers(user, state, hands),
    )


def offered(user: User, state: State, hands: Hands) -> list[Act]:
    """The acts that this state has and the role table leaves to this person."""
    return [act for act, step in acts_from(state) if not why_not(user, step.needs, hands=hands)]


def barriers(user: User, state: State, hands: Hands) -> list[str]:
    """Why acts that this state has and the person's role allows are not for this person."""
    refusals = [why_not(user, step.needs, hands=hands) for _, step in acts_from(state) if permits(user, step.needs)]
    return [refusal.message for refusal in refusals if refusal]


def _lines(order: Order, today: date) -> list[LineRow]:
    on_order = State(order.state) in ON_ORDER
    deliveries = _deliveries(order)
    names = (
        "id",
        "number",
        "ordered_mg",
        "price_per_kg",
        "tolerance_pct",
        "promised_on",
        "received_mg",
        "cancelled_mg",
    )
    rows = order.lines.order_by("number").values(
        *names,
        open=F("open_mg"),
        quantity=F("entered_quantity"),
        unit=F("entered_unit"),
        material_code=F("material__code"),
        material_name=F("material__name"),
        site_code=F("site__code"),
        site_name=F("site__name"),
    )
    return [
        LineRow(
            **{name: row[name] for name in (*names, "quantity", "unit", "material_name", "site_name")},
            material=row["material_code"],
            site=row["site_code"],
            open_mg=row["open"] if on_order else 0,
            late=on_order and row["open"] > 0 and row["promised_on"] < today,
            deliveries=deliveries.get(row["id"], []),
        )
        for row in rows
    ]


def _deliveries(order: Order) -> dict[int, list[DeliveredRow]]:
    rows = list(
        Delivered.objects.filter(line__order=order)
        .order_by("id")
        .values("line_id", "movement_id", "net_mg", "occurred_at", "lot__number", "actor__name")
    )
    gone = ledger.reversed_movements(row["movement_id"] for row in rows)
    found: dict[int, list[DeliveredRow]] = {}
    for row in rows:
        delivered = DeliveredRow(
            lot=row["lot__number"],
            net_mg=row["net_mg"],
            occurred_at=row["occurred_at"],
            actor=row["actor__name"],
            reversed=row["movement_id"] in gone,
        )
        found.setdefault(row["line_id"], []).append(delivered)
    return found


def _events(order: Order) -> list[EventRow]:
    rows = OrderEvent.objects.filter(order=order).order_by("-id")
    return [
        EventRow(
            what=row["what"],
            state=row["state"],
            line=row["line__number"],
            net_mg=row["net_mg"],
            note=row["note"],
            at=row["at"],
            actor=row["actor__name"],
        )
        for row in rows.values("what", "state", "line__number", "net_mg", "note", "at", "actor__name")
    ]

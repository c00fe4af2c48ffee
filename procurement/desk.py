"""What the desks show of procurement, for one person: approvals waiting, drafts, late lines, deliveries expected."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet

from config.accounts.matrix import permits, untied
from config.accounts.models import User
from config.accounts.ties import Tie
from config.audit.keyset import Few, few
from procurement import deliveries, orders
from procurement.models import Order, OrderLine
from procurement.orders.reads import expiring_by
from procurement.transitions import UNPLACED, State

# Where an order has each hand written.
HANDS = {Tie.WROTE: "created_by", Tie.EDITED: "last_edited_by"}


@dataclass(frozen=True)
class LateRow:
    """A line past its promised day, and by how many days."""

    line: deliveries.ExpectedRow
    days_late: int


@dataclass(frozen=True)
class SiteExpected:
    """How many deliveries a site expects: late, until the given day, and in all."""

    site: str
    site_name: str
    late: int
    due: int
    total: int


def waiting_for_approval(user: User, *, today: date, limit: int = 20) -> Few[orders.OrderRow]:
    """Submitted orders, longest waiting first, that this person may approve: not those they wrote or last edited."""
    if not permits(user, "orders.approve"):
        return Few([], 0)
    rows = Order.objects.visible_to(user).filter(state=State.SUBMITTED)
    rows = rows.filter(untied(user, "orders.approve", HANDS))
    return _few(rows.order_by("submitted_at", "pk"), today, limit)


def submitted(user: User, *, today: date, limit: int = 20) -> Few[orders.OrderRow]:
    """Submitted orders that wait for somebody's approval, longest waiting first."""
    rows = Order.objects.visible_to(user).filter(state=State.SUBMITTED).order_by("submitted_at", "pk")
    return _few(rows, today, limit)


def drafts(user: User, *, today: date, limit: int = 20) -> Few[orders.OrderRow]:
    """Drafts that this person wrote or last edited, newest first."""
    rows = Order.objects.visible_to(user).filter(state=State.DRAFT)
    mine = rows.filter(Q(created_by=user) | Q(last_edited_by=user))
    return _few(mine.order_by("-pk"), today, limit)


def unplaced(user: User, *, flag_ids: Iterable[int], today: date) -> dict[int, list[orders.OrderRow]]:
    """Flag -> orders that answer it and are not placed yet: drafted, submitted or approved, the oldest first. Two queries."""
    rows = Order.objects.visible_to(user).filter(flag_id__in=list(flag_ids), state__in=UNPLACED).order_by("pk")
    found: dict[int, list[orders.OrderRow]] = defaultdict(list)
    for order in orders.summaries(rows.values_list("pk", flat=True), today=today):
        if order.flag_id is not None:
            found[order.flag_id].append(order)
    return found


def to_place(user: User, *, today: date, limit: int = 20) -> Few[orders.OrderRow]:
    """Approved orders that nobody has placed yet, oldest approval first; for those who may place them."""
    if not permits(user, "orders.write"):
        return Few([], 0)
    rows = Order.objects.visible_to(user).filter(state=State.APPROVED).order_by("approved_at", "pk")
    return _few(rows, today, limit)


def expiring(user: User, *, today: date, limit: int = 20) -> Few[orders.OrderRow]:
    """Orders still open whose money expires within 90 days or has expired, the soonest first; for those who buy."""
    if not permits(user, "orders.write"):
        return Few([], 0)
    rows = Order.objects.visible_to(user).filter(expiring_by(today))
    return _few(rows.order_by("funds_expire_on", "pk"), today, limit)


def _few(rows: QuerySet[Order], today: date, limit: int) -> Few[orders.OrderRow]:
    return few(
        rows.values_list("pk", flat=True), most=limit, read=lambda numbers: orders.summaries(numbers, today=today)
    )


def late_lines(user: User, *, today: date, limit: int = 20) -> Few[LateRow]:
    """Lines past their promised day that the person may see, the latest first. One query, two where it is cut."""
    found = deliveries.soonest(user, today=today, late=True, limit=limit)
    of = deliveries.count(user, today=today, late=True) if len(found) == limit else len(found)
    return Few([LateRow(row, days_late=(today - row.promised_on).days) for row in found], of)


def expected(user: User, *, today: date, site: str = "", limit: int = 20) -> list[deliveries.ExpectedRow]:
    """What is to arrive at the person's sites, soonest promised first. One query."""
    return deliveries.soonest(user, today=today, site=site, limit=limit)


def expected_by_site(user: User, *, today: date, days: int = 7) -> list[SiteExpected]:
    """Deliveries expected at each of the person's sites: late, due within `days`, and in all. One query."""
    rows = OrderLine.objects.visible_to(user).expected().values(code=F("site__code"), name=F("site__name"))
    counted = rows.annotate(
        late=Count("pk", filter=Q(promised_on__lt=today)),
        due=Count("pk", filter=Q(promised_on__gte=today, promised_on__lte=today + timedelta(days=days))),
        total=Count("pk"),
    )
    return [
        SiteExpected(row["code"], row["name"], row["late"], row["due"], row["total"])
        for row in counted.order_by("code")
    ]

"""What the desks of the roles need to know of the inventory: what is on hold, coming, due, and new. Reads only."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, Subquery

from config.accounts.models import User
from inventory.lots import LotFilters, LotRow, listing
from inventory.models import ACCEPTED, Balance, Condition, ConditionChange, Lot, Movement, Place


@dataclass(frozen=True)
class OnHold:
    """A lot in condition J: why, since when, and who is to decide ("another person than ..." who received it)."""

    lot: LotRow
    reason: str
    since: datetime
    received_by: str
    received_by_id: int
    may_decide: bool


@dataclass(frozen=True)
class Coming:
    """Mass of a lot on its way to one of the person's sites, in mg."""

    number: str
    material_name: str
    condition: str
    lane: str
    origin_site: str
    destination_site: str
    net_mg: int
    sent_at: datetime | None


@dataclass(frozen=True)
class Counted:
    """Lots that lie somewhere, in one condition."""

    condition: str
    lots: int


def on_hold(*, user: User, shown: int = 10) -> tuple[list[OnHold], int]:
    """Lots in condition J that lie where the person may see them, longest first, and how many; four queries."""
    page = listing(user=user, filters=LotFilters(condition=Condition.J, held=True), order="received", size=shown)
    latest = ConditionChange.objects.filter(lot=OuterRef("pk")).order_by("-pk")
    facts = {
        row["id"]: row
        for row in Lot.objects.filter(pk__in=[lot.id for lot in page.rows]).values(
            "id",
            "received_by_id",
            who=F("received_by__name"),
            reason=Subquery(latest.values("reason")[:1]),
            since=Subquery(latest.values("occurred_at")[:1]),
        )
    }
    rows = [
        OnHold(
            lot=lot,
            reason=facts[lot.id]["reason"] or "",
            since=facts[lot.id]["since"] or lot.received_at,
            received_by=facts[lot.id]["who"],
            received_by_id=facts[lot.id]["received_by_id"],
            may_decide=facts[lot.id]["received_by_id"] != user.pk,
        )
        for lot in page.rows
    ]
    return rows, page.count


def coming(*, user: User, shown: int = 20) -> list[Coming]:
    """What is on its way to the person's own sites; to any site for who sees them all. One query."""
    lanes = Balance.objects.visible_to(user).filter(
        location__kind=Place.TRANSIT, location__bound_for__isnull=False, net_mg__gt=0
    )
    if user.site_codes:
        lanes = lanes.filter(location__bound_for__code__in=user.site_codes)
    sent = Movement.objects.filter(lot=OuterRef("lot"), destination=OuterRef("location")).order_by("-occurred_at")
    columns = (
        "lot__number",
        "lot__material__name",
        "lot__condition",
        "location__code",
        "location__site__name",
        "location__bound_for__name",
        "net_mg",
        "sent_at",
    )
    rows = lanes.annotate(sent_at=Subquery(sent.values("occurred_at")[:1])).order_by("sent_at", "lot__number")
    return [Coming(*line) for line in rows.values_list(*columns)[:shown]]


def retests_due(*, user: User, today: date, within: timedelta = timedelta(days=90), shown: int = 10) -> list[LotRow]:
    """Accepted lots that are held and whose retest or expiry falls before `today` + `within`, the most urgent first."""
    filters = LotFilters(condition="".join(ACCEPTED), due_before=today + within, held=True)
    return listing(user=user, filters=filters, order="due", size=shown).rows


def recent_receipts(*, user: User, shown: int = 10) -> list[LotRow]:
    """The lots received last, newest first."""
    return listing(user=user, order="-received", size=shown).rows


def by_condition(*, user: User) -> list[Counted]:
    """How many lots that lie somewhere are in each condition, A to S; one query."""
    held = Balance.objects.visible_to(user).filter(net_mg__gt=0).values("lot_id")
    rows = Lot.objects.filter(Q(pk__in=held)).values("condition").annotate(lots=Count("id")).order_by("condition")
    return [Counted(row["condition"], row["lots"]) for row in rows]

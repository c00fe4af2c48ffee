"""What was done under break-glass, and what became of its review. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, DateTimeField, ExpressionWrapper, F, QuerySet, Value, When

from config.accounts.matrix import permits, why_not
from config.accounts.models import User
from config.approvals import glass, requests
from config.approvals.glass import GlassNotFound, emergency_act
from config.approvals.models import BreakGlass, Request
from config.approvals.reads import RequestRow
from config.approvals.said import speak
from config.audit import keyset
from config.audit.keyset import Few, Order, Page
from config.audit.refused import Refused

MOST = 500
STATES = ("open", "overdue", "reviewed", "justified", "not justified")
# One order for both: what waits stands at the day when it is due, what is reviewed behind all of it, the latest first.
MIRROR = datetime(2200, 1, 1, tzinfo=UTC)
TURN = Case(
    When(reviewed_at__isnull=True, then=F("due_at")),
    default=ExpressionWrapper(Value(MIRROR) + (Value(MIRROR) - F("reviewed_at")), DateTimeField()),
)
WAITING_FIRST = Order("turn", "turn", datetime)
COLUMNS = {
    "site": F("request__site_code"),
    "kind": F("request__kind"),
    "subject": F("request__subject"),
    "summary": F("request__summary"),
    "said": F("request__body__said"),
    "asked_by": F("request__requester__name"),
    "by": F("actor__name"),
    "reviewed_by": F("reviewer__name"),
}
SAME = ("id", "request_id", "reason", "acted_at", "due_at", "justified", "remarks", "reviewed_at")


@dataclass(frozen=True)
class GlassRow:
    """One emergency. What it was about is empty for who sees no request about the reserve."""

    id: int
    request_id: int
    site: str
    label: str
    subject: str
    summary: str
    asked_by: str
    reason: str
    actor: str
    acted_at: datetime
    due_at: datetime
    reviewer: str
    justified: bool | None
    remarks: str
    reviewed_at: datetime | None

    def state(self, now: datetime) -> str:
        """open, overdue, justified or not justified."""
        if self.reviewed_at:
            return "justified" if self.justified else "not justified"
        return "overdue" if self.due_at < now else "open"


def listing(
    *, user: User, now: datetime, state: str = "", site: str = "", cursor: str = "", size: int = keyset.SIZE
) -> Page[GlassRow]:
    """One page of those that the person may see, what is due soonest first, then the latest reviewed; two queries.

    `state` is one of STATES. Raises BadCursor.
    """
    rows = _in_state(BreakGlass.objects.visible_to(user), state, now)
    if site:
        rows = rows.filter(request__site_code=site)
    found = _columns(rows.annotate(turn=TURN), "turn")
    return keyset.page(found, order=WAITING_FIRST, cursor=cursor, size=size, read=lambda seen: _rows(seen, user))


def waiting(*, user: User, now: datetime, most: int) -> Few[GlassRow]:
    """The first `most` that wait for a review, what is due soonest first, and how many do; two queries at most."""
    rows = _in_state(BreakGlass.objects.visible_to(user), "open", now).order_by("due_at", "pk")
    return keyset.few(_columns(rows), most=most, read=lambda seen: _rows(seen, user))


def since(*, user: User, at: datetime) -> list[GlassRow]:
    """What was done under break-glass after a moment, the latest first; at most 500; one query."""
    return _rows(_columns(BreakGlass.objects.visible_to(user).filter(acted_at__gt=at).order_by("-pk"))[:MOST], user)


def one(*, user: User, glass_id: int) -> GlassRow:
    """One of them; one query. Raises GlassNotFound."""
    found = _rows(_columns(BreakGlass.objects.visible_to(user).filter(pk=glass_id)), user)
    if not found:
        raise GlassNotFound()
    return found[0]


def of_request(*, user: User, request_id: int) -> GlassRow | None:
    """What was done under break-glass on this request, if anything; one query."""
    return next(iter(_rows(_columns(BreakGlass.objects.visible_to(user).filter(request=request_id)), user)), None)


def why_not_review(user: User, row: GlassRow, *, now: datetime) -> Refused | None:
    """Why the person may not review it, as the door says it; three queries."""
    return glass.why_not_review(user, BreakGlass.objects.select_related("request").get(pk=row.id), now=now)


def may_break(user: User, row: RequestRow) -> bool:
    """Whether the person could carry this request out in an emergency."""
    act = emergency_act(row.kind) if row.state == Request.State.PENDING else ""
    return bool(act) and why_not(user, act, sites=requests.sites_of(row.site_code)) is None


def _in_state(rows: QuerySet[BreakGlass], state: str, now: datetime) -> QuerySet[BreakGlass]:
    match state:
        case "open":
            return rows.filter(reviewed_at__isnull=True)
        case "overdue":
            return rows.filter(reviewed_at__isnull=True, due_at__lt=now)
        case "reviewed":
            return rows.filter(reviewed_at__isnull=False)
        case "justified" | "not justified":
            return rows.filter(justified=state == "justified")
    return rows


def _columns(rows: QuerySet[BreakGlass], *more: str) -> Any:
    return rows.values(*SAME, *more, **COLUMNS)


def _rows(found: Iterable[dict[str, Any]], user: User) -> list[GlassRow]:
    told = permits(user, "requests.reserve")
    return [_row(line, told) for line in found]


def _row(line: dict[str, Any], told: bool) -> GlassRow:
    def tell(words: str) -> str:
        return words if told else ""

    return GlassRow(
        id=line["id"],
        request_id=line["request_id"],
        site=line["site"],
        label=requests.label(line["kind"]),
        subject=tell(line["subject"]),
        summary=tell(speak(line["said"], line["summary"])),
        asked_by=line["asked_by"],
        reason=tell(line["reason"]),
        actor=line["by"],
        acted_at=line["acted_at"],
        due_at=line["due_at"],
        reviewer=line["reviewed_by"] or "",
        justified=line["justified"],
        remarks=tell(line["remarks"]),
        reviewed_at=line["reviewed_at"],
    )

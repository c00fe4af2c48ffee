"""What was done under break-glass, and what became of its review. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from config.accounts.matrix import permits, why_not
from config.accounts.models import User
from config.approvals import glass, requests
from config.approvals.glass import GlassNotFound, emergency_act
from config.approvals.models import BreakGlass, Request
from config.approvals.reads import RequestRow
from config.audit.refused import Refused

MOST = 500
STATES = ("open", "overdue", "reviewed")


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


def listing(*, user: User, now: datetime, state: str = "") -> list[GlassRow]:
    """Those that the person may see, what is due soonest first, then the latest reviewed; at most 500; one query."""
    rows = BreakGlass.objects.visible_to(user)
    match state:
        case "open":
            rows = rows.filter(reviewed_at__isnull=True)
        case "overdue":
            rows = rows.filter(reviewed_at__isnull=True, due_at__lt=now)
        case "reviewed":
            rows = rows.filter(reviewed_at__isnull=False)
    waiting_first = (F("reviewed_at").desc(nulls_first=True), "due_at", "-pk")
    return _rows(rows.order_by(*waiting_first)[:MOST], user)


def since(*, user: User, at: datetime) -> list[GlassRow]:
    """What was done under break-glass after a moment, the latest first; at most 500; one query."""
    return _rows(BreakGlass.objects.visible_to(user).filter(acted_at__gt=at).order_by("-pk")[:MOST], user)


def one(*, user: User, glass_id: int) -> GlassRow:
    """One of them; one query. Raises GlassNotFound."""
    found = _rows(BreakGlass.objects.visible_to(user).filter(pk=glass_id), user)
    if not found:
        raise GlassNotFound()
    return found[0]


def of_request(*, user: User, request_id: int) -> GlassRow | None:
    """What was done under break-glass on this request, if anything; one query."""
    return next(iter(_rows(BreakGlass.objects.visible_to(user).filter(request=request_id), user)), None)


def why_not_review(user: User, row: GlassRow, *, now: datetime) -> Refused | None:
    """Why the person may not review it, as the door says it; three queries."""
    return glass.why_not_review(user, BreakGlass.objects.select_related("request").get(pk=row.id), now=now)


def may_break(user: User, row: RequestRow) -> bool:
    """Whether the person could carry this request out in an emergency."""
    act = emergency_act(row.kind) if row.state == Request.State.PENDING else ""
    return bool(act) and why_not(user, act, sites=requests.sites_of(row.site_code)) is None


def _rows(rows: QuerySet[BreakGlass], user: User) -> list[GlassRow]:
    told = permits(user, "requests.reserve")
    related = rows.select_related("request", "request__requester", "actor", "reviewer")
    return [_row(row, told) for row in related]


def _row(row: BreakGlass, told: bool) -> GlassRow:
    def tell(words: Any) -> str:
        return str(words) if told else ""

    return GlassRow(
        id=row.pk,
        request_id=row.request_id,
        site=row.request.site_code,
        label=requests.label(row.request.kind),
        subject=tell(row.request.subject),
        summary=tell(row.request.summary),
        asked_by=str(row.request.requester),
        reason=tell(row.reason),
        actor=str(row.actor),
        acted_at=row.acted_at,
        due_at=row.due_at,
        reviewer=str(row.reviewer or ""),
        justified=row.justified,
        remarks=tell(row.remarks),
        reviewed_at=row.reviewed_at,
    )

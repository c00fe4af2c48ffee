"""The auditor's desk: any day again, opening + movements = closing, what was waived or overridden, what verification says."""

from dataclasses import dataclass
from datetime import date, datetime

from config.accounts.models import User
from config.approvals import requests
from config.approvals.models import Request
from config.audit.models import Command
from config.jobs import status
from config.jobs.status import JobStatus
from inventory import changes
from inventory.changes import RollForward
from inventory.ledger import asks
from reserve import flags
from reserve.flags.reads import FlagRow

VERIFY = "inventory.verify_ledger"
OVERRIDES = (asks.ADJUST, asks.REVERSE)
SHOWN = 20


@dataclass(frozen=True)
class Override:
    """A correction or reversal that was agreed to."""

    id: int
    label: str
    subject: str
    summary: str
    site: str
    requester: str
    deciders: list[str]
    settled_at: datetime | None


@dataclass(frozen=True)
class Auditor:
    first: date
    last: date
    rows: list[RollForward]
    kinds: list[tuple[str, str]]
    differing: int
    waivers: list[FlagRow]
    overrides: list[Override]
    refused: int
    verification: JobStatus | None


def read(*, user: User, first: date, last: date, now: datetime) -> Auditor:
    """The roll-forward of a period, and what was waived, overridden and refused in it; nine queries."""
    rows = changes.roll_forward(user=user, first=first, last=last)
    shown = [(kind, changes.CAUSES[kind]) for kind in changes.KINDS if any(row.by_kind.get(kind) for row in rows)]
    start, end = changes.window(first=first, last=last)
    return Auditor(
        first=first,
        last=last,
        rows=rows,
        kinds=shown,
        differing=sum(row.difference_mg != 0 for row in rows),
        waivers=flags.listing(user=user, state="waived"),
        overrides=_overrides(user, start, end),
        refused=Command.objects.filter(outcome="refused", recorded_at__gte=start, recorded_at__lt=end).count(),
        verification=next((job for job in status.rows(now=now) if job.name == VERIFY), None),
    )


def _overrides(user: User, start: datetime, end: datetime) -> list[Override]:
    rows = Request.objects.visible_to(user).filter(kind__in=OVERRIDES, state=Request.State.APPROVED)
    rows = rows.filter(settled_at__gte=start, settled_at__lt=end).select_related("requester")
    return [
        Override(
            row.pk,
            requests.label(row.kind),
            row.subject,
            row.summary,
            row.site_code,
            str(row.requester),
            [str(decision.actor) for decision in row.decisions.all()],
            row.settled_at,
        )
        for row in rows.prefetch_related("decisions__actor").order_by("-settled_at", "-pk")[:SHOWN]
    ]

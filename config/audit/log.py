"""The audit log as people read it: who asked for what, when, under which key, and what came of it. Reads only."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from config.audit import acts, edge, keyset
from config.audit.keyset import Few, Order, Page
from config.audit.models import Command

_WORDS = {"person": _("Person"), "kind": _("Act"), "site": _("Site")}
NEWEST = Order("-recorded", "recorded_at", datetime, descending=True)


@dataclass(frozen=True, kw_only=True)
class LogFilters:
    """What to narrow to; empty means anything. `kind` is the beginning of a kind; both days count."""

    person: str = ""
    kind: str = ""
    site: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class CommandRow:
    """One attempt to write, done or refused."""

    id: int
    key: UUID
    kind: str
    username: str
    name: str
    site_code: str
    outcome: str
    request: Any
    answer: Any
    occurred_at: datetime
    recorded_at: datetime

    @property
    def act(self) -> str:
        """The kind in words: `inventory.ask_adjust` is `Ask for an adjustment`."""
        return acts.name(self.kind)

    @property
    def about(self) -> str:
        """What it was done to, in one word: a lot number, an order, a site."""
        for body in (self.answer, self.request):
            for name in acts.ABOUT:
                value = body.get(name) if isinstance(body, dict) else None
                if isinstance(value, str | int) and value not in ("", True, False):
                    return acts.about(name, str(value))
        return ""

    @property
    def refusal(self) -> str:
        """Why it was refused, or ""."""
        return str(self.answer.get("message", "")) if self.outcome == Command.Outcome.REFUSED else ""

    @property
    def because(self) -> str:
        """The kind of refusal in words, without facts of the thing that it was about: insufficient_stock -> Insufficient stock."""
        return str(self.answer.get("code", "")).replace("_", " ").capitalize()


COLUMNS = (
    "id",
    "key",
    "kind",
    "actor__username",
    "actor__name",
    "site_code",
    "outcome",
    "request",
    "answer",
    "occurred_at",
    "recorded_at",
)


def listing(*, filters: LogFilters | None = None, cursor: str = "", size: int = keyset.SIZE) -> Page[CommandRow]:
    """One page of the log, the latest first; two queries. Who calls has asked for `commands.see`. Raises BadCursor."""
    wanted = filters or LogFilters()
    rows = Command.objects.all()
    for path, name in (("actor__username", "person"), ("kind__startswith", "kind"), ("site_code", "site")):
        if value := edge.text(getattr(wanted, name), what=_WORDS[name], longest=64, field=name):
            rows = rows.filter(**{path: value})
    if wanted.outcome:
        rows = rows.filter(outcome=edge.text(wanted.outcome, what=_("Outcome"), longest=8))
    if wanted.since:
        rows = rows.filter(recorded_at__gte=_start(wanted.since))
    if wanted.until:
        rows = rows.filter(recorded_at__lt=_start(wanted.until) + timedelta(days=1))
    return keyset.page(rows.values(*COLUMNS), order=NEWEST, cursor=cursor, size=size, read=_rows)


def count_refused(*, since: datetime, until: datetime) -> int:
    """How many attempts were refused from `since` to before `until`; one query."""
    return Command.objects.filter(
        outcome=Command.Outcome.REFUSED, recorded_at__gte=since, recorded_at__lt=until
    ).count()


def refused(*, since: datetime, most: int) -> Few[CommandRow]:
    """The latest `most` attempts that were refused since a moment, and how many were; one query, two where it is cut.

    Who calls says which columns its reader may see.
    """
    rows = Command.objects.filter(outcome=Command.Outcome.REFUSED, recorded_at__gte=since)
    return keyset.few(rows.order_by("-recorded_at", "-id").values(*COLUMNS), most=most, read=_rows)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _rows(found: list[dict[str, Any]]) -> list[CommandRow]:
    return [CommandRow(*(line[column] for column in COLUMNS)) for line in found]

"""What was asked about a target or a flag, and who decided what: read from the requests themselves."""

from dataclasses import dataclass
from datetime import datetime

from config.accounts.models import User
from config.approvals import requests
from config.approvals.models import Request


@dataclass(frozen=True)
class Word:
    """One person's decision."""

    who: str
    agreed: bool
    note: str
    at: datetime


@dataclass(frozen=True)
class Asked:
    id: int
    kind: str
    label: str
    summary: str
    reason: str
    requester: str
    asked_at: datetime
    state: str
    decisions: list[Word]

    @property
    def pending(self) -> bool:
        return self.state == Request.State.PENDING


def about(*, user: User, subject: str) -> list[Asked]:
    """Requests about one subject ('target 7', 'flag 12') that the person may see, newest first. Two queries."""
    rows = Request.objects.visible_to(user).filter(subject=subject).select_related("requester")
    return [
        Asked(
            row.pk,
            row.kind,
            requests.label(row.kind),
            row.summary,
            row.reason,
            str(row.requester),
            row.asked_at,
            row.state,
            [Word(str(word.actor), word.agreed, word.note, word.decided_at) for word in row.decisions.all()],
        )
        for row in rows.prefetch_related("decisions__actor").order_by("-asked_at", "-pk")
    ]


def pending_targets(*, user: User) -> set[int]:
    """Targets about which a request waits. One query."""
    rows = Request.objects.visible_to(user).filter(state=Request.State.PENDING, subject__startswith="target ")
    return {int(subject.removeprefix("target ")) for subject in rows.values_list("subject", flat=True)}

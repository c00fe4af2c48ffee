"""Requests that wait for a person's decision."""

from dataclasses import dataclass
from datetime import datetime

from config.accounts.matrix import permits
from config.accounts.models import User
from config.approvals import requests
from config.approvals.models import Request

LIMIT = 20


@dataclass(frozen=True)
class Waiting:
    """A pending request that the person may decide on: not their own, not one they have decided on."""

    id: int
    label: str
    subject: str
    summary: str
    site: str
    requester: str
    asked_at: datetime


def to_decide(*, user: User, limit: int = LIMIT) -> list[Waiting]:
    """Longest waiting first. One query."""
    rows = Request.objects.visible_to(user).filter(state=Request.State.PENDING)
    rows = rows.exclude(requester=user).exclude(decisions__actor=user).select_related("requester")
    return [
        Waiting(
            row.pk,
            requests.label(row.kind),
            row.subject,
            row.summary,
            row.site_code,
            str(row.requester),
            row.asked_at,
        )
        for row in rows.order_by("asked_at", "pk")[:limit]
        if permits(user, requests.decide_act(row.kind))
    ]


def count_to_decide(user: User) -> int:
    """How many wait for this person, up to LIMIT. One query."""
    return len(to_decide(user=user))

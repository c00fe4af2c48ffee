"""What was asked about a lot and what people said to it: for the lot's history, beside its numbered facts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from config.accounts.models import User
from config.approvals import reads
from config.approvals.reads import RequestRow
from inventory.ledger import asks

MOST = 50
KINDS = tuple(act.kind for act in asks.ACTS)

# A fact was recorded when its command was; every fact names its command.
_MOMENTS = """
    SELECT f.seq, c.recorded_at FROM inventory_lotfact f
    JOIN audit_command c ON c.id = (inventory_json(f.body) ->> 'command_id')::bigint
    WHERE f.lot_id = %s AND f.seq = ANY(%s)
"""


def window(lot_id: int, *, first: int, after: int) -> tuple[datetime | None, datetime | None]:
    """When the fact `first` was recorded, and when the fact `after` was; None for the number 0. One query."""
    if not first and not after:
        return None, None
    with connection.cursor() as cursor:
        cursor.execute(_MOMENTS, [lot_id, [first, after]])
        moments = dict(cursor.fetchall())
    return moments.get(first), moments.get(after)


def events(
    *, user: User, number: str, since: datetime | None, until: datetime | None
) -> tuple[list[dict[str, Any]], bool]:
    """What was asked, agreed to, refused and withdrawn about a lot from `since` to before `until`, of what the person may
    see, as columns of facts; and whether there was more than is told. Two queries."""
    rows = reads.of_subject(user=user, subject=number, kinds=KINDS, since=since, until=until, most=MOST + 1)
    found = [event for row in rows[:MOST] for event in _told(row)]
    within = [
        event
        for event in found
        if (since is None or event["recorded_at"] >= since) and (until is None or event["recorded_at"] < until)
    ]
    return within, len(rows) > MOST


def _told(row: RequestRow) -> Iterator[dict[str, Any]]:
    def said(title: str, who: str, at: datetime, reason: str, state: str = "") -> dict[str, Any]:
        return {
            "title": title,
            "who": who,
            "occurred_at": at,
            "recorded_at": at,
            "text": row.summary,
            "reason": reason,
            "request_id": row.id,
            "state": state,
        }

    yield said(_("{what}: asked for").format(what=row.label), row.requester, row.asked_at, row.reason, row.state)
    for decision in row.decisions:
        title = _("{what}: agreed to") if decision.agreed else _("{what}: refused")
        yield said(title.format(what=row.label), decision.who, decision.decided_at, decision.note)
    if row.state == "withdrawn" and row.settled_at:
        yield said(_("{what}: withdrawn").format(what=row.label), row.requester, row.settled_at, "")

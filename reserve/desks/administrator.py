"""The administrator's desk: who cannot work, what waits for a second administrator, which jobs do not run.

Nothing of the reserve itself.
"""

from dataclasses import dataclass
from datetime import datetime

from config.accounts import people
from config.accounts.matrix import require
from config.accounts.models import User
from config.accounts.people import PersonRow
from config.approvals import reads
from config.approvals.reads import RequestRow
from config.jobs import status
from config.jobs.status import JobStatus
from reserve.desks.auditor import VERIFY

MOST = 200


@dataclass(frozen=True)
class Administrator:
    """`grants` wait for this administrator's word; `away` are people who have not signed in for 90 days."""

    grants: list[RequestRow]
    active: int
    troubled: list[PersonRow]
    away: list[PersonRow]
    jobs: list[JobStatus]
    verification: JobStatus | None


def read(*, user: User, now: datetime) -> Administrator:
    """Six queries. Raises NotAllowed."""
    require(user, "people.see")
    active = [person for person in people.listing() if person.is_active]
    pending = reads.listing(user=user, state="pending", size=MOST).rows
    jobs = status.rows(now=now)
    return Administrator(
        grants=[row for row in reversed(pending) if reads.may_decide(user, row)],
        active=len(active),
        troubled=[person for person in active if person.trouble],
        away=[person for person in active if (person.last_login or person.date_joined) < now - people.AWAY],
        jobs=[job for job in jobs if job.overdue or (job.last is not None and not job.last.ok)],
        verification=next((job for job in jobs if job.name == VERIFY), None),
    )

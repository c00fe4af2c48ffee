"""The administrator's desk: who cannot sign in or work, what waits for a second administrator, which jobs do not run.

Nothing of the reserve itself.
"""

from dataclasses import dataclass
from datetime import datetime

from config.accounts import factors, lockout, people
from config.accounts.lockout import Locked
from config.accounts.matrix import require
from config.accounts.models import User
from config.accounts.people import PersonRow
from config.approvals import reads
from config.approvals.reads import RequestRow
from config.audit import log
from config.audit.keyset import Few
from config.audit.log import CommandRow
from config.jobs import status
from config.jobs.status import JobStatus
from reserve.desks.auditor import VERIFY

MOST = 50


@dataclass(frozen=True)
class Administrator:
    """`grants` wait for this administrator's word; `away` are people who have not signed in for 90 days.

    `locked` wait after wrong passwords, `bare` have no second factor though a role of theirs needs one, `refused` are today's
    refused attempts without what they were about.
    """

    grants: Few[RequestRow]
    locked: list[Locked]
    bare: list[PersonRow]
    refused: Few[CommandRow]
    troubled: list[PersonRow]
    away: list[PersonRow]
    jobs: list[JobStatus]
    verification: JobStatus | None


def read(*, user: User, now: datetime) -> Administrator:
    """Eleven queries. Raises NotAllowed."""
    require(user, "people.see")
    active = [person for person in people.listing() if person.is_active]
    jobs = status.rows(now=now)
    return Administrator(
        grants=reads.to_decide(user=user, most=MOST),
        locked=lockout.locked(now=now),
        bare=factors.missing(active),
        refused=log.refused(since=now.replace(hour=0, minute=0, second=0, microsecond=0), most=MOST),
        troubled=[person for person in active if person.trouble],
        away=[person for person in active if (person.last_login or person.date_joined) < now - people.AWAY],
        jobs=[job for job in jobs if job.overdue or (job.last is not None and not job.last.ok)],
        verification=next((job for job in jobs if job.name == VERIFY), None),
    )

"""The administrator's desk: who works here, whether the jobs run, what verification says. Nothing of the reserve itself."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from config.accounts import people
from config.accounts.matrix import Role, require
from config.accounts.models import User
from config.accounts.people import PersonRow
from config.jobs import status
from config.jobs.status import JobStatus
from reserve.desks.auditor import VERIFY

SHOWN = 100


@dataclass(frozen=True)
class Administrator:
    people: list[PersonRow]
    active: int
    by_role: list[tuple[str, int]]
    troubles: int
    jobs: list[JobStatus]
    overdue: int
    failed: int
    verification: JobStatus | None


def read(*, user: User, now: datetime) -> Administrator:
    """Four queries. Raises NotAllowed."""
    require(user, "people.see")
    found = people.listing()
    roles = Counter(role for person in found if person.is_active for role in person.roles)
    jobs = status.rows(now=now)
    return Administrator(
        people=found[:SHOWN],
        active=sum(person.is_active for person in found),
        by_role=[(role.value, roles[role.value]) for role in Role],
        troubles=sum(bool(person.trouble) for person in found),
        jobs=jobs,
        overdue=sum(job.overdue for job in jobs),
        failed=sum(job.last is not None and not job.last.ok for job in jobs),
        verification=next((job for job in jobs if job.name == VERIFY), None),
    )

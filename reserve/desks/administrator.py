"""The administrator's desk: who works here, whether the jobs run, what verification says. Nothing of the reserve itself."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from config.accounts.matrix import Role, require
from config.accounts.models import SYSTEM_USERNAME, User
from config.jobs import status
from config.jobs.status import JobStatus
from reserve.desks.auditor import VERIFY

SHOWN = 100


@dataclass(frozen=True)
class Person:
    username: str
    name: str
    roles: list[str]
    site_codes: list[str]
    is_active: bool
    last_login: datetime | None

    @property
    def trouble(self) -> str:
        """What is missing for this person to work, or ""."""
        if not self.is_active:
            return ""
        if not self.roles:
            return "no role"
        return "no site" if Role.WAREHOUSE in self.roles and not self.site_codes else ""


@dataclass(frozen=True)
class Administrator:
    people: list[Person]
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
    columns = ("username", "name", "roles", "site_codes", "is_active", "last_login")
    rows = User.objects.exclude(username=SYSTEM_USERNAME).order_by("-is_active", "name")
    people = [Person(*line) for line in rows.values_list(*columns)]
    roles = Counter(role for person in people if person.is_active for role in person.roles)
    jobs = status.rows(now=now)
    return Administrator(
        people=people[:SHOWN],
        active=sum(person.is_active for person in people),
        by_role=[(role.value, roles[role.value]) for role in Role],
        troubles=sum(bool(person.trouble) for person in people),
        jobs=jobs,
        overdue=sum(job.overdue for job in jobs),
        failed=sum(job.last is not None and not job.last.ok for job in jobs),
        verification=next((job for job in jobs if job.name == VERIFY), None),
    )

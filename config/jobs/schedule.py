"""Which jobs there are and when each is due. Apps register theirs when they start; the schedule stands in code only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from celery.schedules import crontab
from django.utils.functional import Promise

NIGHT = timedelta(days=1)
NIGHT_GRACE = timedelta(hours=2)


@dataclass(frozen=True)
class Counts:
    """What a run did: rows it looked at, rows it changed."""

    seen: int
    changed: int


@dataclass(frozen=True)
class Job:
    """A job: called as `run(now=...)`, safe to run twice, on any host.

    `label` is what people read. With `nightly_at` (UTC) it runs at that time of day, and `every` is one day. A job that
    takes long is called as `run(now=..., steps=...)` when it says so (`tells`), and then tells how far it is.
    """

    name: str
    every: timedelta
    run: Callable[..., Counts]
    label: str | Promise
    nightly_at: time | None = None
    tells: bool = False

    def __post_init__(self) -> None:
        if self.every <= timedelta(0):
            raise ValueError(f"Job {self.name}: every must be longer than nothing.")
        if self.nightly_at is not None and self.every != NIGHT:
            raise ValueError(f"Job {self.name}: a nightly job runs every 24 hours.")

    @property
    def patience(self) -> timedelta:
        """How long after a good run silence becomes an alarm."""
        return 2 * self.every if self.nightly_at is None else self.every + NIGHT_GRACE

    def due_after(self, moment: datetime) -> datetime:
        """When the job is next due, having run at `moment`."""
        if self.nightly_at is None:
            return moment + self.every
        same_day = datetime.combine(moment.astimezone(UTC).date(), self.nightly_at, tzinfo=UTC)
        return same_day if same_day > moment else same_day + NIGHT


class UnknownJob(LookupError):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is no job named {name!r}. There are: {', '.join(sorted(_jobs)) or 'none'}.")


_jobs: dict[str, Job] = {}


def register(job: Job) -> None:
    """Add a job. Refuses a second job under a name that is taken."""
    if _jobs.setdefault(job.name, job) != job:
        raise ValueError(f"Two jobs are named {job.name!r}.")


def all_jobs() -> list[Job]:
    """Every registered job, by name."""
    return [_jobs[name] for name in sorted(_jobs)]


def get(name: str) -> Job:
    """The job of that name. Raises UnknownJob."""
    if name not in _jobs:
        raise UnknownJob(name)
    return _jobs[name]


def beat_schedule() -> dict[str, dict[str, Any]]:
    """The schedule as Celery beat reads it. A message that nobody took within one period is dropped."""
    return {
        job.name: {
            "task": "config.jobs.tasks.run_job",
            "schedule": _celery_schedule(job),
            "args": [job.name],
            "options": {"expires": job.every.total_seconds()},
        }
        for job in all_jobs()
    }


def _celery_schedule(job: Job) -> timedelta | crontab:
    if job.nightly_at is None:
        return job.every
    return crontab(hour=str(job.nightly_at.hour), minute=str(job.nightly_at.minute))

"""How the jobs stand: one row a job for the page and the API, and the work that got stuck."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from config.jobs import heartbeat, schedule
from config.jobs.heartbeat import OUTBOX_PATIENCE
from config.jobs.models import Outbox
from config.jobs.schedule import Job

LAST_RUNS = """
    SELECT name, r.started_at, r.finished_at, r.ok, r.rows_seen, r.rows_changed, r.error, r.host
    FROM unnest(%s::text[]) AS name
    CROSS JOIN LATERAL (
        SELECT * FROM jobs_jobrun WHERE job = name ORDER BY finished_at DESC LIMIT 1
    ) AS r
"""


@dataclass(frozen=True)
class LastRun:
    started_at: datetime
    finished_at: datetime
    ok: bool
    rows_seen: int
    rows_changed: int
    error: str
    host: str

    @property
    def seconds(self) -> str:
        return f"{(self.finished_at - self.started_at).total_seconds():.1f}"


@dataclass(frozen=True)
class JobStatus:
    """A job and its last run. `next_due_at` is None when it is due now; `late_by` is None unless it is overdue."""

    name: str
    label: str
    rhythm: str
    last: LastRun | None
    next_due_at: datetime | None
    overdue: bool
    late_by: timedelta | None

    @property
    def late(self) -> str:
        return span(self.late_by) if self.late_by is not None else _("no good run yet")


@dataclass(frozen=True)
class StuckWork:
    """A row of the outbox that failed or waits for too long."""

    id: int
    topic: str
    due_at: datetime
    attempts: int
    retry_at: datetime | None
    last_error: str


def rows(*, now: datetime) -> list[JobStatus]:
    """Every registered job, overdue ones first, in two queries."""
    jobs = schedule.all_jobs()
    with connection.cursor() as cursor:
        cursor.execute(LAST_RUNS, [[job.name for job in jobs]])
        last = {name: LastRun(*facts) for name, *facts in cursor.fetchall()}
    late = {row.job: row for row in heartbeat.overdue(now=now)}
    found = [_row(job, last.get(job.name), late.get(job.name), now) for job in jobs]
    return sorted(found, key=lambda row: not row.overdue)


def stuck(*, now: datetime, limit: int = 50) -> list[StuckWork]:
    """Work that failed or has been due for more than five minutes, oldest first, at most `limit` rows."""
    late = Q(attempts__gt=0) | Q(due_at__lt=now - OUTBOX_PATIENCE)
    work = Outbox.objects.filter(late, done_at__isnull=True).order_by("due_at", "id")
    return [StuckWork(**row) for row in work.values(*StuckWork.__dataclass_fields__)[:limit]]


def span(length: timedelta) -> str:
    """A length of time in the two units that matter: 45 s, 12 min, 3 h 5 min, 2 d 4 h."""
    seconds = int(length.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return _("{minutes} min").format(minutes=seconds // 60)
    if seconds < 172_800:
        return _("{hours} h {minutes} min").format(hours=seconds // 3600, minutes=seconds % 3600 // 60)
    return f"{seconds // 86_400} d {seconds % 86_400 // 3600} h"


def _row(job: Job, last: LastRun | None, late: heartbeat.Overdue | None, now: datetime) -> JobStatus:
    due_at = job.due_after(last.finished_at) if last else now
    return JobStatus(
        name=job.name,
        label=str(job.label),
        rhythm=_("nightly at {time} UTC").format(time=job.nightly_at.strftime("%H:%M"))
        if job.nightly_at
        else _("every {span}").format(span=span(job.every)),
        last=last,
        next_due_at=due_at if due_at > now else None,
        overdue=late is not None,
        late_by=late.late_by if late else None,
    )

"""Silence is an alarm: what should have run and did not, worked out when somebody asks, with no worker alive."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from config.jobs import schedule
from config.jobs.models import StackStart
from config.jobs.schedule import Job

OUTBOX = "outbox"
OUTBOX_LABEL = gettext_lazy("Work waiting in the outbox")
OUTBOX_PATIENCE = timedelta(minutes=5)

# One row a job, so that one read answers it: each part is one step down an index.
LAST_SIGNS = """
    SELECT name,
           (SELECT r.finished_at FROM jobs_jobrun r WHERE r.job = name AND r.ok ORDER BY r.finished_at DESC LIMIT 1),
           (SELECT s.started_at FROM jobs_stackstart s ORDER BY s.started_at DESC LIMIT 1),
           (SELECT o.due_at FROM jobs_outbox o WHERE o.done_at IS NULL ORDER BY o.due_at, o.id LIMIT 1)
    FROM unnest(%s::text[]) AS name
"""


@dataclass(frozen=True)
class Overdue:
    """A job (or the outbox) that is silent for too long. `late_by` counts from when it was due; None: it never ran."""

    job: str
    label: str | Promise
    late_by: timedelta | None


def mark_start(*, now: datetime) -> None:
    """Note that a person starts the system now. A supervisor's restarts do not count: they would hide a dead job."""
    StackStart.objects.create(started_at=now)


def overdue(*, now: datetime) -> list[Overdue]:
    """Everything that is overdue, in one query.

    A job is overdue when its last good run and the last start of the system both lie further back than its patience
    (two periods; nightly jobs 26 hours). The outbox is, when work has been due for more than five minutes.
    """
    jobs = {job.name: job for job in schedule.all_jobs()}
    with connection.cursor() as cursor:
        cursor.execute(LAST_SIGNS, [[*jobs, OUTBOX]])
        signs = cursor.fetchall()
    found = [
        late
        for name, good_at, started_at, _ in signs
        if name in jobs and (late := _late(jobs[name], good_at, started_at, now))
    ]
    waiting_since = signs[0][3]
    if waiting_since is not None and now - waiting_since > OUTBOX_PATIENCE:
        found.append(Overdue(OUTBOX, OUTBOX_LABEL, now - waiting_since))
    return found


def _late(job: Job, good_at: datetime | None, started_at: datetime | None, now: datetime) -> Overdue | None:
    signs = [moment for moment in (good_at, started_at) if moment is not None]
    if not signs:
        return Overdue(job.name, job.label, None)
    if now - max(signs) <= job.patience:
        return None
    return Overdue(job.name, job.label, now - job.due_after(max(signs)))

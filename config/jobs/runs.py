"""Running a job: once at a time on all hosts together, and never without a trace."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, Q

from config.jobs import schedule
from config.jobs.failure import sentence
from config.jobs.models import JobRun, Outbox, StackStart
from config.jobs.progress import QUIET, Cancelled, Steps
from config.jobs.schedule import Counts, Job

log = logging.getLogger(__name__)

FREQUENT = timedelta(hours=1)
KEEP_FREQUENT = timedelta(days=1)
KEEP_OTHERS = timedelta(days=400)
KEEP_DONE_WORK = timedelta(days=30)


def run(name: str, *, now: datetime, steps: Steps = QUIET) -> JobRun | None:
    """Run the job and record it, good or bad; None when it is running already, here or elsewhere.

    An error of the job is recorded and logged, not raised. A run that a person cancels (`steps`) was neither good nor bad:
    it leaves nothing, and raises Cancelled. Call it outside a transaction: the job owns its own.
    Raises schedule.UnknownJob.
    """
    job = schedule.get(name)
    with _alone(name) as free:
        if not free:
            return None
        began = time.monotonic()
        counts, error = _attempt(job, now, steps)
        return JobRun.objects.create(
            job=name,
            started_at=now,
            finished_at=now + timedelta(seconds=time.monotonic() - began),
            ok=not error,
            rows_seen=counts.seen,
            rows_changed=counts.changed,
            error=error,
            host=socket.gethostname(),
        )


def due(*, now: datetime) -> list[Job]:
    """The jobs that should have run by now and have not, going by their last good run."""
    last_good = dict(
        JobRun.objects.filter(ok=True, job__in=[job.name for job in schedule.all_jobs()])
        .values_list("job")
        .annotate(Max("finished_at"))
    )
    return [
        job for job in schedule.all_jobs() if job.name not in last_good or job.due_after(last_good[job.name]) <= now
    ]


def catch_up(*, now: datetime, start: Callable[[str], object]) -> list[str]:
    """Hand every job that is due to `start` (what happened while nothing ran is made good); returns their names."""
    names = [job.name for job in due(now=now)]
    for name in names:
        start(name)
    return names


def prune(*, now: datetime) -> Counts:
    """Delete old runs, except each job's last and last good one, and old outbox rows that are done.

    Jobs that run several times an hour keep a day of runs, others 400 days; done work is kept 30 days.
    """
    frequent = [job.name for job in schedule.all_jobs() if job.every < FREQUENT]
    old = Q(job__in=frequent, finished_at__lt=now - KEEP_FREQUENT) | Q(finished_at__lt=now - KEEP_OTHERS)
    newest = JobRun.objects.order_by("job", "-finished_at", "-id").distinct("job")
    kept = {*newest.values_list("id", flat=True), *newest.filter(ok=True).values_list("id", flat=True)}
    runs, _ = JobRun.objects.filter(old).exclude(pk__in=kept).delete()
    work, _ = Outbox.objects.filter(done_at__lt=now - KEEP_DONE_WORK).delete()
    latest = StackStart.objects.aggregate(at=Max("started_at"))["at"]
    starts, _ = StackStart.objects.filter(started_at__lt=latest).delete() if latest else (0, {})
    total = runs + work + starts
    return Counts(seen=total, changed=total)


def _attempt(job: Job, now: datetime, steps: Steps) -> tuple[Counts, str]:
    try:
        return job.run(now=now, steps=steps) if job.tells else job.run(now=now), ""
    except Exception as error:
        if steps.cancelled:
            raise Cancelled from error
        log.exception("Job failed: %s", job.name)
        # A job stopped in the middle of a query leaves a connection that cannot be used; the record needs a fresh one. One that
        # can be used is kept: it holds the lock, which a closed one gives back only when the server comes to it.
        if not connection.in_atomic_block and not connection.is_usable():
            connection.close()
        return Counts(seen=0, changed=0), sentence(error)


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    """Hold the job's advisory lock for as long as the session lives; yields False when somebody else holds it."""
    with connection.cursor() as cursor:
        # A worker that is killed must not leave its query running under the lock: the server looks after it.
        cursor.execute("SET client_connection_check_interval = '2s'")
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"job:{name}"])
        (free,) = cursor.fetchone()
    try:
        yield free
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"job:{name}"])

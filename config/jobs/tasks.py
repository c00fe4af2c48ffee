"""What Celery runs. Each task makes one call; the jobs record their own failures."""

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from config.jobs import outbox, runs, work

SOFT_LIMIT_SECONDS = 540
LIMIT_SECONDS = 600
# Long work; below the broker's visibility timeout of an hour, after which a message would be given out again.
LONG_SOFT_LIMIT_SECONDS = 3000
LONG_LIMIT_SECONDS = 3300


@shared_task(soft_time_limit=SOFT_LIMIT_SECONDS, time_limit=LIMIT_SECONDS)  # type: ignore[untyped-decorator]  # celery has no types
def sweep() -> None:
    """Answer a hint. Beat's own `jobs.sweep` leaves the JobRun, so hints cannot hide that beat is dead."""
    outbox.sweep(now=timezone.now())


@shared_task(soft_time_limit=SOFT_LIMIT_SECONDS, time_limit=LIMIT_SECONDS)  # type: ignore[untyped-decorator]  # as above
def run_job(name: str) -> None:
    """Run one registered job."""
    runs.run(name, now=timezone.now())


@shared_task(soft_time_limit=LONG_SOFT_LIMIT_SECONDS, time_limit=LONG_LIMIT_SECONDS)  # type: ignore[untyped-decorator]  # as above
def carry_out(number: int) -> None:
    """Do one piece of long work."""
    work.carry_out(number, now=timezone.now())


@shared_task(soft_time_limit=30, time_limit=60)  # type: ignore[untyped-decorator]  # as above
def catch_up() -> None:
    """Queue what became due while no worker was there."""
    runs.catch_up(now=timezone.now(), start=run_job.delay)


@worker_ready.connect  # type: ignore[untyped-decorator]  # as above
def _worker_is_ready(**_: object) -> None:
    catch_up.delay()

"""manage.py run_job and manage.py sweep: the jobs without Celery."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.jobs import schedule
from config.jobs.models import JobRun, Outbox
from config.jobs.schedule import Counts, Job

pytestmark = pytest.mark.django_db(transaction=True)


def output_of(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_run_job_runs_it_and_says_what_it_did():
    old = datetime(2020, 1, 1, tzinfo=UTC)
    Outbox.objects.create(topic="t", payload={}, created_at=old, due_at=old, done_at=old)
    assert output_of("run_job", "jobs.prune").startswith("jobs.prune: 1 rows seen, 1 changed, ")
    assert JobRun.objects.get().ok


def test_run_job_names_the_jobs_there_are():
    with pytest.raises(CommandError, match=r"There are: .*jobs\.prune, jobs\.sweep"):
        call_command("run_job", "jobs.none")


def test_run_job_fails_when_the_job_fails():
    def fail(*, now: datetime) -> Counts:
        raise ValueError("no figures")

    schedule.register(Job("test.fails", timedelta(hours=1), fail, "Fails"))
    try:
        with pytest.raises(CommandError, match=r"test\.fails failed: ValueError: no figures"):
            call_command("run_job", "test.fails")
    finally:
        schedule._jobs.pop("test.fails")


def test_sweep_runs_what_is_due():
    now = timezone.now()
    Outbox.objects.create(topic="jobs.work", payload={"work": 0}, created_at=now, due_at=now)
    Outbox.objects.create(topic="test.unknown", payload={}, created_at=now, due_at=now)
    assert output_of("sweep") == "2 rows due, 1 done\n"

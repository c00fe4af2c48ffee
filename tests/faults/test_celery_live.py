"""A real worker, a real broker, a real database: work is done after its commit, and what is due runs at start-up."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from config.accounts.models import User
from config.audit.commands import By
from config.jobs import byhand, hint
from config.jobs.models import JobRun, Work

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.operator, pytest.mark.celery_live]


def start_worker() -> subprocess.Popen[bytes]:
    """A worker with child processes, as in production, in a process group of its own."""
    options = ["--concurrency", "1", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config.celery_app",
            "worker",
            *options,
            "--hostname",
            f"live-{os.getpid()}@%h",
        ],
        cwd=ROOT,
        env={**os.environ, "TEST_DATABASE": connection.settings_dict["NAME"]},
        start_new_session=True,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    process = start_worker()
    yield process
    kill(process)


def comes_true(check: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.1)
    return check()


def ask_for_prune() -> int:
    """Ask for a run of jobs.prune, as the jobs page does; the number of the work."""
    person = User.objects.create_user("ada", "a-long-password-7", name="Ada", roles=["administrator"])
    by = By(actor=person, key=uuid4(), now=timezone.now())
    return int(byhand.ask(by, name="jobs.prune")["work"])


def done(number: int) -> bool:
    return Work.objects.filter(pk=number, state="done").exists()


def all_caught_up() -> bool:
    return {"jobs.prune", "jobs.sweep"} <= set(JobRun.objects.filter(ok=True).values_list("job", flat=True))


def test_a_worker_catches_up_and_then_follows_each_hint(worker):
    assert comes_true(all_caught_up), "the worker did not run what was due"
    runs_before = JobRun.objects.filter(job="jobs.prune").count()
    assert hint.send(), "the broker takes no hints"
    number = ask_for_prune()
    assert comes_true(lambda: done(number), 20), "the hint was not followed; no beat runs here"
    assert comes_true(lambda: JobRun.objects.filter(job="jobs.prune").count() > runs_before, 10)
    assert worker.poll() is None


def test_work_left_while_no_worker_lived_and_the_broker_lost_everything_is_done_by_the_next_worker():
    number = ask_for_prune()
    with current_app.connection_for_write() as broker:
        broker.default_channel.queue_purge("celery")
    worker = start_worker()
    try:
        assert comes_true(lambda: done(number)), "the next worker did not find the work in the database"
    finally:
        kill(worker)

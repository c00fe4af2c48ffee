"""runs.run: once at a time, never without a trace. runs.catch_up and runs.prune."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from time import monotonic, sleep

import pytest
from django.db import IntegrityError, connection

from config.jobs import runs, schedule
from config.jobs.models import JobRun, Outbox, StackStart
from config.jobs.schedule import Counts, Job

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NAME = "test.job"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def register() -> Iterator[Callable[..., Job]]:
    names: list[str] = []

    def make(run: Callable[..., Counts], name: str = NAME, nightly_at: time | None = None) -> Job:
        every = schedule.NIGHT if nightly_at else timedelta(minutes=5)
        job = Job(name=name, every=every, run=run, label=f"Label of {name}", nightly_at=nightly_at)
        schedule.register(job)
        names.append(name)
        return job

    yield make
    for name in names:
        schedule._jobs.pop(name)


def ran(job: str = NAME, *, ago: timedelta = timedelta(0), ok: bool = True) -> JobRun:
    at = NOW - ago
    return JobRun.objects.create(job=job, started_at=at, finished_at=at, ok=ok, error="" if ok else "no")


def test_it_leaves_a_trace_of_a_good_run(register):
    register(lambda *, now: Counts(seen=7, changed=2))
    run = runs.run(NAME, now=NOW)
    stored = JobRun.objects.get()
    assert run == stored
    assert (stored.job, stored.started_at, stored.ok, stored.error) == (NAME, NOW, True, "")
    assert (stored.rows_seen, stored.rows_changed) == (7, 2)
    assert stored.finished_at >= NOW
    assert stored.host


def test_it_hands_the_moment_down(register):
    moments = []

    def keep(*, now: datetime) -> Counts:
        moments.append(now)
        return Counts(0, 0)

    register(keep)
    runs.run(NAME, now=NOW)
    assert moments == [NOW]


def test_it_leaves_a_trace_of_a_failure_and_does_not_raise(register):
    def fail(*, now: datetime) -> Counts:
        raise ValueError("no figures\nand a secret second line")

    register(fail)
    run = runs.run(NAME, now=NOW)
    assert run is not None
    assert JobRun.objects.values_list("ok", "error").get() == (False, "ValueError: no figures")


def test_it_leaves_a_trace_when_the_job_lost_its_connection(register):
    def cut_off(*, now: datetime) -> Counts:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return Counts(0, 0)

    register(cut_off)
    runs.run(NAME, now=NOW)
    assert JobRun.objects.get().ok is False
    assert runs.run(NAME, now=NOW) is not None


def test_it_names_the_jobs_there_are_when_there_is_no_such_job():
    with pytest.raises(schedule.UnknownJob, match=r"jobs\.sweep"):
        runs.run("test.none", now=NOW)


def test_it_runs_one_at_a_time(register):
    inside, may_end = threading.Event(), threading.Event()

    def slow(*, now: datetime) -> Counts:
        inside.set()
        assert may_end.wait(20)
        return Counts(1, 1)

    register(slow)

    def first() -> None:
        runs.run(NAME, now=NOW)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(20)
    assert runs.run(NAME, now=NOW) is None
    may_end.set()
    thread.join(20)
    assert JobRun.objects.count() == 1
    assert runs.run(NAME, now=NOW) is not None


def test_it_is_free_again_after_a_failure(register):
    def fail(*, now: datetime) -> Counts:
        raise ValueError

    register(fail)
    runs.run(NAME, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)
    assert runs.run(NAME, now=NOW) is not None
    assert JobRun.objects.count() == 2


def test_a_worker_that_vanishes_in_the_middle_of_a_query_does_not_keep_the_job(register):
    waits = [30, 0]

    def query(*, now: datetime) -> Counts:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(%s)", [waits.pop(0)])
        return Counts(0, 0)

    register(query)

    def vanish() -> None:
        connection.ensure_connection()
        with socket.socket(fileno=os.dup(connection.connection.fileno())) as line:
            threading.Timer(0.5, line.shutdown, [socket.SHUT_RDWR]).start()
            runs.run(NAME, now=NOW)
        connection.close()

    thread = threading.Thread(target=vanish)
    thread.start()
    thread.join(20)
    assert JobRun.objects.get().ok is False
    end = monotonic() + 10
    while (run := runs.run(NAME, now=NOW)) is None:
        assert monotonic() < end, "the dead session still holds the job"
        sleep(0.2)
    assert run.ok


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"finished_at": NOW - timedelta(seconds=1)}, "job_run_finishes_after_its_start"),
        ({"ok": False}, "job_run_is_bad_when_it_has_an_error"),
        ({"error": "x"}, "job_run_is_bad_when_it_has_an_error"),
        ({"rows_seen": -1}, "job_run_counts_not_negative"),
        ({"rows_changed": -1}, "job_run_counts_not_negative"),
    ],
)
def test_the_database_refuses_a_run_that_cannot_be(values, constraint):
    good = {"job": NAME, "started_at": NOW, "finished_at": NOW, "ok": True}
    with pytest.raises(IntegrityError, match=constraint):
        JobRun.objects.create(**{**good, **values})


# --- catch_up -------------------------------------------------------------------------------------
def test_catch_up_starts_what_should_have_run(register):
    register(lambda *, now: Counts(0, 0), "test.never")
    register(lambda *, now: Counts(0, 0), "test.late")
    register(lambda *, now: Counts(0, 0), "test.failed")
    register(lambda *, now: Counts(0, 0), "test.fresh")
    register(lambda *, now: Counts(0, 0), "test.night.missed", time(2, 0))
    register(lambda *, now: Counts(0, 0), "test.night.done", time(2, 0))
    ran("test.late", ago=timedelta(minutes=6))
    ran("test.failed", ago=timedelta(minutes=1), ok=False)
    ran("test.fresh", ago=timedelta(minutes=4))
    ran("test.night.missed", ago=timedelta(hours=8))
    ran("test.night.done", ago=timedelta(hours=7))
    started: list[str] = []
    names = runs.catch_up(now=NOW, start=started.append)
    assert [name for name in names if name.startswith("test.")] == [
        "test.failed",
        "test.late",
        "test.never",
        "test.night.missed",
    ]
    assert started == names


def test_catch_up_does_nothing_the_second_time(register):
    register(lambda *, now: Counts(0, 0), "test.night", time(2, 0))
    assert "test.night" in runs.catch_up(now=NOW, start=lambda name: runs.run(name, now=NOW))
    assert "test.night" not in runs.catch_up(now=NOW + timedelta(minutes=1), start=lambda name: None)


# --- prune ----------------------------------------------------------------------------------------
def test_prune_keeps_a_day_and_what_the_alarm_needs(register):
    register(lambda *, now: Counts(0, 0))
    kept = [
        ran(ago=timedelta(days=9)),  # the last good one
        ran(ago=timedelta(hours=23), ok=False),
        ran(ago=timedelta(hours=1), ok=False),
        ran("test.gone", ago=timedelta(days=399)),
        ran("test.older", ago=timedelta(days=500)),  # its only run
    ]
    ran(ago=timedelta(days=10))
    ran(ago=timedelta(days=2), ok=False)
    ran("test.gone", ago=timedelta(days=401))
    assert runs.prune(now=NOW) == Counts(seen=3, changed=3)
    assert set(JobRun.objects.all()) == set(kept)


def test_prune_deletes_done_work_after_a_month_and_never_work_that_waits():
    old = NOW - timedelta(days=31)
    for done_at in (old, NOW - timedelta(days=29), None):
        Outbox.objects.create(topic="t", payload={}, created_at=old, due_at=old, done_at=done_at)
    assert runs.prune(now=NOW).changed == 1
    assert set(Outbox.objects.values_list("done_at", flat=True)) == {NOW - timedelta(days=29), None}


def test_prune_keeps_the_latest_start():
    for days in (3, 2, 1):
        StackStart.objects.create(started_at=NOW - timedelta(days=days))
    runs.prune(now=NOW)
    assert StackStart.objects.values_list("started_at", flat=True).get() == NOW - timedelta(days=1)

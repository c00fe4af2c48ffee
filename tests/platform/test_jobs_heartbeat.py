"""heartbeat.overdue: silence is seen when somebody asks, whether or not a worker lives."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from config.jobs import heartbeat, schedule
from config.jobs.heartbeat import Overdue
from config.jobs.models import JobRun, Outbox
from config.jobs.schedule import Counts, Job

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def nothing(*, now: datetime) -> Counts:
    return Counts(0, 0)


@pytest.fixture(autouse=True)
def jobs() -> Iterator[None]:
    """Two jobs only, so that the figures here do not follow what the apps register."""
    registered = dict(schedule._jobs)
    schedule._jobs.clear()
    schedule.register(Job("test.often", timedelta(minutes=5), nothing, "Often"))
    schedule.register(Job("test.night", schedule.NIGHT, nothing, "Nightly", time(2, 0)))
    yield
    schedule._jobs.clear()
    schedule._jobs.update(registered)


def ran(job: str, at: datetime, *, ok: bool = True) -> None:
    JobRun.objects.create(job=job, started_at=at, finished_at=at, ok=ok, error="" if ok else "no")


def names(now: datetime) -> list[str]:
    return [late.job for late in heartbeat.overdue(now=now)]


def test_what_never_ran_in_a_system_that_nobody_started_is_overdue():
    assert heartbeat.overdue(now=NOW) == [
        Overdue("test.night", "Nightly", None),
        Overdue("test.often", "Often", None),
    ]


def test_a_start_gives_each_job_its_patience():
    heartbeat.mark_start(now=NOW)
    assert names(NOW) == []
    assert names(NOW + timedelta(minutes=10)) == []
    assert names(NOW + timedelta(minutes=10, seconds=1)) == ["test.often"]
    assert names(NOW + timedelta(hours=26)) == ["test.often"]
    assert names(NOW + timedelta(hours=26, seconds=1)) == ["test.night", "test.often"]


def test_a_good_run_gives_it_again():
    heartbeat.mark_start(now=NOW - timedelta(days=1))
    ran("test.night", NOW)
    ran("test.often", NOW - timedelta(minutes=11))
    assert heartbeat.overdue(now=NOW) == [Overdue("test.often", "Often", timedelta(minutes=6))]
    ran("test.often", NOW)
    assert names(NOW) == []


def test_failing_is_not_running():
    ran("test.night", NOW)
    ran("test.often", NOW - timedelta(hours=2))
    for minute in range(5):
        ran("test.often", NOW - timedelta(minutes=minute), ok=False)
    assert heartbeat.overdue(now=NOW) == [Overdue("test.often", "Often", timedelta(hours=1, minutes=55))]


def test_a_nightly_job_is_late_since_its_hour():
    ran("test.night", NOW - timedelta(hours=31))
    ran("test.often", NOW)
    assert heartbeat.overdue(now=NOW) == [Overdue("test.night", "Nightly", timedelta(hours=7))]


def test_work_that_waits_for_five_minutes_is_overdue_however_often_it_was_tried():
    heartbeat.mark_start(now=NOW)
    due_at = NOW - timedelta(minutes=5)
    row = Outbox.objects.create(topic="t", payload={}, created_at=due_at, due_at=due_at)
    assert names(NOW) == []
    later = NOW + timedelta(seconds=1)
    assert heartbeat.overdue(now=later) == [
        Overdue("outbox", "Work waiting in the outbox", timedelta(minutes=5, seconds=1))
    ]
    Outbox.objects.filter(pk=row.pk).update(attempts=3, retry_at=NOW + timedelta(hours=1), last_error="no")
    assert names(later) == ["outbox"]
    Outbox.objects.filter(pk=row.pk).update(done_at=NOW)
    assert names(later) == []


def test_work_promised_for_later_is_not_overdue():
    heartbeat.mark_start(now=NOW)
    Outbox.objects.create(topic="t", payload={}, created_at=NOW - timedelta(days=1), due_at=NOW + timedelta(days=1))
    assert names(NOW) == []


def test_it_is_one_query_however_much_there_is(django_assert_num_queries):
    for minute in range(30):
        ran("test.often", NOW - timedelta(minutes=minute))
        Outbox.objects.create(topic="t", payload={}, created_at=NOW, due_at=NOW)
    with django_assert_num_queries(1):
        heartbeat.overdue(now=NOW)

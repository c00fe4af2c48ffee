"""schedule: which jobs there are, when each is due, and what beat is told."""

from datetime import UTC, datetime, time, timedelta, timezone

import pytest
from celery.schedules import crontab

from config.jobs import schedule
from config.jobs.schedule import Counts, Job


def nothing(*, now: datetime) -> Counts:
    return Counts(0, 0)


def job(every: timedelta = timedelta(minutes=5), nightly_at: time | None = None, name: str = "test.schedule") -> Job:
    return Job(name=name, every=every, run=nothing, label="Test", nightly_at=nightly_at)


NIGHTLY = job(schedule.NIGHT, time(2, 0))


@pytest.mark.parametrize(
    ("ran_at", "due_at"),
    [
        (datetime(2026, 11, 24, 1, 59, tzinfo=UTC), datetime(2026, 11, 24, 2, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 2, 0, tzinfo=UTC), datetime(2026, 11, 25, 2, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), datetime(2026, 11, 25, 2, 0, tzinfo=UTC)),
        (
            datetime(2026, 11, 24, 5, 0, tzinfo=timezone(timedelta(hours=9))),
            datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
        ),
    ],
)
def test_a_nightly_job_is_due_at_its_hour(ran_at, due_at):
    assert NIGHTLY.due_after(ran_at) == due_at


def test_another_job_is_due_after_its_period():
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert job().due_after(at) == at + timedelta(minutes=5)


def test_patience_is_two_periods_or_a_night_and_two_hours():
    assert job().patience == timedelta(minutes=10)
    assert NIGHTLY.patience == timedelta(hours=26)


@pytest.mark.parametrize(("every", "nightly_at"), [(timedelta(0), None), (timedelta(hours=1), time(2, 0))])
def test_it_refuses_a_rhythm_that_cannot_be(every, nightly_at):
    with pytest.raises(ValueError, match=r"test\.schedule"):
        job(every, nightly_at)


def test_it_refuses_two_jobs_of_one_name():
    schedule.register(job())
    try:
        schedule.register(job())  # the same again is the same
        with pytest.raises(ValueError, match=r"Two jobs are named 'test\.schedule'"):
            schedule.register(job(timedelta(hours=1)))
    finally:
        schedule._jobs.pop("test.schedule")


def test_beat_is_told_every_job():
    schedule.register(NIGHTLY)
    try:
        told = schedule.beat_schedule()
        assert set(told) == {known.name for known in schedule.all_jobs()}
        assert told["jobs.sweep"]["schedule"] == timedelta(seconds=30)
        assert told["jobs.sweep"]["args"] == ["jobs.sweep"]
        assert told["test.schedule"]["schedule"] == crontab(hour="2", minute="0")
    finally:
        schedule._jobs.pop("test.schedule")


def test_the_celery_app_has_the_schedule_and_the_tasks():
    from config.celery_app import app

    app.finalize()
    assert "jobs.sweep" in app.conf.beat_schedule
    app.loader.import_default_modules()
    assert {"config.jobs.tasks.sweep", "config.jobs.tasks.run_job", "config.jobs.tasks.catch_up"} <= set(app.tasks)

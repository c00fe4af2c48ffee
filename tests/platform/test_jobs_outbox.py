"""outbox.emit and outbox.sweep: work is part of the write that left it, and is done although things fail."""

import threading
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, connection, transaction

from config.jobs import outbox
from config.jobs.models import JobRun, Outbox
from config.jobs.schedule import Counts

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def topic() -> Iterator[str]:
    name = f"test.{uuid4().hex[:12]}"
    yield name
    outbox._handlers.pop(name, None)


@pytest.fixture
def other_topic(topic: str) -> Iterator[str]:
    yield f"{topic}.other"
    outbox._handlers.pop(f"{topic}.other", None)


def emit(topic: str, *numbers: int, due_at: datetime | None = None) -> None:
    with transaction.atomic():
        for number in numbers:
            outbox.emit(topic, {"n": number}, now=NOW, due_at=due_at)


def note(number: int) -> None:
    """An effect in the database: it stands or falls with the handler's transaction."""
    JobRun.objects.create(job=f"effect {number}", started_at=NOW, finished_at=NOW, ok=True)


def effects() -> list[int]:
    return sorted(int(job.split()[1]) for job in JobRun.objects.values_list("job", flat=True))


def noting(topic: str, *, refuse: Collection[int] = (), error: Exception | None = None) -> list[list[int]]:
    """Handle the topic by noting each number; after noting, fail where a refused number was among them."""
    calls: list[list[int]] = []

    @outbox.handles(topic)
    def handler(payloads: list[dict[str, Any]], *, now: datetime) -> None:
        numbers = [payload["n"] for payload in payloads]
        calls.append(numbers)
        for number in numbers:
            note(number)
        if refused := set(refuse) & set(numbers):
            raise error or ValueError(f"cannot do {sorted(refused)}")

    return calls


def in_threads(*acts: Callable[[], object]) -> None:
    """Run each act in a thread with a connection of its own, and raise what they raise."""
    problems: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    if problems:
        raise problems[0]


# --- emit -----------------------------------------------------------------------------------------
def test_it_refuses_to_stand_outside_a_transaction(topic):
    with pytest.raises(outbox.OutsideTransaction):
        outbox.emit(topic, {"n": 1}, now=NOW)
    assert not Outbox.objects.exists()


def test_it_disappears_with_the_write_that_left_it(topic):
    with transaction.atomic():
        outbox.emit(topic, {"n": 1}, now=NOW)
        transaction.set_rollback(True)
    assert not Outbox.objects.exists()


def test_it_keeps_what_was_given(topic):
    with transaction.atomic():
        outbox.emit(topic, {"lot": 7}, now=NOW, due_at=NOW + timedelta(hours=1), command_id=42)
    row = Outbox.objects.get()
    assert (row.topic, row.payload, row.created_at, row.due_at) == (topic, {"lot": 7}, NOW, NOW + timedelta(hours=1))
    assert (row.command_id, row.attempts, row.done_at, row.last_error) == (42, 0, None, "")


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"topic": ""}, "outbox_topic_is_named"),
        ({"attempts": -1}, "outbox_attempts_not_negative"),
        ({"retry_at": NOW}, "outbox_retry_follows_a_failure"),
    ],
)
def test_the_database_refuses_it_too(values, constraint):
    good = {"topic": "t", "payload": {}, "created_at": NOW, "due_at": NOW}
    with pytest.raises(IntegrityError, match=constraint):
        Outbox.objects.create(**{**good, **values})


# --- sweep ----------------------------------------------------------------------------------------
def test_it_hands_over_a_topic_at_once_and_only_once(topic):
    calls = noting(topic)
    emit(topic, 1, 2, 3)
    assert outbox.sweep(now=NOW) == Counts(seen=3, changed=3)
    assert outbox.sweep(now=NOW + timedelta(hours=1)) == Counts(seen=0, changed=0)
    assert calls == [[1, 2, 3]]
    assert effects() == [1, 2, 3]
    assert set(Outbox.objects.values_list("done_at", "attempts")) == {(NOW, 0)}


def test_it_leaves_what_is_not_due(topic):
    noting(topic)
    emit(topic, 1, due_at=NOW + timedelta(minutes=10))
    assert outbox.sweep(now=NOW + timedelta(minutes=9)).seen == 0
    assert outbox.sweep(now=NOW + timedelta(minutes=10)).changed == 1


def test_it_stops_at_the_limit(topic):
    calls = noting(topic)
    emit(topic, *range(5))
    assert outbox.sweep(now=NOW, limit=2) == Counts(seen=2, changed=2)
    assert outbox.sweep(now=NOW, limit=2) == Counts(seen=2, changed=2)
    assert outbox.sweep(now=NOW, limit=2) == Counts(seen=1, changed=1)
    assert calls == [[0, 1], [2, 3], [4]]


def test_it_works_through_more_than_one_batch(topic):
    calls = noting(topic)
    emit(topic, *range(outbox.BATCH + 3))
    assert outbox.sweep(now=NOW).changed == outbox.BATCH + 3
    assert [len(call) for call in calls] == [outbox.BATCH, 3]


def test_it_runs_all_handlers_of_a_topic_in_one_transaction(topic):
    first = noting(topic)
    second: list[int] = []

    @outbox.handles(topic)
    def fail_once(payloads: list[dict[str, Any]], *, now: datetime) -> None:
        second.append(len(payloads))
        if len(second) == 1:
            raise RuntimeError("not today")

    emit(topic, 1)
    assert outbox.sweep(now=NOW).changed == 0
    assert effects() == []
    assert outbox.sweep(now=NOW + timedelta(minutes=1)).changed == 1
    assert effects() == [1]
    assert (first, second) == ([[1], [1]], [1, 1])


def test_it_keeps_a_failure_with_its_error_and_waits_longer_each_time(topic):
    noting(topic, refuse={1}, error=ValueError("no such lot\nDETAIL: a whole row of figures"))
    emit(topic, 1)
    moment, waits = NOW, []
    for _ in range(12):
        assert outbox.sweep(now=moment) == Counts(seen=1, changed=0)
        retry_at = Outbox.objects.get().retry_at
        assert retry_at is not None
        waits.append((retry_at - moment).total_seconds())
        assert outbox.sweep(now=retry_at - timedelta(seconds=1)).seen == 0
        moment = retry_at
    row = Outbox.objects.get()
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600, 3600]
    assert (row.attempts, row.done_at, row.due_at) == (12, None, NOW)
    assert row.last_error == "ValueError: no such lot"
    assert effects() == []


def test_a_poison_row_holds_back_no_other(topic, other_topic):
    calls = noting(topic, refuse={2})
    noting(other_topic)
    emit(topic, 1, 2, 3)
    emit(other_topic, 4)
    assert outbox.sweep(now=NOW) == Counts(seen=4, changed=3)
    assert calls == [[1, 2, 3], [1], [2], [3]]
    assert effects() == [1, 3, 4]
    assert list(Outbox.objects.filter(done_at=None).values_list("payload", "attempts")) == [({"n": 2}, 1)]


def test_a_row_that_succeeds_at_last_forgets_its_error(topic):
    noting(topic, refuse={1})
    emit(topic, 1)
    outbox.sweep(now=NOW)
    outbox._handlers.pop(topic)
    noting(topic)
    outbox.sweep(now=NOW + timedelta(minutes=1))
    row = Outbox.objects.get()
    assert (row.done_at, row.attempts, row.last_error) == (NOW + timedelta(minutes=1), 1, "")
    assert row.retry_at is None


def test_an_error_of_the_database_in_a_handler_spoils_nothing_else(topic, other_topic):
    @outbox.handles(topic)
    def break_a_rule(payloads: list[dict[str, Any]], *, now: datetime) -> None:
        JobRun.objects.create(job="bad", started_at=now, finished_at=now - timedelta(hours=1), ok=True)

    noting(other_topic)
    emit(topic, 1, 2)
    emit(other_topic, 3)
    assert outbox.sweep(now=NOW) == Counts(seen=3, changed=1)
    assert effects() == [3]
    errors = Outbox.objects.filter(topic=topic).values_list("last_error", flat=True)
    assert all("job_run_finishes_after_its_start" in error and "DETAIL" not in error for error in errors)


def test_it_keeps_work_that_nothing_handles(topic, other_topic):
    noting(other_topic)
    emit(topic, 1, 2)
    emit(other_topic, 3)
    assert outbox.sweep(now=NOW) == Counts(seen=3, changed=1)
    kept = Outbox.objects.filter(topic=topic).values_list("done_at", "attempts", "last_error")
    assert list(kept) == [(None, 1, f"UnknownTopic: Nothing handles the topic '{topic}'.")] * 2


def test_work_that_takes_too_long_goes_behind_the_rest(topic, other_topic):
    noting(topic, refuse={1}, error=SoftTimeLimitExceeded())
    noting(other_topic)
    emit(topic, 1, 2)
    emit(other_topic, 3)
    with pytest.raises(SoftTimeLimitExceeded):
        outbox.sweep(now=NOW)
    assert outbox.sweep(now=NOW) == Counts(seen=1, changed=1)
    assert effects() == [3]
    kept = Outbox.objects.filter(topic=topic).values_list("attempts", "last_error")
    assert list(kept) == [(1, "SoftTimeLimitExceeded: SoftTimeLimitExceeded()")] * 2


# --- several sweeps at once -----------------------------------------------------------------------
def test_a_second_sweep_passes_over_what_the_first_holds(topic, other_topic):
    held, may_end = threading.Event(), threading.Event()
    calls: list[int] = []

    @outbox.handles(topic)
    def slow(payloads: list[dict[str, Any]], *, now: datetime) -> None:
        calls.append(len(payloads))
        held.set()
        assert may_end.wait(20)

    noting(other_topic)
    emit(topic, 1, 2)
    emit(other_topic, 3)

    def second() -> None:
        assert held.wait(20)
        try:
            assert outbox.sweep(now=NOW) == Counts(seen=1, changed=1)
        finally:
            may_end.set()

    in_threads(lambda: outbox.sweep(now=NOW), second)
    assert calls == [2]
    assert not Outbox.objects.filter(done_at=None).exists()


def test_sweeps_side_by_side_do_each_row_once(topic):
    calls = noting(topic)
    emit(topic, *range(120))
    start = threading.Barrier(6)

    def sweep_all() -> None:
        start.wait(20)
        for _ in range(40):
            outbox.sweep(now=NOW, limit=7)

    in_threads(*[sweep_all] * 6)
    assert sorted(number for call in calls for number in call) == list(range(120))
    assert effects() == list(range(120))

"""Long work: asked for once, watched and cancelled while it runs, done anew when its worker is killed, never left half-made."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from config.accounts.models import User
from config.audit import commands
from config.jobs import byhand, outbox, work
from config.jobs.models import JobRun, StackStart, Work
from config.jobs.progress import Running

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def dee() -> User:
    return User.objects.create_user("dee", "a-long-password-7", name="Dee", roles=["manager"])


@pytest.fixture
def kind() -> Iterator[Callable[..., None]]:
    """Registers a kind of work that writes one StackStart (any row will do) when it is done."""

    def make(run: Callable[[Work, Running], Any], **more: Any) -> None:
        def keep(_work: Work, made: Any, now: Any) -> dict[str, Any]:
            StackStart.objects.create(started_at=now)
            return {"made": made}

        work.register(work.Kind(name="test.work", title=lambda _: "A test", run=run, keep=keep, **more))

    yield make
    work._kinds.pop("test.work", None)


def ask(user: User) -> int:
    by = commands.By(actor=user, key=uuid4(), now=timezone.now())
    made = commands.run(by, kind="test", request={}, act=lambda o: {"work": work.ask(o, kind="test.work", about={})})
    return int(made["work"])


def cancel(user: User, number: int) -> commands.Answer:
    return work.cancel(commands.By(actor=user, key=uuid4(), now=timezone.now()), number=number)


def in_thread(number: int) -> threading.Thread:
    def go() -> None:
        work.carry_out(number, now=timezone.now())
        connection.close()

    thread = threading.Thread(target=go)
    thread.start()
    return thread


def comes_true(check: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.05)
    return check()


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"state": "odd"}, "work_state_is_known|work_ends_when_it_is_over"),
        ({"state": "cancelled"}, "work_ends_when_it_is_over"),
        ({"finished_at": NOW}, "work_ends_when_it_is_over"),
        ({"state": "failed", "finished_at": NOW}, "work_says_why_it_failed"),
        ({"state": "done", "finished_at": NOW, "cancel_asked_at": NOW}, "work_done_is_not_cancelled"),
        ({"done": -1}, "work_progress_not_negative"),
        ({"total": -1}, "work_progress_not_negative"),
        ({"attempts": -1}, "work_progress_not_negative"),
    ],
)
def test_the_database_refuses_work_that_cannot_be(dee, kind, changed, constraint):
    kind(lambda _asked, _running: 0)
    number = ask(dee)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Work.objects.filter(pk=number).update(**changed)


def test_it_is_done_once_and_keeps_its_result(dee, kind):
    seen = []

    def run(asked: Work, _running: Running) -> int:
        seen.append(asked.about)
        return 7

    kind(run)
    number = ask(dee)
    assert work.one(dee, number).state == "waiting"
    assert work.carry_out(number, now=timezone.now())
    assert not work.carry_out(number, now=timezone.now())
    row = Work.objects.get(pk=number)
    assert (row.state, row.result, row.attempts, len(seen)) == ("done", {"made": 7}, 1, 1)
    assert StackStart.objects.count() == 1


def test_progress_is_seen_while_its_transaction_is_open(dee, kind):
    go_on = threading.Event()

    def run(_asked: Work, running: Running) -> None:
        from django.db import transaction

        with transaction.atomic():
            StackStart.objects.create(started_at=timezone.now())
            running.at(3, 9, "the third")
            assert go_on.wait(20)

    kind(run)
    number = ask(dee)
    thread = in_thread(number)
    try:
        assert comes_true(lambda: work.one(dee, number).share == 33)
        assert (work.one(dee, number).doing, StackStart.objects.count()) == ("the third", 0)
        assert not work.carry_out(number, now=timezone.now()), "its lock is held"
    finally:
        go_on.set()
        thread.join(20)
    assert work.one(dee, number).state == "done"


def test_cancelling_stops_it_within_seconds_in_the_middle_of_a_long_statement(dee, kind):
    dropped = []

    def run(_asked: Work, running: Running) -> None:
        running.at(1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")

    kind(run, drop=lambda asked: dropped.append(asked.pk))
    number = ask(dee)
    thread = in_thread(number)
    assert comes_true(lambda: work.one(dee, number).state == "running")
    began = time.monotonic()
    assert cancel(dee, number)["state"] == "running"
    thread.join(20)
    assert time.monotonic() - began < 5
    assert work.one(dee, number).state == "cancelled"
    assert (StackStart.objects.count(), len(dropped)) == (0, 2)


def test_cancelled_while_it_waits_it_never_begins(dee, kind):
    kind(lambda asked, running: pytest.fail("it ran"))
    number = ask(dee)
    assert cancel(dee, number)["state"] == "cancelled"
    assert not work.carry_out(number, now=timezone.now())
    with pytest.raises(work.AlreadyOver):
        cancel(dee, number)


def test_cancel_and_finish_at_once_leave_one_of_the_two(dee, kind):
    """The finish holds the row's lock: whoever comes first wins, and what was made shows only with 'done'."""
    for pause in (0.0, 0.02, 0.05):
        StackStart.objects.all().delete()
        kind(lambda asked, running, pause=pause: time.sleep(pause))
        number = ask(dee)
        thread = in_thread(number)
        refused = False
        try:
            cancel(dee, number)
        except work.AlreadyOver:
            refused = True
        thread.join(20)
        state = work.one(dee, number).state
        assert (state, StackStart.objects.count()) == (("done", 1) if refused else ("cancelled", 0))


def test_what_fails_says_so_and_keeps_nothing(dee, kind):
    def run(_asked: Work, _running: Running) -> None:
        raise ValueError("a secret figure")

    kind(run)
    number = ask(dee)
    assert work.carry_out(number, now=timezone.now())
    row = work.one(dee, number)
    assert row.state == "failed"
    assert "secret" not in row.error
    assert f"work {number}" in row.error


KILLED = """
import os, sys, django
django.setup()
from django.utils import timezone
from django.db import connection, transaction
from config.jobs import work
from config.jobs.models import StackStart
def run(asked, running):
    with transaction.atomic():
        StackStart.objects.create(started_at=timezone.now())
        running.at(5, 10, "half")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")
work.register(work.Kind(name="test.work", title=lambda _: "A test", run=run, keep=lambda *_: {}))
work.carry_out(int(sys.argv[1]), now=timezone.now())
"""


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_work_is_done_anew(dee, kind, monkeypatch):
    kind(lambda asked, running: "whole")
    number = ask(dee)
    environment = {
        **os.environ,
        "TEST_DATABASE": connection.settings_dict["NAME"],
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    worker = subprocess.Popen([sys.executable, "-c", KILLED, str(number)], env=environment)
    try:
        assert comes_true(lambda: work.one(dee, number).doing == "half", 30)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert StackStart.objects.count() == 0
    handed: list[int] = []
    monkeypatch.setattr(work, "_hand_over", handed.append)
    assert work.take_up(now=timezone.now()).seen == 0, "it may only be slow"
    work.take_up(now=timezone.now() + timedelta(seconds=130))
    assert handed == [number]
    assert comes_true(lambda: work.carry_out(number, now=timezone.now())), "the dead session still holds it"
    row = work.one(dee, number)
    assert (row.state, row.again, row.result) == ("done", True, {"made": "whole"})


def test_after_three_tries_it_fails_clearly(dee, kind):
    kind(lambda asked, running: pytest.fail("it ran"))
    number = ask(dee)
    Work.objects.filter(pk=number).update(attempts=3, state="running", started_at=timezone.now())
    work.carry_out(number, now=timezone.now())
    assert "three times" in work.one(dee, number).error


def test_no_more_run_at_once_than_may(dee, kind, settings):
    settings.LONG_WORK_AT_ONCE = 1
    go_on = threading.Event()
    kind(lambda asked, running: go_on.wait(20))
    first, second = ask(dee), ask(dee)
    thread = in_thread(first)
    try:
        assert comes_true(lambda: work.one(dee, first).state == "running")
        assert not work.carry_out(second, now=timezone.now())
        assert work.one(dee, second).state == "waiting"
    finally:
        go_on.set()
        thread.join(20)


def test_only_who_asked_sees_it_and_others_are_told_there_is_none(dee, kind):
    kind(lambda asked, running: None)
    number = ask(dee)
    eve = User.objects.create_user("eve", "a-long-password-7", name="Eve", roles=["manager"])
    for who in (number, number + 1000):
        with pytest.raises(work.WorkNotFound, match="There is no such work"):
            work.one(eve, who)
        with pytest.raises(work.WorkNotFound):
            cancel(eve, who)


def test_the_outbox_hands_it_to_a_worker(dee, kind, monkeypatch):
    handed: list[int] = []
    monkeypatch.setattr(work, "_hand_over", handed.append)
    kind(lambda asked, running: None)
    number = ask(dee)
    outbox.sweep(now=timezone.now())
    assert handed == [number]


def test_a_verification_by_hand_tells_each_check_and_leaves_its_run():
    ada = User.objects.create_user("ada", "a-long-password-7", name="Ada", roles=["administrator"])
    by = commands.By(actor=ada, key=uuid4(), now=timezone.now())
    number = byhand.ask(by, name="inventory.verify_ledger")["work"]
    assert work.carry_out(number, now=timezone.now())
    row = work.one(ada, number)
    assert row.state == "done", row.error
    assert row.done == row.total
    assert JobRun.objects.get().ok

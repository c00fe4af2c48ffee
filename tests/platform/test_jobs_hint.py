"""hint.send: Celery hears of work after the commit; a dead broker costs a moment and fails no write."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.db import transaction

from config.jobs import hint, outbox
from config.jobs.breaker import QUIET_SECONDS, Breaker
from config.jobs.models import Outbox

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def breaker(monkeypatch: pytest.MonkeyPatch) -> Breaker:
    fresh = Breaker("The broker took no hint")
    monkeypatch.setattr(hint, "breaker", fresh)
    return fresh


@pytest.fixture
def mute_broker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Something that accepts connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        monkeypatch.setattr(current_app.conf, "broker_url", f"redis://127.0.0.1:{listener.getsockname()[1]}/0")
        yield


@pytest.fixture
def dead_broker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(current_app.conf, "broker_url", f"redis+socket://{tmp_path}/none.sock")


def waiting() -> int:
    """Messages that wait in the broker."""
    with current_app.connection_for_read() as broker:
        return int(broker.default_channel.queue_declare("celery").message_count)


def write() -> float:
    """A write that leaves work behind; returns how long it took."""
    began = time.monotonic()
    with transaction.atomic():
        outbox.emit("test.hint", {}, now=NOW)
    return time.monotonic() - began


def test_one_transaction_sends_one_hint():
    assert hint.send()
    before = waiting()
    with transaction.atomic():
        for _ in range(5):
            outbox.emit("test.hint", {}, now=NOW)
        assert waiting() == before
    assert waiting() == before + 1


def test_a_rolled_back_write_sends_none():
    assert hint.send()
    before = waiting()
    with transaction.atomic():
        outbox.emit("test.hint", {}, now=NOW)
        transaction.set_rollback(True)
    assert waiting() == before
    write()
    assert waiting() == before + 1


def test_work_for_later_sends_none():
    assert hint.send()
    before = waiting()
    with transaction.atomic():
        outbox.emit("test.hint", {}, now=NOW, due_at=NOW + timedelta(minutes=5))
    assert waiting() == before


@pytest.mark.usefixtures("dead_broker")
def test_a_dead_broker_fails_no_write(breaker):
    assert write() < 1
    assert Outbox.objects.count() == 1
    assert breaker.failures == 1


@pytest.mark.usefixtures("mute_broker")
def test_a_mute_broker_costs_one_write_a_second_at_most_and_the_next_ones_nothing(breaker):
    assert write() < 1
    began = time.monotonic()
    for _ in range(20):
        write()
    assert time.monotonic() - began < 1
    assert breaker.failures == 1
    assert Outbox.objects.count() == 21


@pytest.mark.usefixtures("dead_broker")
def test_it_tries_again_after_a_pause(breaker, caplog):
    for _ in range(3):
        assert not hint.send()
    assert breaker.failures == 1
    breaker.quiet_until -= QUIET_SECONDS
    assert not hint.send()
    assert breaker.failures == 2
    assert len([record for record in caplog.records if record.name == Breaker.__module__]) == 1


def test_it_lets_one_writer_at_a_time_try_after_a_failure(breaker):
    breaker.failed(OSError("gone"))
    breaker.quiet_until -= QUIET_SECONDS
    assert [breaker.may_try() for _ in range(3)] == [True, False, False]
    breaker.succeeded()
    assert [breaker.may_try() for _ in range(3)] == [True, True, True]

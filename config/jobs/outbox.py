"""The database is the queue: work that a write leaves behind is a row of the same transaction, run by the sweep.

Celery is told that there is work (config.jobs.hint), but nothing is lost when it does not hear.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from config.jobs import hint
from config.jobs.failure import sentence
from config.jobs.models import Outbox
from config.jobs.schedule import Counts

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
BATCH = 500
MOST = 10_000


class Handler(Protocol):
    """Does the work of one topic for many payloads at once. A payload may come twice: the second changes nothing."""

    def __call__(self, payloads: list[dict[str, Any]], *, now: datetime) -> None: ...


H = TypeVar("H", bound=Handler)
_handlers: dict[str, list[Handler]] = {}


class OutsideTransaction(RuntimeError):
    def __init__(self) -> None:
        super().__init__("outbox.emit() belongs inside the transaction of the write that it follows.")


def handles(topic: str) -> Callable[[H], H]:
    """Decorator: the function handles the topic. A topic may have several handlers, which succeed or fail together."""

    def register(handler: H) -> H:
        known = _handlers.setdefault(topic, [])
        if handler not in known:
            known.append(handler)
        return handler

    return register


def emit(
    topic: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    due_at: datetime | None = None,
    command_id: int | None = None,
) -> None:
    """Leave work behind, in the caller's transaction; it runs after the commit, from `due_at` on (at once without it).

    `payload` is JSON. Raises OutsideTransaction where there is no transaction to belong to.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction
    Outbox.objects.create(topic=topic, payload=payload, created_at=now, due_at=due_at or now, command_id=command_id)
    if due_at is None or due_at <= now:
        hint.after_commit()


def sweep(*, now: datetime, limit: int = MOST) -> Counts:
    """Run up to `limit` rows that are due, oldest topic first, at most 500 rows of one topic in one transaction.

    Rows that another sweep holds are passed over. A row that fails is kept with its error and tried again later; rows
    beside it are done all the same. Returns rows taken and rows done.
    """
    seen = changed = 0
    while seen < limit:
        taken, done = _sweep_topic(now, min(BATCH, limit - seen))
        if not taken:
            break
        seen, changed = seen + taken, changed + done
    return Counts(seen=seen, changed=changed)


def _sweep_topic(now: datetime, limit: int) -> tuple[int, int]:
    rows: list[Outbox] = []
    try:
        with transaction.atomic():
            rows = _claim(now, limit)
            return len(rows), _deliver(rows, now) if rows else 0
    except SoftTimeLimitExceeded as error:
        # The transaction is gone, so the rows are put back here; or the same slow rows would stand first for ever.
        with transaction.atomic():
            _fail(Outbox.objects.filter(pk__in=[row.pk for row in rows]), error, now)
        raise


def _claim(now: datetime, limit: int) -> list[Outbox]:
    """Lock the due rows of one topic: that of the oldest row which nobody else holds."""
    free = (
        Outbox.objects.select_for_update(skip_locked=True)
        .filter(Q(retry_at__isnull=True) | Q(retry_at__lte=now), done_at__isnull=True, due_at__lte=now)
        .order_by("due_at", "id")
    )
    oldest = free.first()
    return list(free.filter(topic=oldest.topic)[:limit]) if oldest else []


def _deliver(rows: list[Outbox], now: datetime) -> int:
    """Hand rows of one topic to its handlers, together, or one by one where that fails. Returns the rows done."""
    mine = Outbox.objects.filter(pk__in=[row.pk for row in rows])
    try:
        with transaction.atomic():
            for handler in _handlers_of(rows[0].topic):
                handler([row.payload for row in rows], now=now)
            return mine.update(done_at=now, retry_at=None, last_error="")
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        if len(rows) == 1 or isinstance(error, UnknownTopic):
            log.exception("Outbox work failed: %s, rows %s", rows[0].topic, [row.pk for row in rows])
            _fail(mine, error, now)
            return 0
        log.warning("Outbox work on %s failed for %d rows together; trying each: %s", rows[0].topic, len(rows), error)
    return sum(_deliver([row], now) for row in rows)


class UnknownTopic(LookupError):
    def __init__(self, topic: str) -> None:
        super().__init__(f"Nothing handles the topic {topic!r}.")


def _handlers_of(topic: str) -> list[Handler]:
    if topic not in _handlers:
        raise UnknownTopic(topic)
    return _handlers[topic]


def _fail(rows: QuerySet[Outbox], error: Exception, now: datetime) -> None:
    """Keep the rows for later, each after a wait that doubles with its failures."""
    for row in rows.only("attempts"):
        wait = min(FIRST_RETRY * 2 ** min(row.attempts, 16), LONGEST_RETRY)
        Outbox.objects.filter(pk=row.pk).update(
            attempts=F("attempts") + 1, retry_at=now + wait, last_error=sentence(error)
        )

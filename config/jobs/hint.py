"""The hint that work waits, sent to Celery after a commit.

It may fail: the sweep finds the work anyway. So it never raises, never waits long, and after a failure it keeps still
for a while: a dead broker costs one request a moment and the others nothing.
"""

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import cast

from celery import Celery, current_app
from django.db import transaction
from kombu.pools import producers

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.5
QUIET_SECONDS = 5.0
LOG_EVERY_SECONDS = 60.0
# A hint that nobody took while a sweep came by on its own is worth nothing.
EXPIRES_SECONDS = 30


@dataclass
class Breaker:
    """Lets hints through until one fails; then one try at a time, each after a pause."""

    failures: int = 0
    quiet_until: float = 0.0
    logged_at: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def may_try(self) -> bool:
        with self.lock:
            if not self.quiet_until:
                return True
            if time.monotonic() < self.quiet_until:
                return False
            self.quiet_until = time.monotonic() + QUIET_SECONDS
            return True

    def succeeded(self) -> None:
        with self.lock:
            self.quiet_until = 0.0

    def failed(self, error: Exception) -> None:
        with self.lock:
            now = time.monotonic()
            self.failures += 1
            self.quiet_until = now + QUIET_SECONDS
            if now - self.logged_at >= LOG_EVERY_SECONDS:
                self.logged_at = now
                log.warning(
                    "The broker took no hint (%d failures so far); the sweep will do the work: %s", self.failures, error
                )


class _Asked(threading.local):
    flag = False


breaker = Breaker()
_asked = _Asked()


def after_commit() -> None:
    """Send one hint after the present transaction commits, however many rows it leaves behind."""
    _asked.flag = True
    transaction.on_commit(_send_once, robust=True)


def _send_once() -> None:
    if _asked.flag:
        _asked.flag = False
        send()


def send() -> bool:
    """Tell Celery to sweep now. True when the broker took it; False, quickly, when not."""
    if not breaker.may_try():
        return False
    try:
        _publish(cast(Celery, current_app))
    except Exception as error:  # whatever is wrong with the broker, the write it followed stands
        breaker.failed(error)
        return False
    breaker.succeeded()
    return True


def _publish(app: Celery) -> None:
    connection = app.connection_for_write(
        transport_options={
            "socket_connect_timeout": TIMEOUT_SECONDS,
            "socket_timeout": TIMEOUT_SECONDS,
            "max_retries": 0,
        }
    )
    with producers[connection].acquire(block=True, timeout=TIMEOUT_SECONDS) as producer:
        app.send_task("config.jobs.tasks.sweep", producer=producer, retry=False, expires=EXPIRES_SECONDS)

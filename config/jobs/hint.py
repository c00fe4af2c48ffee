"""The hint that work waits, sent to Celery after a commit.

It may fail: the sweep finds the work anyway. So it never raises, never waits long, and after a failure it keeps still
for a while: a dead broker costs one request a moment and the others nothing.
"""

import threading
from typing import cast

from celery import Celery, current_app
from django.db import transaction
from kombu.pools import producers

from config.jobs.breaker import Breaker

TIMEOUT_SECONDS = 0.5
# A hint that nobody took while a sweep came by on its own is worth nothing.
EXPIRES_SECONDS = 30


class _Asked(threading.local):
    flag = False


breaker = Breaker("The broker took no hint; the sweep will do the work")
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

"""Several people at once: threads with a connection each, started together, and a way to see that one waits."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

PATIENCE_S = 60


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at the same moment, each in a thread of its own; returns what each returned or raised, in order."""
    results: list[Any] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def one(index: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(PATIENCE_S)
            results[index] = act()
        except BaseException as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(index, act), daemon=True) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert not any(thread.is_alive() for thread in threads), "somebody still waits: a deadlock that was not broken"
    return results


@dataclass
class Waiting:
    """What the one who had to wait got in the end."""

    result: list[Any] = field(default_factory=list)

    def outcome(self) -> Any:
        return self.result[0]


@contextmanager
def waiting(act: Callable[[], Any]) -> Iterator[Waiting]:
    """Start `act` in another thread and go on here once it waits for a lock that the caller holds.

    Leave the caller's transaction inside the block; after the block the outcome is there.
    """
    found = Waiting()
    pids: list[int] = []

    def one() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                pids.append(cursor.fetchone()[0])
            found.result.append(act())
        except BaseException as error:
            found.result.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=one, daemon=True)
    thread.start()
    _until_blocked(thread, pids)
    yield found


def finish(found: Waiting) -> Any:
    """Wait for the outcome of the one who waited."""
    end = time.monotonic() + PATIENCE_S
    while not found.result:
        assert time.monotonic() < end, "it still waits"
        time.sleep(0.005)
    return found.outcome()


def _until_blocked(thread: threading.Thread, pids: list[int]) -> None:
    end = time.monotonic() + PATIENCE_S
    while thread.is_alive():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = ANY(%s)", [pids])
            if cursor.fetchone()[0]:
                return
        assert time.monotonic() < end, "it never came to wait"
        time.sleep(0.005)

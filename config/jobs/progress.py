"""Long work while it runs: its lock, what it tells of itself, and how it learns that it was cancelled.

The work's own connection may stand in one long transaction, of which nobody else sees anything. So a second connection
holds the work's lock, tells how far it is, and looks whether a person cancelled it; a thread does that twice a second, also
while the work waits for one long statement, which it then breaks off.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from config.jobs.models import Work

EVERY_S = 0.5
LONGEST_WORDS = 200

TELL = """
    UPDATE jobs_work SET done = %s, total = %s, doing = %s, seen_at = %s WHERE id = %s AND state = 'running'
    RETURNING cancel_asked_at IS NOT NULL
"""


class Cancelled(Exception):
    """A person cancelled the work that this is part of. Whatever catches it undoes and raises it again."""


class LostHold(RuntimeError):
    def __init__(self) -> None:
        super().__init__("The connection that held this work is gone, so another worker may have it now.")


class Steps:
    """What a long function tells of itself: `at(done, total, doing)`. This one tells nobody and is never cancelled."""

    @property
    def cancelled(self) -> bool:
        return False

    def at(self, done: int, total: int | None = None, doing: str = "") -> None:
        """Say how far it is, as often as you like. Raises Cancelled when it should stop."""


QUIET = Steps()


class Running(Steps):
    """One work under way in this process, from taking its lock to letting it go."""

    def __init__(self, work_id: int, *, now: datetime) -> None:
        self.work_id = work_id
        self._began, self._clock = now, time.monotonic()
        self._side: BaseDatabaseWrapper = connections[DEFAULT_DB_ALIAS].copy()
        self._side.inc_thread_sharing()
        self._main = connections[DEFAULT_DB_ALIAS]
        self._told: tuple[int, int | None, str] = (0, None, "")
        self._over = threading.Event()
        self._cancelled = self._lost = False
        self._thread = threading.Thread(target=self._watch, name=f"work {work_id}", daemon=True)

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def now(self) -> datetime:
        """The moment, counted on from when it was begun."""
        return self._began + timedelta(seconds=time.monotonic() - self._clock)

    def at(self, done: int, total: int | None = None, doing: str = "") -> None:
        """Say how far it is; costs nothing. Raises Cancelled, or LostHold when the lock went with its connection."""
        self._told = (done, total, doing[:LONGEST_WORDS])
        self.check()

    def check(self) -> None:
        """Raises Cancelled or LostHold, as `at` does."""
        if self._cancelled:
            raise Cancelled
        if self._lost:
            raise LostHold

    def take(self) -> bool:
        """Take the work's lock, and a place among those that may run at once; False when either is taken."""
        for line in (self._main, self._side):
            with line.cursor() as cursor:
                # A worker that is killed must not leave its query running: the server looks after it.
                cursor.execute("SET client_connection_check_interval = '2s'")
        with self._side.cursor() as cursor:
            wanted = [f"work:{self.work_id}"]
            places = [f"work place {place}" for place in range(settings.LONG_WORK_AT_ONCE)]
            return self._any(cursor, wanted) and self._any(cursor, places)

    def _any(self, cursor: CursorWrapper, names: list[str]) -> bool:
        for name in names:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
            row = cursor.fetchone()
            if row and row[0]:
                return True
        return False

    def start(self) -> None:
        """Begin to tell and to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Tell once more and watch no longer; the lock is kept. After this no statement is broken off."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._tell()

    def close(self) -> None:
        """Let the lock go."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        with suppress(Error):
            self._side.close()

    def _watch(self) -> None:
        while not self._over.wait(EVERY_S):
            self._tell()
            if self._cancelled or self._lost:
                self._break_off()

    def _tell(self) -> None:
        try:
            with self._side.cursor() as cursor:
                cursor.execute(TELL, [*self._told, self.now(), self.work_id])
                row = cursor.fetchone()
        except Error:
            self._lost = True
            return
        self._cancelled = self._cancelled or bool(row and row[0])

    def _break_off(self) -> None:
        """End the statement that the work waits for, if there is one."""
        line = self._main.connection
        if line is not None:
            with suppress(psycopg.Error):
                line.cancel_safe(timeout=2)


@contextmanager
def holding(work: Work, *, now: datetime) -> Iterator[Running | None]:
    """The work's lock for as long as this lasts; None when another process has it, or as many run as may."""
    running = Running(work.pk, now=now)
    try:
        yield running if running.take() else None
    finally:
        running.close()

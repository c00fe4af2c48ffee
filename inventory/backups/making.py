"""Making a backup: a dump and a fingerprint of one and the same instant, whole or not at all."""

import fcntl
import os
import shutil
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import OperationalError, connection

from inventory import verification
from inventory.backups import fingerprint, manifest, programs
from inventory.backups.manifest import DUMP, MANIFEST, Manifest
from inventory.backups.programs import Failed
from inventory.verification import anchors

UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Made:
    """The backup's own folder, the dump's size in bytes, the rows in it, and the older backups that were removed."""

    folder: Path
    size: int
    rows: int
    removed: list[Path]


def make(*, into: Path, now: datetime, keep: int | None = None) -> Made:
    """Back the database up into a folder of its own inside `into`, readable by its owner alone; keep the newest `keep`.

    What stands there under its name is whole: it is written elsewhere and moved when all of it is on the disk. Raises
    Failed where pg_dump is missing or older than the server, the folder cannot be written, or the dump breaks off.
    """
    _refuse_old_program()
    try:
        with _alone(into):
            found = _write(into / UNFINISHED, now)
            folder = into / f"reserve-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
            (into / UNFINISHED).rename(folder)
            _sync(into)
            removed = list(manifest.good(into))[keep:] if keep else []
            for old in removed:
                shutil.rmtree(old)
    except OSError as error:
        raise Failed(f"The backup cannot be written to {into}: {error.strerror}. Nothing was kept of it.") from error
    rows = sum(int(value or 0) for what, value in found.fingerprint.items() if what.startswith("rows in "))
    return Made(folder, found.size, rows, removed)


def _refuse_old_program() -> None:
    try:
        ours, server = programs.version("pg_dump"), programs.server()
    except OperationalError as error:
        raise Failed(f"The database cannot be reached: {programs.first_line(error)}.") from None
    if ours < server:
        raise Failed(
            f"pg_dump is of version {ours} and cannot back up PostgreSQL {server}. "
            f"Put the programs of PostgreSQL {server} first in PATH (Debian: postgresql-client-{server})."
        )


@contextmanager
def _alone(into: Path) -> Iterator[None]:
    """One backup at a time into a folder; what a killed one left is removed, and so is what this one leaves when it fails."""
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(into, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(into / UNFINISHED, ignore_errors=True)
        yield
    except BlockingIOError:
        raise Failed(f"Another backup is being written to {into}. Wait for it.") from None
    except BaseException:
        shutil.rmtree(into / UNFINISHED, ignore_errors=True)
        raise
    finally:
        os.close(lock)


def _write(folder: Path, now: datetime) -> Manifest:
    folder.mkdir(mode=0o700)
    dump = folder / DUMP
    with verification.snapshot(), connection.cursor() as cursor:
        # The session only holds the snapshot while pg_dump works, and must not be ended for it.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        seen = fingerprint.take()
        migrations = manifest.last_migrations()
        anchor = next(iter(deque(anchors.lines(), maxlen=1)), "")
        programs.run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={dump}")
    made = Manifest(
        made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        migrations=migrations,
        server=programs.server(),
        pg_dump=programs.version("pg_dump"),
        size=dump.stat().st_size,
        sha256=manifest.sha256(dump),
        fingerprint=seen,
        anchor=anchor,
    )
    with os.fdopen(os.open(folder / MANIFEST, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(made.text())
        file.flush()
        os.fsync(file.fileno())
    _sync(folder)
    return made


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""A drill: a backup is restored into a database made for it, proven there, worked in, and the database dropped again."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from psycopg import sql

from inventory.backups.programs import Failed, first_line
from inventory.backups.restoring import Progress, restore

TRIAL_S = 120
MARK = "_drill_"


def drill(*, source: Path, progress: Progress) -> list[str]:
    """Restore the backup into a scratch database on the same server, prove it, sign in there, and drop it, whatever comes.

    Answers a sentence for each thing in which it is not what was backed up. Raises Failed where the backup is of no use,
    the role may make no database, or nobody can work in what was restored.
    """
    with _scratch(progress) as database:
        differing = restore(source=source, database=database, progress=progress)
        if not differing:
            with progress.step("the application started on it, and a person made for the drill signed in"):
                _work_in(database)
        return differing


@contextmanager
def _scratch(progress: Progress) -> Iterator[str]:
    name = f"{connection.settings_dict['NAME'][:40]}{MARK}{secrets.token_hex(4)}"
    with progress.step(f"made the scratch database {name}"):
        try:
            _execute("CREATE DATABASE {} TEMPLATE template0", name)
        except DatabaseError as error:
            raise Failed(
                f"The scratch database cannot be made: {first_line(error)}. "
                "A role needs the right for it: ALTER ROLE … CREATEDB."
            ) from None
    try:
        yield name
    finally:
        with progress.step("dropped the scratch database"):
            _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _execute(statement: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _work_in(database: str) -> None:
    """A process of its own, as the web process is one: what stands in this one's memory proves nothing."""
    command = [sys.executable, "-m", "inventory.backups.working", database]
    try:
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=TRIAL_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"The application did not answer within {TRIAL_S} s on what was restored.") from None
    if done.returncode:
        said = (done.stderr.strip() or "it left no message").splitlines()[-1]
        raise Failed(f"The application does not work on what was restored: {said}")

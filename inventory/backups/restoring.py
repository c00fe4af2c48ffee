"""Restoring a backup into an empty database, and proving there that it is the whole of what was backed up."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from psycopg.conninfo import make_conninfo

from inventory import verification
from inventory.backups import fingerprint, manifest, programs
from inventory.backups.manifest import DUMP, Manifest
from inventory.backups.programs import Failed
from inventory.verification import anchors

# Nothing but what PostgreSQL itself puts into a new database, and what an extension brought.
_SOMETHING = """
    SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1 LIMIT 1
"""


@dataclass(frozen=True)
class Progress:
    """Says each step with its seconds, once it is done."""

    say: Callable[[str], object]

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.say(f"  {time.monotonic() - began:7.1f} s  {what}")


@contextmanager
def at(database: str) -> Iterator[None]:
    """Django's connection leads to another database of the same server meanwhile."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def restore(*, source: Path, database: str, progress: Progress) -> list[str]:
    """Restore the backup into this empty database; a sentence for each thing in which it is not what was backed up.

    A backup of an older version is brought up to this one, once it is proven to be what was backed up. Raises Failed where
    the backup is damaged, is of a newer version, or the database is missing or holds something; then nothing was changed.
    """
    with progress.step(f"the dump of {source} is the one of its manifest"):
        found = manifest.check(source)
    with at(database):
        _refuse_unfit(database, found)
        with progress.step(f"restored into {database}"):
            into = f"--dbname={make_conninfo(dbname=database)}"
            alike = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
            programs.run("pg_restore", *alike, into, str(source / DUMP))
        with progress.step("compared with the fingerprint of the manifest"), verification.snapshot():
            differing = fingerprint.differing(found.fingerprint, fingerprint.take())
        _bring_up(progress)
        with progress.step("ledger verified: balances, positions, days, chains, commands, anchors"):
            return differing + _verify(found)


def _refuse_unfit(database: str, found: Manifest) -> None:
    ours, server = programs.version("pg_restore"), _server(database)
    if ours < found.pg_dump:
        raise Failed(
            f"pg_restore is of version {ours}, and the dump was made by {found.pg_dump}. "
            f"Put the programs of PostgreSQL {found.pg_dump} first in PATH."
        )
    if server < found.server:
        raise Failed(f"The backup is of PostgreSQL {found.server}, and this server is {server}. Use a server as new.")
    with connection.cursor() as cursor:
        cursor.execute(_SOMETHING)
        if something := cursor.fetchone():
            raise Failed(
                f"The database {database} holds something already ({something[0]}), and a backup is restored into an empty "
                "one only. Make one, `createdb --owner=… NAME`, and name it with --database NAME."
            )


def _server(database: str) -> int:
    try:
        return programs.server()
    except OperationalError as error:
        raise Failed(
            f"The database {database} cannot be reached: {programs.first_line(error)}. "
            f"Where there is none yet: `createdb --owner=… {database}`."
        ) from None


def _bring_up(progress: Progress) -> None:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        with progress.step(f"brought up to this version: {len(waiting)} migrations"):
            call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # or every query plans as for empty tables


def _verify(found: Manifest) -> list[str]:
    tally = verification.Tally()
    with verification.snapshot():
        differences = list(verification.differences(tally=tally))
        if found.anchor:
            differences += anchors.against(iter([found.anchor]), tally)
    return [str(difference) for difference in differences]

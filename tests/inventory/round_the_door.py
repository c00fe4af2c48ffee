"""Raw SQL, as somebody with a database password writes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction


def run(sql: str, *values: Any) -> int:
    """Execute one statement; returns the rows it touched. What it did is undone when it fails."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.rowcount


def one(sql: str, *values: Any) -> Any:
    """The first column of the first row."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchone()[0]


@contextmanager
def as_superuser() -> Iterator[None]:
    """Without triggers and foreign keys, as only a superuser can: what stays is CHECK and UNIQUE.

    Skips on an operator's server, where the role of the tests is none: tests/platform/test_grants.py shows what it may not.
    """
    if not one("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        pytest.skip("the database's role is no superuser, so it cannot tamper like one")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def copy(name: str, where: str = "true", **changes: Any) -> None:
    """Insert a copy of a row with other values, round every door."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'"
            " AND is_generated = 'NEVER'",
            [name],
        )
        columns = [column for (column,) in cursor.fetchall()]
        if name == "inventory_lot":
            changes = {"number_key": "a copy", **changes}
        if name == "inventory_lotparent" and not changes:
            cursor.execute("SELECT id FROM inventory_lot ORDER BY id LIMIT 1 OFFSET 1")
            changes = {"parent_id": cursor.fetchone()[0]}
        values = [changes.get(column) for column in columns if column in changes]
        chosen = ", ".join("%s" if column in changes else f'"{column}"' for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        cursor.execute(
            f'INSERT INTO "{name}" ({names}) SELECT {chosen} FROM "{name}" WHERE {where} ORDER BY id LIMIT 1', values
        )
        assert cursor.rowcount == 1, f"no row of {name} to copy"


MADE_UP = {
    "boolean": "false",
    "jsonb": "'{}'",
    "uuid": "gen_random_uuid()",
    "ARRAY": "'{}'",
    "bytea": "''",
    "date": "'2026-01-01'",
    "timestamp with time zone": "'2026-01-01T00:00:00Z'",
    "text": "'x'",
    "character varying": "'x'",
}


def invent(name: str, **values: Any) -> None:
    """Insert a row with made-up values where none are given, past triggers, foreign keys and what else it must satisfy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'NEVER' AND identity_generation IS NULL",
            [name],
        )
        columns = cursor.fetchall()
    given = dict.fromkeys(values, "%s")
    made_up = {
        column: MADE_UP.get(kind, "1") for column, kind, nullable in columns if nullable == "NO" and column not in given
    }
    chosen = {**made_up, **given}
    assert set(values) <= {column for column, _, _ in columns}, f"{name} has no such column: {set(values)}"
    names = ", ".join(f'"{column}"' for column in chosen)
    run(f'INSERT INTO "{name}" ({names}) VALUES ({", ".join(chosen.values())})', *values.values())


def some_row(name: str) -> None:
    """See that the table has a row, or make one up: a trigger for each row says nothing on an empty table."""
    if run(f'SELECT id FROM "{name}" LIMIT 1'):
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [f'"{name}"']
        )
        for (check,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{name}" DROP CONSTRAINT "{check}"')
        invent(name)
        cursor.execute("SET LOCAL session_replication_role = origin")


@contextmanager
def only(name: str, constraint: str) -> Iterator[None]:
    """A table on which of all CHECKs, unique keys and triggers only one constraint is left. Undone at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'u') AND conname <> %s",
            [f'"{name}"', constraint],
        )
        for (other,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{name}" DROP CONSTRAINT "{other}" CASCADE')
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass AND indisunique"
            " AND NOT indisprimary AND indexrelid::regclass::text <> %s",
            [f'"{name}"', constraint],
        )
        for (other,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {other} CASCADE")
        yield
        transaction.set_rollback(True)

"""Raw SQL, as somebody with a database password writes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
    """Without triggers and foreign keys, as only a superuser can: what stays is CHECK and UNIQUE."""
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

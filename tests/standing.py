"""What tests begin with, kept as rows: what migrations left, and the worlds that are made through the doors.

A world takes some hundred statements to make and thousands of tests begin with it. It is made once in a process, through
the doors; its rows are then put back as they were, in one go and with no trigger asked.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection, transaction

Made = TypeVar("Made")


@dataclass(frozen=True)
class Kept(Generic[Made]):
    """`make` made what `made` tells of; `statements` bring the rows back. None where the role may not pass triggers."""

    make: Callable[[], Made]
    made: Made
    statements: str | None

    def again(self) -> Made:
        """What `make` makes, in the database as migrations left it."""
        if self.statements is None:
            return self.make()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(self.statements)
        return copy.deepcopy(self.made)


def keep(make: Callable[[], Made]) -> Kept[Made]:
    """Make it and keep its rows. The database is left as it was."""
    with transaction.atomic():
        may = _passes_triggers()
        before, counted = (_rows(), _sequences()) if may else ({}, {})
        made = make()
        statements = _difference(before, _rows()) + _moved(counted, _sequences()) if may else None
        transaction.set_rollback(True)
    return Kept(make, made, statements)


def keep_reference() -> Kept[None]:
    """Keep what migrations put into the tables, for when a test's end has emptied them."""
    statements = _difference({}, _rows()) + _moved({}, _sequences()) if _passes_triggers() else None
    return Kept(lambda: None, None, statements)


def _passes_triggers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (passes,) = cursor.fetchone()
    return bool(passes)


def _rows() -> dict[str, str]:
    """Every row of every table, as JSON text by table; numbers in it keep their digits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename <> 'django_migrations' ORDER BY 1"
        )
        rows = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]')::text FROM {table} t")
            (rows[table],) = cursor.fetchone()
    return rows


def _sequences() -> dict[str, int | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(sequencename), last_value FROM pg_sequences WHERE schemaname = 'public'")
        return dict(cursor.fetchall())


def _difference(before: dict[str, str], after: dict[str, str]) -> str:
    statements = ["SET LOCAL session_replication_role = replica"]
    with connection.cursor() as cursor:
        for table in (table for table, rows in after.items() if rows != before.get(table, "[]")):
            if before.get(table, "[]") != "[]":
                statements.append(f"DELETE FROM {table}")
            cursor.execute(
                "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
                [table],
            )
            (columns,) = cursor.fetchone()
            cursor.execute(
                "SELECT format('INSERT INTO %%s (%%s) OVERRIDING SYSTEM VALUE"
                " SELECT %%s FROM jsonb_populate_recordset(NULL::%%s, %%L)', %s::text, %s::text, %s::text, %s::text, %s::text)",
                [table, columns, columns, table, after[table]],
            )
            statements.append(cursor.fetchone()[0])
    statements.append("SET LOCAL session_replication_role = origin")
    return "; ".join(statements)


def _moved(before: dict[str, int | None], after: dict[str, int | None]) -> str:
    """Take the sequences on to where they stood, never back: a number that was given is not given again."""
    moved = [(name, at) for name, at in after.items() if at is not None and at != before.get(name)]
    return "".join(f"; SELECT setval('{name}', greatest({at}, (SELECT last_value FROM {name})))" for name, at in moved)

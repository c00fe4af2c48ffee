"""What verification finds, and how its checks ask the database."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from inventory.models import HOLDING

MOST = 1000  # differences that one check names; more of the same kind say nothing new


@dataclass(frozen=True)
class Difference:
    """One place where the ledger does not hold together: the check that found it, and a sentence. `lot_id` 0: no lot."""

    check: str
    text: str
    lot_id: int = 0

    def __str__(self) -> str:
        return self.text


@dataclass
class Tally:
    """How many rows each check looked at, by what it looked at."""

    rows: Counter[str] = field(default_factory=Counter)

    def count(self, what: str, statement: str) -> None:
        """Add the number that the statement gives."""
        self.rows[what] += int(next(iter(select(statement)))["count"])

    @property
    def total(self) -> int:
        return self.rows.total()


def select(statement: str, **values: Any) -> Iterator[dict[str, Any]]:
    """Rows of a statement as dicts. `holding` names the kinds of location that keep a balance."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"holding": list(HOLDING), "most": MOST, **values})
        names = [column.name for column in cursor.description]
        for row in cursor.fetchall():
            yield dict(zip(names, row, strict=True))


def lot_name(row: Mapping[str, Any]) -> str:
    """How a lot is named in a sentence: its number, or its id where the lot itself is gone."""
    return f"lot {row['number']}" if row.get("number") else f"lot with id {row['lot_id']} (which is not there)"


@contextmanager
def snapshot(*, read_only: bool = False) -> Iterator[None]:
    """One REPEATABLE READ transaction: everything inside sees the ledger at one instant. Inside another it uses that one."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ{', READ ONLY' if read_only else ''}")
        cursor.execute("SET LOCAL TimeZone = 'UTC'")
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SET LOCAL jit = off")
        yield

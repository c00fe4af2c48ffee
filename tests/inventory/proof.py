"""What tests of the ledger prove with: what verification finds, and that a refused attempt left nothing but its record."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from config.audit.models import Command
from config.audit.refused import Refused
from inventory import verification


def found() -> list[str]:
    """Every difference that verification names."""
    with verification.snapshot():
        return [str(difference) for difference in verification.differences(tally=verification.Tally())]


@contextmanager
def refused(refusal: type[Refused], **facts: Any) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The act inside is refused so, is recorded as a refused command, and writes nothing else."""
    before = _rows()
    with pytest.raises(refusal) as caught:
        yield caught
    after = _rows()
    assert after.pop("audit_command") == before.pop("audit_command") + 1
    assert after == before
    command = Command.objects.latest("id")
    assert (command.outcome, command.answer["code"]) == ("refused", refusal.code)
    for name, value in facts.items():
        assert caught.value.facts[name] == value
    assert found() == []


def _rows() -> dict[str, int]:
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.managed]
    counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return dict(cursor.fetchall())


def once(door: Callable[..., Any], **given: Any) -> Any:
    """Call the door twice with the same key: the second time it gives the first answer and writes nothing."""
    first = door(**given)
    before = _rows()
    assert door(**given) == first
    assert _rows() == before
    return first

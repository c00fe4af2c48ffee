"""Backups in tests: commands with what they say, and scratch databases beside the test's own."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from inventory.backups.manifest import MANIFEST


def said(*words: str) -> str:
    """What a command says."""
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def backup(into: Path, *words: str) -> Path:
    """Make a backup; its folder."""
    said("backup", "--to", str(into), *words)
    return max(into.glob("reserve-*"))


def edit(folder: Path, **fields: Any) -> None:
    """Write something else into a manifest."""
    path = folder / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def connected(name: str) -> "psycopg.Connection[Any]":
    given = connection.get_connection_params() | {"dbname": name}
    return psycopg.connect(
        **{k: given[k] for k in ("dbname", "user", "password", "host", "port") if given.get(k)}, autocommit=True
    )


@pytest.fixture
def empty() -> Iterator[Callable[[], str]]:
    """Make an empty database beside the test's own; its name. All are dropped again."""
    made: list[str] = []

    def make() -> str:
        name = f"{connection.settings_dict['NAME']}_{len(made)}"
        with connected("postgres") as server:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        made.append(name)
        return name

    yield make
    with connected("postgres") as server:
        for name in made:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

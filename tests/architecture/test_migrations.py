"""Migrations are named for what they do, hold one intent, and can be taken back."""

import re

from django.db import connection
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration

OURS = {"accounts", "audit", "approvals", "jobs", "exports", "inventory", "procurement", "reserve"}


def ours() -> dict[tuple[str, str], Migration]:
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    return {key: migration for key, migration in loader.disk_migrations.items() if key[0] in OURS}


def test_each_is_named_for_what_it_does(db: None) -> None:
    names = {f"{app}.{name}" for app, name in ours()}
    assert names
    good = re.compile(r"\w+\.\d{4}_[a-z][a-z0-9]*(_[a-z0-9]+)*")
    assert {
        name for name in names if "_auto_" in name or name.endswith("_initial") or not good.fullmatch(name)
    } == set()


def test_each_can_be_taken_back(db: None) -> None:
    for (app, name), migration in ours().items():
        assert all(operation.reversible for operation in migration.operations), f"{app}.{name}"


def test_none_changes_schema_and_data_at_once(db: None) -> None:
    for (app, name), migration in ours().items():
        kinds = {
            isinstance(operation, RunPython) for operation in migration.operations if not isinstance(operation, RunSQL)
        }
        assert len(kinds) <= 1, f"{app}.{name}"

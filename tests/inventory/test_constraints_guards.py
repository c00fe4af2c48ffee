"""Going round the doors: rows that may never change, vanish or stand without their link. The database refuses."""

from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from config.audit.chain import registered_tables
from inventory.models import LotFact
from tests.inventory.everything import Everything
from tests.inventory.proof import found
from tests.inventory.round_the_door import copy, run, some_row

pytestmark = pytest.mark.django_db


def guarded_by(name: str) -> list[type[models.Model]]:
    return [m for m in apps.get_models() if any(t.name == name for t in getattr(m._meta, "triggers", ()))]


def table(model: type[models.Model]) -> Any:
    return pytest.param(model._meta.db_table, id=model._meta.db_table)


@pytest.mark.parametrize("name", [table(model) for model in guarded_by("append_only")])
def test_append_only_refuses_to_change_and_to_delete(full: Everything, name: str) -> None:
    some_row(name)
    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        run(f'UPDATE "{name}" SET id = id')
    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        run(f'DELETE FROM "{name}"')


@pytest.mark.parametrize("name", [table(model) for model in guarded_by("no_truncate")])
def test_no_truncate_refuses_to_empty(full: Everything, name: str) -> None:
    with pytest.raises(DatabaseError, match="no_truncate"):
        run(f'TRUNCATE "{name}" CASCADE')


@pytest.mark.parametrize("name", [table(model) for model in guarded_by("never_deleted")])
def test_never_deleted_refuses_to_delete(full: Everything, name: str) -> None:
    some_row(name)
    with pytest.raises(DatabaseError, match="Cannot delete"):
        run(f'DELETE FROM "{name}"')


READ_ONLY = [
    pytest.param(
        model._meta.db_table, str(getattr(model._meta.get_field(field), "column", "")), id=f"{model.__name__}.{field}"
    )
    for model in apps.get_models()
    for trigger in getattr(model._meta, "triggers", ())
    if isinstance(trigger, pgtrigger.ReadOnly)
    for field in trigger.fields or ()
]
OTHER_VALUE = {
    "text": "{0} || 'x'",
    "character varying": "{0} || 'x'",
    "bigint": "coalesce({0}, 0) + 1",
    "smallint": "{0} + 1",
    "timestamp with time zone": "{0} + interval '1 second'",
    "date": "coalesce({0}, '2026-01-01') + 1",
    "jsonb": "'{{}}'::jsonb",
    "ARRAY": "{0} || {0}",
}


def test_read_only_columns_are_those_that_say_what_a_row_is() -> None:
    names = {trigger.name for model in apps.get_models() for trigger in getattr(model._meta, "triggers", ())}
    assert {"identity_never_changes", "question_never_changes", "symbol_never_changes", "place_never_changes"} <= names


@pytest.mark.parametrize(("name", "column"), READ_ONLY)
def test_read_only_columns_refuse_another_value(full: Everything, name: str, column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
            [name, column],
        )
        (kind,) = cursor.fetchone()
    some_row(name)
    other = OTHER_VALUE[kind].format(f'"{column}"')
    with pytest.raises(DatabaseError, match="Cannot update"):
        run(f'UPDATE "{name}" SET "{column}" = {other}')


def test_settled_once_refuses_to_settle_again(full: Everything) -> None:
    with pytest.raises(DatabaseError, match="Cannot update"):
        run("UPDATE approvals_request SET state = 'withdrawn' WHERE state = 'approved'")


# ---- chains --------------------------------------------------------------------------------------------------------


def test_linked_makes_number_and_hash_of_a_lot_fact_itself(full: Everything) -> None:
    last = LotFact.objects.filter(lot__number=full.other).order_by("-seq")[0]
    run(
        "INSERT INTO inventory_lotfact (lot_id, seq, kind, row_id, body, hash)"
        " VALUES (%s, 999, 'forged', 1, '{}', '\\x00')",
        last.lot_id,
    )
    forged = LotFact.objects.get(kind="forged")
    assert forged.seq == last.seq + 1
    assert len(bytes(forged.hash)) == 32
    assert any("last_seq" in text for text in found())


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        (
            "audit_registryfact",
            "(seq, subject, subject_id, act, body, recorded_at, hash) VALUES (9999, 'x', 1, 'insert', '{}',",
        ),
        ("inventory_anchor", "(seq, body, made_at, hash) VALUES (9999, '{}',"),
    ],
)
def test_linked_makes_number_and_hash_of_registry_facts_and_anchors_itself(
    full: Everything, name: str, columns: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(seq) FROM {name}")
        (last,) = cursor.fetchone()
        cursor.execute(f"INSERT INTO {name} {columns} now(), '\\x00') RETURNING seq, length(hash)")
        assert cursor.fetchone() == (last + 1, 32)


CHAINED = [table(model) for model in guarded_by("chained")]


@pytest.mark.parametrize("name", CHAINED)
def test_chained_appends_a_fact_of_every_row(full: Everything, name: str) -> None:
    before = LotFact.objects.count()
    copy(name)
    assert LotFact.objects.count() == before + 1


# What can never be deleted is changed in its own test: tests/platform/test_delegations.py.
KEPT = {model._meta.db_table for model in guarded_by("never_deleted")}
BELOW = [name for name in sorted(set(registered_tables()) - KEPT) if name.startswith(("accounts_", "inventory_"))]


@pytest.mark.parametrize("name", BELOW)
def test_registered_appends_a_fact_of_every_change(full: Everything, name: str) -> None:
    facts = "SELECT act FROM audit_registryfact WHERE subject = %s ORDER BY seq DESC LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT max(id) FROM "{name}"')
        (last,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM audit_registryfact WHERE subject = %s AND subject_id = %s", [name, last])
        assert cursor.fetchone()[0] >= 1
        with transaction.atomic():
            # Deleted round the door and rolled back: what counts is that the trigger saw it.
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(f'DELETE FROM "{name}" WHERE id = %s', [last])
            cursor.execute(facts, [name])
            assert cursor.fetchone() == ("delete",)
            transaction.set_rollback(True)

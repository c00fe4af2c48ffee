"""The roles in docs/operate.md: the application works with them, and cannot rewrite what is appended only."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from inventory.models import Lot, Movement

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not settings.EMBEDDED, reason="the role of an operator's tests may not create roles"),
]


@pytest.fixture
def as_application(world):
    """The rest of the test runs as the application's role, with the grants that the document gives."""
    (grants,) = re.findall(r"-- as reserve_owner.*?\n(.*?)```", (ROOT / "docs" / "operate.md").read_text(), re.DOTALL)
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE reserve_app")
        cursor.execute(grants)
        cursor.execute("SET LOCAL ROLE reserve_app")
    return world


def appended_only():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger\\_append\\_only\\_%'"
        )
        return sorted(name for (name,) in cursor.fetchall())


def refusal(statement):
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(raised.value)


def test_the_application_can_work(as_application):
    number = as_application.stock("1000")
    assert Lot.objects.get(number=number).condition == "A"
    assert Movement.objects.count() == 1


def test_the_application_cannot_rewrite_history(as_application):
    as_application.stock("1000")
    guarded = appended_only()
    assert {"audit_command", "approvals_decision", "inventory_movement", "inventory_positionentry"} <= set(guarded)
    with connection.cursor() as cursor:
        # What lets a guard pass in the migrations of a library must not help here.
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(guarded) + "}"])
    for table in guarded:
        assert "permission denied" in refusal(f"UPDATE {table} SET id = id")
        assert "permission denied" in refusal(f"DELETE FROM {table}")
        assert "permission denied" in refusal(f"TRUNCATE {table}")
        assert "must be owner" in refusal(f"ALTER TABLE {table} DISABLE TRIGGER ALL")


def test_the_application_cannot_change_the_schema(as_application):
    assert "permission denied" in refusal("CREATE TABLE own (id int)")
    assert "permission denied" in refusal("DELETE FROM django_migrations")

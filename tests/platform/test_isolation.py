"""tests.conftest: what a transactional test finds and leaves behind, with append-only tables in the database."""

import uuid

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from config.accounts.models import SYSTEM_USERNAME, User
from config.audit.models import Command, RegistryFact
from inventory.models import Element


def write_a_command():
    ana = User.objects.create_user("ana", name="Ana", password=None)
    Command.objects.create(
        actor=ana,
        key=uuid.uuid4(),
        kind="test",
        request={},
        fingerprint=b"",
        outcome="done",
        answer={},
        occurred_at=timezone.now(),
        recorded_at=timezone.now(),
    )


@pytest.mark.django_db(transaction=True)
def test_it_empties_append_only_tables_and_brings_reference_data_back():
    reference = Element.objects.count(), Permission.objects.count()
    assert all(reference)
    write_a_command()
    call_command("flush", interactive=False, verbosity=0)
    assert (Element.objects.count(), Permission.objects.count()) == reference
    assert not Command.objects.exists()
    assert list(User.objects.values_list("username", flat=True)) == [SYSTEM_USERNAME]


@pytest.mark.django_db(transaction=True)
def test_it_leaves_the_triggers_on_after_a_flush():
    call_command("flush", interactive=False, verbosity=0)
    facts = RegistryFact.objects.order_by("seq").values_list("seq", flat=True)
    assert list(facts) == list(range(1, len(facts) + 1))
    write_a_command()
    for statement in ("UPDATE audit_command SET kind = 'x'", "DELETE FROM audit_command", "TRUNCATE audit_command"):
        with pytest.raises(ProgrammingError, match="Cannot update or delete|no_truncate"), transaction.atomic():
            connection.cursor().execute(statement)
    assert Command.objects.get().kind == "test"

"""One small ledger per module for the tests that go round the doors; each test's own changes are undone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tests.inventory.everything import Everything, everything
from tests.world import build


@pytest.fixture(scope="module")
def _everything(django_db_setup: None, django_db_blocker: Any) -> Iterator[Everything]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield everything(build())
        transaction.set_rollback(True)


@pytest.fixture
def full(_everything: Everything) -> Iterator[Everything]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield _everything
        transaction.set_rollback(True)

"""What is compared on a page is read at one instant, whatever is recorded between two of its statements."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from reserve.desks import auditor
from tests.concurrency.together import together
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_receipt_in_the_middle_of_a_roll_forward_is_no_difference(world: World) -> None:
    world.stock("10")
    day = world.now.date()
    received: list[Any] = []

    def between(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "inventory_movement m" in sql and not received:
            received.extend(together(lambda: world.receive("5")))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(between):
        found = auditor.read(user=world.aud, first=day - timedelta(days=1), last=day, now=world.now)
    assert [isinstance(lot, str) for lot in received] == [True]
    assert [row.difference_mg for row in found.rows] == [0]

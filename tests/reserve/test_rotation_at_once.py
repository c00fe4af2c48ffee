"""The schedule under many hands: each row is answered once, and planning beside it neither doubles nor deadlocks."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from config.audit.refused import Refused
from inventory.models import Retest
from reserve import rotation
from reserve.models import Rotation
from tests.concurrency.together import together
from tests.reserve.rotation_world import due_lot, policy
from tests.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crowd() -> World:
    """Five lots that are due, under a policy."""
    world = build()
    policy(world)
    world.made = [due_lot(world) for _ in range(5)]
    connection.close()
    return world


def recording(world: World, pk: int, who: str) -> Callable[[], Any]:
    """One person about to record the row's retest, under a key of their own."""
    given: dict[str, Any] = {"rotation_id": pk, "performed_on": world.now.date(), "passed": True}
    return partial(rotation.record_retest, by=world.by(who), **given)


def test_eight_recordings_of_one_retest_land_once(crowd: World) -> None:
    rotation.plan(now=crowd.now)
    pk = Rotation.objects.earliest("pk").pk
    results = together(*[recording(crowd, pk, who) for who in ("ana", "ben") * 4])
    done = [found for found in results if isinstance(found, dict)]
    refused = [found for found in results if isinstance(found, Refused)]
    assert (len(done), len(refused)) == (1, 7), results
    assert Retest.objects.count() == 1


def test_planning_beside_retests_writes_each_row_once(crowd: World) -> None:
    rotation.plan(now=crowd.now)
    rows = list(Rotation.objects.order_by("pk").values_list("pk", flat=True))
    retests = [recording(crowd, pk, "ana") for pk in rows]
    results = together(*retests, *[lambda: rotation.plan(now=crowd.now)] * 4)
    assert not [found for found in results if isinstance(found, BaseException)], results
    assert rotation.plan(now=crowd.now).changed == 0
    assert set(Rotation.objects.values_list("pk", "state")) == {(pk, "done") for pk in rows}


def test_planning_at_once_writes_each_row_once(crowd: World) -> None:
    results = together(*[lambda: rotation.plan(now=crowd.now)] * 6)
    assert sorted(found.changed for found in results) == [0, 0, 0, 0, 0, 5]
    assert Rotation.objects.count() == 5

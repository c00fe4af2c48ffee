"""How fast a person may go: sixty writes in a burst, then it is said when to try again. Real Valkey."""

from contextlib import suppress
from typing import Any

import pytest
import redis
from django.db import connection
from django.test import Client

from config.audit import pace
from config.audit.models import Command
from config.embedded import processes
from config.jobs.breaker import Breaker
from tests.pages import People, text
from tests.rest import Callers
from tests.world import World


@pytest.fixture(autouse=True)
def _paced(settings: Any, world: World) -> None:
    """A small pace, and full buckets: other tests of this process had people of the same numbers."""
    settings.PACE = {"write": (60, 0.01), "search": (3, 0.01)}  # so slow that a busy machine fills nothing up
    valkey = redis.Redis.from_url(settings.REDIS_URL.replace("redis+socket://", "unix://"))
    for key in valkey.scan_iter(f"pace:{connection.settings_dict['NAME']}:*"):
        valkey.delete(key)


def test_sixty_writes_in_a_burst_go_through_and_more_are_told_when(api: Callers) -> None:
    answers = [api.ana.post("receipts/", {}) for _ in range(70)]
    assert {answer.status for answer in answers[:60]} == {422}
    late = answers[-1]
    assert (late.status, late["code"]) == (429, "too_fast")
    assert late["facts"]["retry_after_s"] >= 1
    assert 429 not in {api.ben.post("receipts/", {}).status for _ in range(5)}


def test_a_page_says_so_too_and_writes_nothing(people: People, world: World) -> None:
    for _ in range(60):
        people.ana.post("/sites/", {})
    before = Command.objects.count()
    answer = people.ana.post("/receive/", {})
    assert (answer.status_code, Command.objects.count()) == (429, before)
    assert int(answer["Retry-After"]) >= 1
    assert "Nothing was done; try again in" in text(answer.content.decode())
    swap = people.ana.post("/receive/", {}, swap=True)
    assert (swap.status_code, swap["HX-Retarget"]) == (429, "#messages")


def test_reading_is_not_counted_but_searching_is(people: People) -> None:
    assert {people.ana.client.get("/lots/").status_code for _ in range(6)} == {200}
    assert [people.ana.client.get("/search/", {"q": "nd"}).status_code for _ in range(4)][-1] == 429


def test_the_bucket_fills_again(world: World, settings: Any) -> None:
    settings.PACE = {"write": (1, 0.01)}
    pace.take(person_id=world.ana.pk, kind="write")
    with pytest.raises(pace.TooFast):
        pace.take(person_id=world.ana.pk, kind="write")
    settings.PACE = {"write": (1, 1000)}

    def filled() -> bool:
        with suppress(pace.TooFast):
            pace.take(person_id=world.ana.pk, kind="write")
            return True
        return False

    assert processes.wait_until(filled, seconds=5)


def test_without_valkey_nobody_is_held_up(world: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    fresh = Breaker("Not counted")
    monkeypatch.setattr(pace, "breaker", fresh)
    pace._take.cache_clear()
    for _ in range(100):
        pace.take(person_id=world.ana.pk, kind="search")
    assert fresh.failures == 1
    pace._take.cache_clear()


def test_who_has_not_signed_in_is_not_counted_here() -> None:
    assert Client().post("/receive/").status_code == 302

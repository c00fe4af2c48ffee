"""Every act of the role table by every role, at one's own and at a foreign site, on one's own and on others' things.

Its button is on its page exactly where the domain says yes, and its route of the API does it exactly then.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from tests.pages import People
from tests.platform import rights_walk
from tests.platform.rights_walk import Things, Way
from tests.rest import Callers
from tests.rights import EXPECTED
from tests.world import World

# Proposing rights is part of a form that takes them away as well.
ONLY_BY_PROGRAM = {"people.grant"}
ONLY_ON_PAGES = {"commands.see", "exports.see", "jobs.run", "people.password", "rights.see", "tables.see"}


@pytest.fixture
def things(world: World, monkeypatch: pytest.MonkeyPatch) -> Things:
    return rights_walk.build(world)


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is taken back, so that the next person finds the same."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def says(things: Things, way: Way, who: str) -> bool:
    person = things.world.people[who]
    at_own_site = not way.at_site or "ANT" in person.site_codes
    return EXPECTED[way.act].to(roles=person.roles, at_own_site=at_own_site, hands=way.hands.get(who, ()))


def test_a_button_is_there_exactly_for_whom_the_act_is(things: Things, people: People) -> None:
    read: dict[tuple[str, str], str] = {}
    wrong = []
    ways = rights_walk.buttons(things)
    assert set(EXPECTED) - {way.act for way in ways} == ONLY_BY_PROGRAM
    for way in ways:
        for who in way.who:
            if (who, way.path) not in read:
                answer = getattr(people, who).client.get(way.path)
                read[who, way.path] = answer.content.decode() if answer.status_code == 200 else ""
            if (way.mark in read[who, way.path]) is not says(things, way, who):
                wrong.append((who, way.act, way.path))
    assert wrong == []


def test_a_route_does_it_exactly_for_whom_the_act_is(things: Things, api: Callers) -> None:
    wrong = []
    ways = rights_walk.routes(things)
    assert set(EXPECTED) - {way.act for way in ways} == ONLY_ON_PAGES
    for way in ways:
        for who in way.who:
            caller = getattr(api, who)
            with undone():
                answer = caller.get(way.path) if way.method == "get" else caller.post(way.path, dict(way.body))
            done, refused = 200 <= answer.status < 300, answer.status in (403, 404, 409)
            if not (done if says(things, way, who) else refused):
                wrong.append((who, way.act, way.path, answer))
    assert wrong == []

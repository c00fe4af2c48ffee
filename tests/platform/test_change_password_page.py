"""The page on which people change their password."""

import json
from typing import Any

import pytest
from django.test import Client

from config.accounts import tokens
from config.accounts.models import ApiToken, User
from config.audit.models import Command, RegistryFact
from tests.counting import counted
from tests.pages import People, text
from tests.world import PASSWORD, World

PAGE = "/change-password/"
NEW = "seven quiet lanterns 41"
GOOD: dict[str, Any] = {"present": PASSWORD, "new": NEW, "again": NEW}


def test_it_changes_the_password_and_keeps_this_session(people: People, world: World) -> None:
    answer = people.ana.send(PAGE, PAGE, **GOOD)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert User.objects.get(username="ana").check_password(NEW)
    people.ana.get("/lots/")


def test_it_ends_other_sessions_and_tokens(people: People, world: World) -> None:
    other = Client()
    other.force_login(world.ana)
    tokens.issue(person=world.ana, now=world.now)
    people.ana.send(PAGE, PAGE, **GOOD)
    assert other.get("/lots/").status_code == 302
    assert not ApiToken.objects.exists()


def test_it_is_recorded_without_the_password(people: People, world: World) -> None:
    people.ana.send(PAGE, PAGE, **GOOD)
    people.ana.send(PAGE, PAGE, **{**GOOD, "present": "a wrong guess"})
    done, refused = Command.objects.filter(kind="accounts.change_password").order_by("pk")
    assert (done.outcome, done.actor, refused.outcome) == ("done", world.ana, "refused")
    written = [json.dumps([c.request, c.answer]) for c in (done, refused)]
    written += RegistryFact.objects.values_list("body", flat=True)
    for secret in (PASSWORD, NEW, "a wrong guess", "md5$"):
        assert not any(secret in body for body in written)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"present": "wrong"}, "not your present password"),
        ({"again": "something else 41"}, "two new passwords differ"),
        ({"new": "short", "again": "short"}, "too short"),
        ({"new": "password1234", "again": "password1234"}, "too common"),
        ({"new": "8364510293", "again": "8364510293"}, "entirely numeric"),
        ({"new": "eleven-char", "again": "eleven-char"}, "at least 12 characters"),
        ({"new": "long words " * 24, "again": "long words " * 24}, "at most 256 characters"),
        ({"new": PASSWORD, "again": PASSWORD}, "Choose another"),
        ({"new": ""}, "required"),
    ],
)
def test_it_says_what_is_wrong(people: People, world: World, changes: dict[str, Any], says: str) -> None:
    answer = people.ana.send(PAGE, PAGE, **{**GOOD, **changes})
    assert answer.status_code == 422
    assert says in text(answer.content.decode())
    assert User.objects.get(username="ana").check_password(PASSWORD)


def test_it_shows_no_password_again(people: People) -> None:
    html = people.ana.send(PAGE, PAGE, **{**GOOD, "again": "other secret"}).content.decode()
    for secret in (PASSWORD, NEW, "other secret"):
        assert secret not in html


def test_who_may(people: People) -> None:
    people.closed(PAGE, open_to={"ana", "pia", "dee", "aud", "adm"})
    assert people.ana.client.put(PAGE).status_code == 405


def test_the_number_of_queries_is_written_down(people: People) -> None:
    people.ana.get(PAGE)
    with counted("page change-password"):
        people.ana.get(PAGE)

"""The page on which people sign in."""

from datetime import timedelta
from typing import Any

import pytest

from config.accounts.models import User
from tests.pages import People, text
from tests.world import PASSWORD, World

GOOD: dict[str, Any] = {"username": "ana", "password": PASSWORD}


def test_it_lets_a_person_in_and_shows_what_was_asked_for(people: People, world: World) -> None:
    assert people.nobody.client.get("/lots/?order=net")["Location"] == "/sign-in/?next=/lots/%3Forder%3Dnet"
    answer = people.nobody.send("/sign-in/?next=/lots/%3Forder%3Dnet", "/sign-in/?next=/lots/%3Forder%3Dnet", **GOOD)
    assert (answer.status_code, answer["Location"]) == (303, "/lots/?order=net")
    assert "Lots" in people.nobody.get("/lots/")


def test_the_name_may_be_typed_in_capitals(people: People, world: World) -> None:
    answer = people.nobody.send("/sign-in/", username="Ana", password=PASSWORD)
    assert (answer.status_code, answer["Location"]) == (303, "/")


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"]
)
def test_it_leads_nowhere_else(people: People, world: World, onward: str) -> None:
    answer = people.nobody.post("/sign-in/", {**GOOD, "next": onward})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("username", "password"),
    [("ana", "wrong"), ("nobody", PASSWORD), ("ana", f" {PASSWORD}"), ("system", ""), ("", ""), ("ana", "x" * 1001)],
)
def test_it_refuses_without_saying_which_was_wrong(people: People, world: World, username: str, password: str) -> None:
    answer = people.nobody.post("/sign-in/", {"username": username, "password": password})
    assert answer.status_code == 422
    assert people.nobody.client.get("/lots/").status_code == 302
    assert "Nothing was saved" not in text(answer.content.decode())
    if username and password and len(password) < 1001:
        assert "do not fit together" in text(answer.content.decode())


def test_who_was_closed_may_not_come_in(people: People, world: World) -> None:
    User.objects.filter(username="ana").update(is_active=False)
    assert people.nobody.post("/sign-in/", GOOD).status_code == 422


def test_a_session_ends_when_its_person_is_closed(people: People, world: World) -> None:
    people.ana.get("/lots/")
    User.objects.filter(username="ana").update(is_active=False)
    assert people.ana.client.get("/lots/").status_code == 302


def test_who_guesses_waits(people: People, world: World) -> None:
    for _ in range(5):
        assert people.nobody.post("/sign-in/", {**GOOD, "password": "guess"}).status_code == 422
    answer = people.nobody.post("/sign-in/", GOOD)
    assert answer.status_code == 429
    assert "Try again in" in text(answer.content.decode())
    world.later(minutes=1)
    assert people.nobody.post("/sign-in/", GOOD).status_code == 303


def test_who_is_in_already_goes_on(people: People, world: World) -> None:
    assert people.ana.client.get("/sign-in/?next=/lots/")["Location"] == "/lots/"


def test_the_session_ends_after_twelve_hours(people: People, world: World) -> None:
    people.nobody.post("/sign-in/", GOOD)
    world.now += timedelta(hours=12, minutes=1)
    assert people.nobody.client.get("/lots/").status_code == 302


def test_the_password_never_comes_back(people: People, world: World) -> None:
    html = people.nobody.post("/sign-in/", {**GOOD, "password": "my secret guess"}).content.decode()
    assert "my secret guess" not in html


def test_it_takes_no_other_method(people: People) -> None:
    assert people.nobody.client.put("/sign-in/").status_code == 405


def test_a_form_from_elsewhere_is_refused(world: World) -> None:
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post("/sign-in/", GOOD).status_code == 403

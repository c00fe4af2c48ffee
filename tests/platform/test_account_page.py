"""The account page: where one is signed in, ending it; and how long a session lasts."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from config.audit.models import Command
from tests.pages import People, text
from tests.rest import Callers
from tests.world import PASSWORD, World

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


@pytest.fixture
def desk(people: People) -> Client:
    """Ana at her desk, signed in by name and password."""
    return enter("ana")


def enter(username: str) -> Client:
    client = Client(headers={"User-Agent": FIREFOX})
    assert client.post("/sign-in/", {"username": username, "password": PASSWORD}).status_code == 303
    return client


def end(client: Client, what: str, mark: str = "") -> Any:
    return client.post(f"/account/{what}/", {"key": str(uuid4()), "mark": mark})


def mark_of_the_other(client: Client) -> str:
    html = client.get("/account/").content.decode()
    return html.partition('name="mark" value="')[2].partition('"')[0]


def test_it_lists_each_browser_and_program_and_names_no_key(desk: Client, api: Callers) -> None:
    other = enter("ana")
    token = api.ana.token
    html = desk.get("/account/").content.decode()
    assert html.count('<th scope="row">Firefox · Linux') == 2
    assert "this one" in text(html)
    assert token[:15] in html
    assert token not in html
    assert other.cookies["sessionid"].value not in html


def test_one_session_is_ended_and_only_that(desk: Client) -> None:
    other = enter("ana")
    answer = end(desk, "end-session", mark_of_the_other(desk))
    assert (answer.status_code, answer["Location"]) == (303, "/account/")
    assert other.get("/lots/").status_code == 302
    assert desk.get("/lots/").status_code == 200
    assert Command.objects.filter(kind="accounts.end_session", outcome="done").count() == 1


def test_somebody_elses_session_is_not_there(desk: Client) -> None:
    theirs, second = enter("cem"), enter("cem")
    mark = mark_of_the_other(theirs)
    assert end(desk, "end-session", mark).status_code == 404
    assert end(desk, "end-token", "abcdefgh").status_code == 404
    assert {theirs.get("/lots/").status_code, second.get("/lots/").status_code} == {200}


def test_a_token_is_revoked(desk: Client, api: Callers) -> None:
    assert api.ana.get("lots/").status == 200
    assert end(desk, "end-token", api.ana.token[:15]).status_code == 303
    assert api.ana.get("lots/").status == 401


def test_signing_out_everywhere_ends_all_of_it(desk: Client, api: Callers) -> None:
    other, stranger = enter("ana"), enter("ben")
    assert api.ana.get("lots/").status == 200
    answer = end(desk, "end-everywhere")
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/")
    assert {client.get("/lots/").status_code for client in (desk, other)} == {302}
    assert api.ana.get("lots/").status == 401
    assert stranger.get("/lots/").status_code == 200


def test_a_session_left_alone_ends(desk: Client, world: World, settings: Any) -> None:
    settings.SESSION_IDLE_S = 1800
    world.later(minutes=29)
    assert desk.get("/lots/").status_code == 200
    world.later(minutes=29)
    assert desk.get("/lots/").status_code == 200
    world.later(minutes=31)
    answer = desk.get("/lots/?condition=A")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/lots/%3Fcondition%3DA")


def test_a_session_in_use_ends_in_the_evening(desk: Client, world: World, settings: Any) -> None:
    settings.SESSION_IDLE_S = 1800
    for _ in range(36):
        world.later(minutes=20)
        last = desk.get("/lots/").status_code
    assert last == 200
    world.now += timedelta(minutes=1)
    assert desk.get("/lots/").status_code == 302


def test_a_session_that_does_not_say_since_when_is_over(desk: Client, world: World) -> None:
    kept = desk.session
    del kept["signed_in_at"]
    kept.save()
    assert desk.get("/lots/").status_code == 302
    assert not Session.objects.exists()


def test_what_ended_is_cleared_away_when_somebody_comes_in(desk: Client, world: World) -> None:
    world.later(hours=13)
    enter("ben")
    assert Session.objects.count() == 1


def test_it_asks_to_sign_in_and_takes_no_other_method(people: People) -> None:
    assert people.nobody.client.get("/account/").status_code == 302
    assert people.ana.client.post("/account/").status_code == 405
    assert people.ana.client.get("/account/end-everywhere/").status_code == 405

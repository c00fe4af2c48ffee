"""A temporary password: an administrator gives it, it is good for a day and for setting one's own."""

import json
import re
from uuid import uuid4

import pytest
from django.test import Client

from config.accounts import passwords, tokens
from config.accounts.matrix import NotAllowed
from config.accounts.models import ApiToken, KnownDevice, TemporaryPassword, User
from config.accounts.refusals import PersonNotFound
from config.audit.commands import KeyUsedForSomethingElse
from config.audit.models import Command
from tests.pages import People, text
from tests.world import PASSWORD, World

OWN = "seven quiet lanterns 41"


@pytest.fixture
def temporary(world: World) -> str:
    by = world.by("adm")
    found = passwords.invent(by.key)
    passwords.reset(by=by, person="ana", temporary=found, reason="Forgot it; known by voice")
    return found


def enter(people: People, password: str, username: str = "ana"):
    return people.nobody.post("/sign-in/?next=/second-factor/", {"username": username, "password": password})


def test_it_opens_only_the_page_that_sets_ones_own(people: People, temporary: str) -> None:
    assert enter(people, temporary).status_code == 303
    assert people.nobody.client.get("/second-factor/")["Location"] == "/change-password/"
    assert people.nobody.client.get("/api/lots/").json()["code"] == "set_your_own_password"
    page = "/change-password/"
    assert people.nobody.send(page, page, present=temporary, new=OWN, again=OWN).status_code == 303
    people.nobody.get("/second-factor/")
    assert not TemporaryPassword.objects.exists()
    people.nobody.post("/sign-out/", {})
    assert enter(people, OWN).status_code == 303
    people.nobody.get("/second-factor/")


def test_it_cannot_be_kept(people: People, temporary: str) -> None:
    enter(people, temporary)
    page = "/change-password/"
    answer = people.nobody.send(page, page, present=temporary, new=temporary, again=temporary)
    assert answer.status_code == 422
    assert "another than" in text(answer.content.decode())


def test_everything_else_of_the_person_ends(people: People, world: World) -> None:
    enter(people, PASSWORD)
    tokens.issue(person=world.ana, now=world.now)
    passwords.reset(by=world.by("adm"), person="ana", temporary=passwords.invent(uuid4()), reason="Lost")
    assert people.nobody.client.get("/second-factor/").status_code == 302
    assert not ApiToken.objects.exists()
    assert not KnownDevice.objects.exists()
    assert enter(people, PASSWORD).status_code == 422


def test_it_ends_after_a_day(people: People, world: World, temporary: str) -> None:
    world.later(hours=24, seconds=1)
    answer = enter(people, temporary)
    assert answer.status_code == 422
    assert "Ask an administrator for another" in text(answer.content.decode())


def test_a_program_gets_no_token_for_it(people: People, temporary: str) -> None:
    body = json.dumps({"username": "ana", "password": temporary})
    answer = Client().post("/api/auth/token/", body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "set_your_own_password")


def test_it_is_in_no_record(world: World, temporary: str) -> None:
    row = Command.objects.get(kind="people.reset_password")
    assert temporary not in f"{row.request} {row.answer}"
    assert (row.actor, row.request["reason"]) == (world.adm, "Forgot it; known by voice")


def test_only_administrators_and_never_their_own(world: World) -> None:
    with pytest.raises(NotAllowed):
        passwords.reset(by=world.by("dee"), person="ana", temporary="x", reason="y")
    with pytest.raises(passwords.NotYourself):
        passwords.reset(by=world.by("adm"), person="adm", temporary="x", reason="y")
    for nobody in ("system", "nobody-here", "a\x00"):
        with pytest.raises(PersonNotFound):
            passwords.reset(by=world.by("adm"), person=nobody, temporary="x", reason="y")


def test_a_key_that_comes_again_with_another_password_says_so(world: World) -> None:
    by = world.by("adm")
    passwords.reset(by=by, person="ana", temporary="the first one given", reason="Lost")
    with pytest.raises(KeyUsedForSomethingElse):
        passwords.reset(by=by, person="ana", temporary="the second one given", reason="Lost")
    assert User.objects.get(username="ana").check_password("the first one given")


def test_invented_ones_differ_and_keep_the_rules() -> None:
    from django.contrib.auth.password_validation import validate_password

    found = {passwords.invent(uuid4()) for _ in range(50)}
    assert len(found) == 50
    for one in found:
        validate_password(one)


# ---- the administrator's page ------------------------------------------------------------------------------------------

GIVE = "/people/ana/password/"


def test_the_page_shows_it_once_and_it_works(people: People) -> None:
    answer = people.adm.send(GIVE, GIVE, reason="Forgot it; known by voice")
    (shown,) = re.findall(r"<code>([a-z0-9-]{19})</code>", answer.content.decode())
    assert enter(people, shown).status_code == 303
    assert shown not in people.adm.get("/people/ana/")


def test_a_form_that_is_sent_twice_shows_the_same(people: People) -> None:
    values = {**people.adm.form(GIVE), "reason": "Lost"}
    first, second = (people.adm.post(GIVE, values).content.decode() for _ in range(2))
    assert (
        re.findall(r"<code>([a-z0-9-]{19})</code>", first) == re.findall(r"<code>([a-z0-9-]{19})</code>", second) != []
    )


def test_the_page_needs_a_reason_and_another_person(people: People) -> None:
    assert people.adm.send(GIVE, GIVE, reason="").status_code == 422
    own = GIVE.replace("ana", "adm")
    assert people.adm.send(own, own, reason="Mine").status_code == 422
    assert people.adm.client.get(GIVE.replace("ana", "nobody-here")).status_code == 404


def test_who_may_open_the_page(people: People) -> None:
    people.closed(GIVE, open_to={"adm"})

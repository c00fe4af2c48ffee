"""A temporary password: two administrators give half of it each; it is good for a day and for setting one's own."""

import json
import re
from dataclasses import replace

import pytest
from django.test import Client

from config.accounts import membership, passwords, refusals, resets, tokens
from config.accounts.matrix import NotAllowed
from config.accounts.models import ApiToken, KnownDevice, TemporaryPassword, User
from config.accounts.ties import NotYourself, OwnRequest
from config.approvals import requests
from config.audit.commands import KeyUsedForSomethingElse
from config.audit.models import Command, RegistryFact
from tests.pages import People, text
from tests.world import PASSWORD, World

OWN = "seven quiet lanterns 41"


@pytest.fixture
def temporary(world: World) -> str:
    return given(world, "ana")


def given(world: World, person: str) -> str:
    """Asked for by Adm, agreed to by Ada; what the person makes of the two halves."""
    number = resets.ask(by=world.by("adm"), person=person, reason="Forgot it; known by voice")["request"]
    requests.approve(by=world.by("ada"), request_id=number)
    return "-".join(half(world, person, who) for who in ("adm", "ada"))


def half(world: World, person: str, who: str) -> str:
    row = User.objects.get(username=person)
    return resets.standing(user=world.people[who], person=row, now=world.now).half


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
    given(world, "ana")
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


def test_it_is_in_no_record_whole_or_half(world: World, temporary: str) -> None:
    rows = Command.objects.filter(kind__in=["people.ask_password", "approvals.approve"])
    assert {row.actor.username for row in rows} == {"adm", "ada"}
    for part in (temporary, temporary[:9], temporary[-9:]):
        assert part not in str(
            [*Command.objects.values_list("request", "answer"), *RegistryFact.objects.values_list("body")]
        )


def test_neither_administrator_can_enter_alone(people: People, world: World) -> None:
    number = resets.ask(by=world.by("adm"), person="ana", reason="Lost")["request"]
    first = half(world, "ana", "adm")
    assert half(world, "ana", "ada") == ""
    assert enter(people, PASSWORD).status_code == 303, "Until another has agreed, nothing changes."
    with pytest.raises(OwnRequest):
        requests.approve(by=world.by("adm"), request_id=number)
    requests.approve(by=world.by("ada"), request_id=number)
    second = half(world, "ana", "ada")
    assert len({first, second, half(world, "ana", "adm")}) == 2
    people.nobody.post("/sign-out/", {})
    for alone in (first, second, f"{second}-{first}"):
        assert enter(people, alone).status_code == 422
    assert enter(people, f"{first}-{second}").status_code == 303


def test_the_halves_are_read_by_those_two_only_and_until_it_has_served(world: World, people: People) -> None:
    given(world, "ana")
    third = User.objects.create_user("abe", name="Abe", roles=["administrator"])
    row = User.objects.get(username="ana")
    assert resets.standing(user=third, person=row, now=world.now).half == ""
    TemporaryPassword.objects.all().delete()
    assert half(world, "ana", "adm") == half(world, "ana", "ada") == ""


def test_who_holds_a_role_or_came_before_takes_two(world: World) -> None:
    with pytest.raises(refusals.NotTheFirst):
        resets.give_first(by=world.by("adm"), person="ana", temporary="x", reason="y")
    membership.add(by=world.by("adm"), username="abe", name="Abe", roles=[], sites=[], reason="New")
    with pytest.raises(refusals.NotTheFirst):
        resets.give_first(by=world.by("ada"), person="abe", temporary="x", reason="y")
    by = world.by("adm")
    resets.give_first(by=by, person="abe", temporary="the first one given", reason="New")
    with pytest.raises(KeyUsedForSomethingElse):
        resets.give_first(by=by, person="abe", temporary="the second one given", reason="New")
    User.objects.filter(username="abe").update(last_login=world.now)
    with pytest.raises(refusals.NotTheFirst):
        resets.give_first(by=world.by("adm"), person="abe", temporary="x", reason="y")


def test_only_administrators_and_never_their_own(world: World) -> None:
    with pytest.raises(NotAllowed):
        resets.ask(by=world.by("dee"), person="ana", reason="y")
    with pytest.raises(NotYourself):
        resets.ask(by=world.by("adm"), person="adm", reason="y")
    for nobody in ("system", "nobody-here", "a\x00"):
        with pytest.raises(refusals.PersonNotFound):
            resets.ask(by=world.by("adm"), person=nobody, reason="y")


def test_one_at_a_time_about_a_person(world: World) -> None:
    number = resets.ask(by=world.by("adm"), person="ana", reason="Lost")["request"]
    with pytest.raises(refusals.PasswordWaits, match=str(number)):
        resets.ask(by=world.by("ada"), person="ana", reason="Lost")
    requests.refuse(by=world.by("ada"), request_id=number, note="It was not Ana who called")
    assert not TemporaryPassword.objects.exists()
    resets.ask(by=world.by("ada"), person="ana", reason="Lost after all")


def test_invented_ones_differ_and_keep_the_rules(world: World) -> None:
    from django.contrib.auth.password_validation import validate_password

    asked = [world.by("adm") for _ in range(50)]
    found = {passwords.invent(by) for by in asked}
    assert len(found) == 50
    assert passwords.invent(asked[0]) in found
    assert passwords.invent(replace(asked[0], actor=world.ada)) not in found, "another's key makes another's password"
    for one in found:
        validate_password(one)


# ---- the administrator's page ------------------------------------------------------------------------------------------

GIVE, CODE = "/people/ana/password/", r"<code>([a-z0-9-]+)</code>"


def test_two_administrators_read_half_each_on_their_pages(people: People) -> None:
    assert people.adm.send(GIVE, GIVE, reason="Forgot it; known by voice")["Location"] == GIVE
    (first,) = re.findall(CODE, people.adm.get(GIVE))
    assert first not in people.ada.get(GIVE)
    (link,) = set(re.findall(r'href="(/requests/\d+/)"', people.ada.get(GIVE)))
    people.ada.send(link, link, decision="approve")
    assert GIVE in people.ada.get(link)
    (second,) = re.findall(CODE, people.ada.get(GIVE))
    assert first not in people.aud.get(link) + people.ada.get(link)
    assert enter(people, f"{first}-{second}").status_code == 303
    assert "no-store" in people.ada.client.get(GIVE)["Cache-Control"]


def test_who_added_a_person_gives_the_first_one_alone(people: People, world: World) -> None:
    membership.add(by=world.by("adm"), username="abe", name="Abe", roles=[], sites=[], reason="New")
    page = GIVE.replace("ana", "abe")
    values = {**people.adm.form(page), "reason": "Starts today"}
    first, second = (re.findall(CODE, people.adm.post(page, values).content.decode()) for _ in range(2))
    assert first == second
    assert enter(people, first[0], "abe").status_code == 303
    assert first[0] not in people.adm.get("/people/abe/") + people.adm.get(page)


def test_the_page_needs_a_reason_and_another_person(people: People) -> None:
    assert people.adm.send(GIVE, GIVE, reason="").status_code == 422
    own = GIVE.replace("ana", "adm")
    assert people.adm.send(own, own, reason="Mine").status_code == 422
    assert people.adm.client.get(GIVE.replace("ana", "nobody-here")).status_code == 404


def test_who_may_open_the_page(people: People) -> None:
    people.closed(GIVE, open_to={"adm"})

"""The commands of an operator at the server's console."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from config.accounts.models import User
from config.audit.models import Command
from tests.pages import People
from tests.platform.second_factors import set_up_app
from tests.world import World


@pytest.fixture(autouse=True)
def _one_administrator(world: World) -> None:
    User.objects.filter(roles__contains=["administrator"]).exclude(username="adm").update(is_active=False)


def run(*words: str) -> str:
    said = StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def test_it_adds_the_first_administrators(people: People, world: World) -> None:
    said = run("add_administrator", "lovelace", "--name", "Ada Lovelace")
    temporary = said.split()[-1]
    person = User.objects.get(username="lovelace")
    assert (person.roles, person.check_password(temporary)) == (["administrator"], True)
    answer = people.nobody.post("/sign-in/", {"username": "lovelace", "password": temporary})
    assert answer.status_code == 303
    assert people.nobody.client.get("/people/")["Location"] == "/change-password/"
    row = Command.objects.get(kind="accounts.add_administrator")
    assert (row.actor.username, temporary in str([row.request, row.answer])) == ("system", False)


def test_it_adds_no_third(world: World) -> None:
    run("add_administrator", "lovelace", "--name", "Ada Lovelace")
    with pytest.raises(CommandError, match="There are 2 administrators"):
        run("add_administrator", "hopper", "--name", "Hopper")
    assert not User.objects.filter(username="hopper").exists()


@pytest.mark.parametrize("username", ["ana", "with space", "", "é" * 70])
def test_a_name_that_is_taken_or_none_is_refused(world: World, username: str) -> None:
    with pytest.raises(CommandError):
        run("add_administrator", username, "--name", "Ada")


def test_it_gives_a_password_where_nobody_else_can(people: People, world: World) -> None:
    said = run("temporary_password", "ana", "--reason", "Ada is away; known in person")
    answer = people.nobody.post("/sign-in/", {"username": "ana", "password": said.split()[-1]})
    assert (answer.status_code, people.nobody.client.get("/lots/")["Location"]) == (303, "/change-password/")
    row = Command.objects.get(kind="accounts.give_password")
    assert said.split()[-1] not in f"{row.request} {row.answer}"
    assert row.request["reason"] == "Ada is away; known in person"
    User.objects.filter(username="ada").update(is_active=True)
    run("temporary_password", "adm", "--reason", "Of two, one forgot it")
    with pytest.raises(CommandError, match="2 administrators beside Ana"):
        run("temporary_password", "ana", "--reason", "x")
    with pytest.raises(CommandError, match="no such person"):
        run("temporary_password", "nobody-here", "--reason", "x")


def test_it_removes_a_second_factor_that_was_lost(people: People, world: World) -> None:
    set_up_app(people.adm, world.now)
    run("remove_second_factor", "adm", "--reason", "Phone lost at sea; known in person")
    assert not Authenticator.objects.exists()
    assert people.adm.client.get("/second-factor/").status_code == 302, "Their sessions end."
    row = Command.objects.get(kind="accounts.remove_all_factors")
    assert row.request["reason"] == "Phone lost at sea; known in person"
    with pytest.raises(CommandError, match="nobody called"):
        run("remove_second_factor", "nobody-here", "--reason", "x")

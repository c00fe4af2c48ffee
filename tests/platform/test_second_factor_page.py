"""The pages on which people set up, list and remove their second factors."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from config.accounts import tokens
from config.accounts.models import ApiToken, User
from config.audit.models import Command
from tests.counting import counted
from tests.pages import People, text
from tests.platform.second_factors import APP, codes_on, confirm, secret_on, set_up_app, shows
from tests.world import PASSWORD, World

PAGE = "/second-factor/"


def test_it_says_that_there_is_none_yet(people: People) -> None:
    shown = text(people.ana.get(PAGE))
    assert "No second factor yet" in shown
    assert "127.0.0.1" not in shown, "testserver is a name, so passkeys work."


def test_an_address_in_numbers_has_no_passkeys(people: People) -> None:
    html = people.ana.client.get(PAGE, headers={"Host": "127.0.0.1"}).content.decode()
    assert "http://localhost" in text(html)
    assert "/second-factor/passkey/" not in html


def test_the_password_comes_first(people: People, world: World) -> None:
    people.ana.get("/account/")
    world.later(minutes=6)
    for path in (APP, "/second-factor/passkey/", "/second-factor/codes/"):
        assert people.ana.client.get(path)["Location"] == f"/confirm-password/?next={path.replace('/', '%2F')}"
    wrong = confirm(people.ana, "a guess")
    assert wrong.status_code == 422
    assert "not your password" in text(wrong.content.decode())
    right = people.ana.post("/confirm-password/?next=/second-factor/app/", {"password": PASSWORD})
    assert (right.status_code, right["Location"]) == (303, APP)
    people.ana.get(APP)
    world.later(minutes=6)
    assert people.ana.client.get(APP).status_code == 302


def test_guesses_at_the_password_are_slowed(people: People) -> None:
    assert [confirm(people.ana, "guess").status_code for _ in range(6)] == [422] * 5 + [429]


def test_an_app_is_set_up_with_the_code_it_shows(people: People, world: World) -> None:
    secret, codes = set_up_app(people.ana, world.now)
    assert len(set(codes)) == 10
    row = Authenticator.objects.get(user=world.ana, type="totp")
    assert secret not in json.dumps(row.data), "The secret is sealed."
    shown = text(people.ana.get(PAGE))
    assert "Authenticator app" in shown
    assert "10 codes left" in shown
    assert not set(codes) & set(shown.split()), "Recovery codes are shown once."
    kinds = list(Command.objects.filter(kind="accounts.add_app").values_list("request", "answer"))
    assert secret not in str(kinds)
    assert codes[0] not in str(kinds)


@pytest.mark.parametrize("code", ["000000", "", "12345", "１２３４５６", "abc"])
def test_a_wrong_code_sets_nothing_up(people: People, world: World, code: str) -> None:
    confirm(people.ana)
    secret = secret_on(people.ana.get(APP))
    if code != shows(secret, world.now):
        assert people.ana.send(APP, APP, code=code).status_code == 422
    assert secret_on(people.ana.get(APP)) == secret, "The secret that was scanned stays."
    assert not Authenticator.objects.exists()


def test_the_first_factor_ends_what_was_opened_without_it(people: People, world: World) -> None:
    tokens.issue(person=world.ana, now=world.now)
    other = Client()
    other.force_login(world.ana)
    set_up_app(people.ana, world.now)
    assert not ApiToken.objects.exists()
    assert other.get(PAGE).status_code == 302
    people.ana.get(PAGE)


def test_removing_asks_for_the_password_again(people: People, world: World) -> None:
    set_up_app(people.ana, world.now)
    world.later(minutes=6)
    remove = f"{PAGE}{Authenticator.objects.get(type='totp').pk}/remove/"
    assert people.ana.client.get(remove).status_code == 302
    assert people.ana.post(remove, {}).status_code == 302
    confirm(people.ana)
    assert people.ana.send(remove, remove).status_code == 303
    assert not Authenticator.objects.exists(), "The codes go with the last factor."
    assert Command.objects.get(kind="accounts.remove_factor").actor == world.ana


def test_another_persons_factor_is_not_there(people: People, world: World) -> None:
    set_up_app(people.ana, world.now)
    confirm(people.ben)
    remove = f"{PAGE}{Authenticator.objects.get(type='totp').pk}/remove/"
    assert (
        people.ben.client.get(remove).status_code == people.ben.client.get(f"{PAGE}999999/remove/").status_code == 404
    )
    assert people.ben.post(remove, {}).status_code == 404


def test_new_codes_replace_the_old(people: People, world: World) -> None:
    _, old = set_up_app(people.ana, world.now)
    page = f"{PAGE}codes/"
    new = codes_on(people.ana.send(page, page).content.decode())
    assert len(new) == 10
    assert not set(old) & set(new)
    assert people.ben.client.get(page).status_code == 302
    confirm(people.ben)
    assert people.ben.send(page, page).status_code == 422, "Without a factor there is nothing to recover."


def test_a_session_that_showed_none_may_not_change_them(people: People, world: World) -> None:
    set_up_app(people.ana, world.now)
    before = Client()
    before.force_login(world.ana)
    before.post("/confirm-password/", {"password": PASSWORD})
    answer = before.get(f"{PAGE}codes/")
    assert answer.status_code == 403
    assert "Sign out and sign in again" in text(answer.content.decode())


# ---- required by role -------------------------------------------------------------------------------------------------


@pytest.fixture
def _required(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED_FOR = ["manager", "auditor", "administrator"]


@pytest.mark.usefixtures("_required")
def test_until_it_is_set_up_nothing_else_opens(people: People, world: World) -> None:
    for path in ("/", "/lots/", "/people/", "/position/"):
        assert people.dee.client.get(path)["Location"] == PAGE
    assert people.dee.client.post("/receive/", {})["Location"] == PAGE
    api = people.dee.client.get("/api/lots/")
    assert (api.status_code, api.json()["code"]) == (403, "second_factor_missing")
    assert "Your role needs a second factor" in text(people.dee.get(PAGE))
    set_up_app(people.dee, world.now)
    people.dee.get("/lots/")


@pytest.mark.usefixtures("_required")
def test_other_roles_are_left_alone(people: People) -> None:
    people.ana.get("/lots/")
    people.pia.get("/lots/")


@pytest.mark.usefixtures("_required")
def test_a_role_that_is_given_holds_from_the_next_request_on(people: People, world: World) -> None:
    people.ana.get("/lots/")
    User.objects.filter(username="ana").update(roles=["warehouse", "manager"])
    assert people.ana.client.get("/lots/")["Location"] == PAGE


@pytest.mark.usefixtures("_required")
def test_the_last_one_cannot_be_removed(people: People, world: World) -> None:
    set_up_app(people.dee, world.now)
    remove = f"{PAGE}{Authenticator.objects.get(type='totp').pk}/remove/"
    answer = people.dee.send(remove, remove)
    assert answer.status_code == 422
    assert "Add another first" in text(answer.content.decode())


@pytest.mark.usefixtures("_required")
def test_a_token_without_it_opens_nothing(people: People, world: World) -> None:
    token = tokens.issue(person=world.dee, now=world.now)["token"]
    answer = Client().get("/api/lots/", headers={"Authorization": f"Token {token}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_missing")


@pytest.mark.usefixtures("_required")
def test_signing_out_is_always_open(people: People) -> None:
    assert people.dee.post("/sign-out/", {})["Location"] == "/sign-in/"


def test_the_number_of_queries_is_written_down(people: People) -> None:
    people.ana.get(PAGE)
    with counted("page second-factor"):
        people.ana.get(PAGE)

"""Signing in with one's organisation, against a provider on this machine."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.sessions.models import Session

from config.accounts.models import User
from tests.pages import People, text
from tests.platform.provider import CLIENT, SECRET, Provider, running
from tests.platform.second_factors import set_up_app
from tests.world import World

START, BACK = "/sign-in/organisation/", "/sign-in/organisation/back/"


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(server: Provider, settings) -> Provider:
    server.claims, server.described, server.asked, server.status = {}, {}, {}, 200
    server.key, server.algorithm = server.published, "RS256"
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = server.issuer, CLIENT, SECRET
    return server


def come_back(people: People, provider: Provider, *, onward: str = "", **changes: str) -> Any:
    sent = people.nobody.client.get(f"{START}?next={onward}")
    assert sent.status_code == 302
    given = {**provider.goes(sent["Location"]), **changes}
    return people.nobody.client.get(BACK, given)


def refused(people: People, answer: Any, why: str) -> None:
    assert answer.status_code == 403
    assert why in text(answer.content.decode())
    assert people.nobody.client.get("/change-password/").status_code == 302


def test_it_is_offered_only_where_it_is_set_up(people: People, world: World, settings) -> None:
    assert START not in people.nobody.get("/sign-in/")
    assert people.nobody.client.get(START)["Location"] == "/sign-in/"
    assert people.nobody.client.get(BACK, {"state": "x", "code": "y"}).status_code == 403


def test_a_person_of_the_organisation_comes_in(people: People, provider: Provider) -> None:
    assert "Sign in with your organisation" in text(people.nobody.get("/sign-in/"))
    before = people.nobody.client.session.session_key
    answer = come_back(people, provider, onward="/change-password/")
    assert (answer.status_code, answer["Location"]) == (303, "/change-password/")
    people.nobody.get("/change-password/")
    assert people.nobody.client.session.session_key != before
    assert provider.asked["code_challenge_method"] == "S256"
    assert SECRET not in str(provider.asked)


def test_who_only_asks_fills_no_table(people: People, provider: Provider) -> None:
    """A robot may knock a thousand times: nothing of it is kept here, whatever door it knocks at."""
    nobody = people.nobody.client
    for address in ("/sign-in/", "/sign-in/code/", "/sign-in/passkey/", START, f"{START}?next=/lots/", BACK, "/lots/"):
        for _ in range(2):
            assert nobody.get(address).status_code in (200, 302, 403)
    nobody.post("/sign-in/", {"username": "ana", "password": "wrong"})
    nobody.post("/sign-in/passkey/", {"credential": "{}"})
    nobody.post("/lots/", {})
    assert not Session.objects.exists()
    assert "sessionid" not in nobody.cookies


def test_what_waits_in_the_browser_cannot_be_forged_or_kept(people: People, provider: Provider, world: World) -> None:
    sent = people.nobody.client.get(START)
    given, cookie = provider.goes(sent["Location"]), people.nobody.client.cookies["sso"]
    assert cookie["httponly"]
    assert cookie["max-age"] == 600
    good = cookie.value
    for bad in (good[:-1] + ("A" if good[-1] != "A" else "B"), "", "{}"):
        people.nobody.client.cookies["sso"] = bad
        refused(people, people.nobody.client.get(BACK, given), "does not fit this browser")
    people.nobody.client.cookies["sso"] = good
    assert people.nobody.client.get(BACK, given).status_code == 303
    assert people.nobody.client.cookies["sso"].value == ""


def test_the_name_is_read_without_case(people: People, provider: Provider) -> None:
    provider.claims = {"preferred_username": "ANA"}
    assert come_back(people, provider).status_code == 303


def test_by_verified_e_mail(people: People, world: World, provider: Provider, settings) -> None:
    settings.OIDC_CLAIM = "email"
    User.objects.filter(username="ana").update(email="ana@reserve.example")
    provider.claims = {"email": "Ana@Reserve.example", "email_verified": True}
    assert come_back(people, provider).status_code == 303
    people.nobody.post("/sign-out/", {})
    provider.claims = {"email": "ana@reserve.example", "email_verified": False}
    refused(people, come_back(people, provider), "nobody by that name")
    User.objects.filter(username="ben").update(email="ana@reserve.example")
    provider.claims = {"email": "ana@reserve.example", "email_verified": True}
    refused(people, come_back(people, provider), "nobody by that name")


@pytest.mark.parametrize("named", ["nobody-here", "system", "", "ana\x00", None, ["ana"]])
def test_nobody_is_made(people: People, provider: Provider, world: World, named: Any) -> None:
    before = User.objects.count()
    provider.claims = {"preferred_username": named}
    refused(people, come_back(people, provider), "nobody by that name")
    assert User.objects.count() == before


def test_who_is_closed_stays_out(people: People, world: World, provider: Provider) -> None:
    User.objects.filter(username="ana").update(is_active=False)
    refused(people, come_back(people, provider), "nobody by that name")


WRONG: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "somebody-else"},
    "two audiences, given to the other": {"aud": [CLIENT, "other"], "azp": "other"},
    "another issuer": {"iss": "http://evil.example"},
    "expired": {"exp": int(time.time()) - 3600},
    "no end": {"exp": None},
    "from the future": {"iat": int(time.time()) + 3600},
    "nobody": {"sub": None},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_a_token_that_is_not_for_us_is_refused(people: People, provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    refused(people, come_back(people, provider), "Start again")


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_is_not_signed_by_the_provider_is_refused(
    people: People, provider: Provider, algorithm: str
) -> None:
    provider.algorithm = algorithm
    refused(people, come_back(people, provider), "Start again")


def test_nor_one_that_is_signed_with_another_key(people: People, provider: Provider) -> None:
    provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    refused(people, come_back(people, provider), "Start again")


@pytest.mark.parametrize("changes", [{"state": "another"}, {"state": ""}, {"code": ""}, {"code": "another"}])
def test_an_answer_to_another_question_is_refused(people: People, provider: Provider, changes: dict[str, str]) -> None:
    refused(people, come_back(people, provider, **changes), "Start again")


def test_an_answer_is_good_for_once(people: People, provider: Provider) -> None:
    given = provider.goes(people.nobody.client.get(START)["Location"])
    assert people.nobody.client.get(BACK, given).status_code == 303
    people.nobody.post("/sign-out/", {})
    refused(people, people.nobody.client.get(BACK, given), "Start again")


def test_an_answer_that_another_browser_asked_for_is_refused(people: People, provider: Provider) -> None:
    from django.test import Client

    given = provider.goes(Client().get(START)["Location"])
    refused(people, people.nobody.client.get(BACK, given), "Start again")


def test_it_leads_nowhere_else(people: People, provider: Provider) -> None:
    assert come_back(people, provider, onward="https://evil.example/")["Location"] == "/"


def test_our_own_second_factor_is_asked_for_on_top(people: People, world: World, provider: Provider, settings) -> None:
    set_up_app(people.ana, world.now)
    assert come_back(people, provider)["Location"] == "/sign-in/code/"
    assert people.nobody.client.get("/change-password/").status_code == 302
    settings.OIDC_IS_SECOND_FACTOR = True
    assert come_back(people, provider).status_code == 303


def test_a_provider_that_fails_is_named(people: People, provider: Provider, settings) -> None:
    provider.status = 500
    answer = come_back(people, provider)
    assert (answer.status_code, "does not answer" in text(answer.content.decode())) == (503, True)
    provider.described = {"issuer": "http://evil.example"}
    assert people.nobody.client.get(START).status_code == 503
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    assert people.nobody.client.get(START).status_code == 503

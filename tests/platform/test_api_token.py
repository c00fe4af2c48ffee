"""A token for name and password, and giving it up."""

import json
from datetime import datetime

import pytest
from allauth.mfa.utils import decrypt
from axes.models import AccessAttempt, AccessFailureLog

from config.accounts import factors, lockout, tokens
from config.accounts.models import ApiToken
from config.audit.models import Command
from tests.platform.second_factors import shows
from tests.rest import Answer, Caller, Callers
from tests.world import PASSWORD, World


def ask(api: Callers, username: str = "ana", password: str = PASSWORD, *, address: str = "192.0.2.1") -> Answer:
    body = json.dumps({"username": username, "password": password})
    return api.nobody.send("POST", "auth/token/", body, REMOTE_ADDR=address)


def test_it_gives_a_token_that_opens_the_api(api: Callers, world: World) -> None:
    answer = ask(api)
    assert answer.status == 200
    assert answer["expiry"] == "2026-11-02T21:00:00Z"
    assert Caller(answer["token"]).get("lots/").status == 200
    assert not ApiToken.objects.filter(digest=answer["token"]).exists(), "Tokens are stored hashed."


def test_it_reads_the_name_without_case(api: Callers) -> None:
    assert ask(api, "ANA").status == 200


@pytest.mark.parametrize(
    ("username", "password"),
    [("ana", "wrong"), ("nobody-here", PASSWORD), ("system", PASSWORD), ("ana", f" {PASSWORD}")],
)
def test_it_says_the_same_for_a_wrong_name_and_a_wrong_password(api: Callers, username: str, password: str) -> None:
    answer = ask(api, username, password)
    assert (answer.status, answer["code"]) == (401, "wrong_credentials")
    assert answer.is_problem


def test_it_gives_a_disabled_person_nothing(api: Callers, world: World) -> None:
    world.ana.is_active = False
    world.ana.save()
    assert ask(api).status == 401


@pytest.mark.parametrize(
    "body",
    ["{}", "[]", "null", '"ana"', '{"username": "ana"}', '{"username": 1, "password": 2}',
     '{"username": ["ana"], "password": "x"}',
     '{"username": "ana", "password": null}', '{"username": "a\\u0000", "password": "x"}',
     '{"username": "ana", "password": "a\\u0000"}',
     '{"username": "ana", "password": "x", "admin": true}', '{"username": "' + "a" * 65 + '", "password": "x"}',
     '{"username": "ana", "password": "' + "a" * 1001 + '"}'],
)  # fmt: skip
def test_it_refuses_a_body_of_another_shape(api: Callers, body: str) -> None:
    answer = api.nobody.send("POST", "auth/token/", body)
    assert answer.status == 422
    assert answer.is_problem
    assert not AccessAttempt.objects.exists()


def test_it_makes_who_guesses_wait_ever_longer(api: Callers, world: World) -> None:
    for _ in range(5):
        assert ask(api, password="wrong").status == 401
    refused = ask(api)
    assert refused.status == 429
    assert refused.is_problem
    assert refused.response["Retry-After"] == "2"
    world.later(seconds=2)
    assert ask(api, password="wrong").status == 401
    world.later(seconds=2)
    assert ask(api).status == 429, "The sixth costs four seconds."
    world.later(seconds=2)
    assert ask(api).status == 200
    assert not AccessAttempt.objects.exists(), "The right password forgives."
    assert AccessFailureLog.objects.get().locked_out, "The lock-out is on record, once."


def test_it_counts_by_name_and_address(api: Callers) -> None:
    for _ in range(5):
        ask(api, password="wrong")
    assert ask(api, address="192.0.2.2").status == 200
    assert ask(api, "ben").status == 200
    assert ask(api).status == 429


def test_it_waits_a_quarter_of_an_hour_at_most() -> None:
    assert [lockout.wait(n).total_seconds() for n in (0, 4, 5, 6, 7, 1000)] == [0, 0, 2, 4, 8, 900]


def test_it_forgets_failures_after_a_day(api: Callers, world: World) -> None:
    for _ in range(5):
        ask(api, password="wrong")
    world.later(days=1, seconds=1)
    assert ask(api, "ben").status == 200
    assert not AccessAttempt.objects.exists()


def test_it_ends_a_token_in_time(api: Callers, world: World) -> None:
    ana = Caller(ask(api)["token"])
    world.later(hours=12, seconds=1)
    assert ana.get("lots/").status == 401


def test_it_gives_up_the_token_that_asks(api: Callers) -> None:
    one, other = (Caller(ask(api)["token"]) for _ in range(2))
    assert one.send("POST", "auth/logout/").status == 204
    assert one.get("lots/").status == 401
    assert other.get("lots/").status == 200


def test_it_ends_a_session_too(api: Callers, world: World) -> None:
    api.nobody.client.force_login(world.ana)
    assert api.nobody.get("lots/").status == 200
    assert api.nobody.send("POST", "auth/logout/").status == 204
    assert api.nobody.get("lots/").status == 401


def test_it_keeps_the_newest_tokens_of_very_many(api: Callers, world: World, settings) -> None:
    settings.TOKENS_PER_PERSON = 3
    issued = [tokens.issue(person=world.ana, now=world.later(minutes=1))["token"] for _ in range(5)]
    assert [Caller(token).get("lots/").status for token in issued] == [401, 401, 200, 200, 200]


def test_it_leaves_no_password_and_no_token_in_the_records(api: Callers) -> None:
    given = ask(api)["token"]
    ask(api, password="a wrong password")
    for record in Command.objects.values_list("request", "answer"):
        assert PASSWORD not in str(record)
        assert given not in str(record)


def test_it_needs_the_right_method_and_someone_to_log_out(api: Callers) -> None:
    assert api.nobody.get("auth/token/").status == 405
    assert api.nobody.send("POST", "auth/logout/").status == 401
    assert api.ana.get("auth/logout/").status == 405


def test_it_counts_guesses_sent_at_once(api: Callers, world: World) -> None:
    """An attempt is taken before its password is looked at, so none of them can be read by two."""
    row = AccessAttempt.objects.create(username="ana", ip_address="192.0.2.1", user_agent="", failures_since_start=4)
    world.later(seconds=1)
    assert ask(api, password="wrong").status == 401
    row.refresh_from_db()
    assert row.failures_since_start == 5
    assert ask(api, password="wrong").status == 429
    row.refresh_from_db()
    assert row.failures_since_start == 5, "A refused attempt costs nothing more."


# ---- a second factor --------------------------------------------------------------------------------------------------


def app_of(world: World, now: datetime) -> str:
    """Ana's authenticator app, set up through the door; its secret."""
    sealed = factors.propose_secret()
    secret = str(decrypt(sealed))
    factors.add_app(by=world.by("ana"), sealed_secret=sealed, code=shows(secret, now))
    world.later(minutes=2)
    return secret


def with_code(api: Callers, code: object) -> Answer:
    body = json.dumps({"username": "ana", "password": PASSWORD, "code": code})
    return api.nobody.send("POST", "auth/token/", body, REMOTE_ADDR="192.0.2.1")


def test_it_asks_for_a_code_of_who_has_an_app(api: Callers, world: World) -> None:
    secret = app_of(world, world.now)
    assert (ask(api).status, ask(api)["code"]) == (401, "code_needed")
    assert (with_code(api, "000000").status, with_code(api, "000000")["code"]) == (401, "wrong_code")
    code = shows(secret, world.now)
    assert with_code(api, code).status == 200
    assert with_code(api, code)["code"] == "wrong_code", "A code is good for once."
    assert with_code(api, 123456).status == 422


def test_it_takes_a_recovery_code_once(api: Callers, world: World) -> None:
    app_of(world, world.now)
    code = factors.codes_of(world.ana)[0]
    assert with_code(api, code).status == 200
    assert with_code(api, code).status == 401


def test_wrong_codes_count_like_wrong_passwords(api: Callers, world: World) -> None:
    secret = app_of(world, world.now)
    assert [with_code(api, "000000").status for _ in range(6)] == [401] * 5 + [429]
    world.later(minutes=1)
    assert with_code(api, shows(secret, world.now)).status == 200


def test_a_wrong_password_says_nothing_of_the_second_factor(api: Callers, world: World) -> None:
    app_of(world, world.now)
    assert ask(api, password="wrong")["code"] == "wrong_credentials"


def test_a_program_cannot_show_a_passkey(api: Callers, world: World) -> None:
    factors.add_passkey(by=world.by("ana"), name="Key", credential={})
    answer = ask(api)
    assert (answer.status, answer["code"]) == (422, "passkey_only")
    assert "authenticator app" in answer["message"]


def test_a_role_that_needs_a_second_factor_gets_no_token_without(api: Callers, world: World, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED_FOR = ["manager"]
    assert ask(api, "dee")["code"] == "second_factor_missing"
    assert ask(api, "ana").status == 200

"""One's own tokens: made with a name and an end, listed, last used, revoked. On the page and over the API."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.accounts import tokens
from config.accounts.models import ApiToken
from config.audit.models import Command, RegistryFact
from tests.pages import People, text
from tests.platform.second_factors import set_up_app
from tests.rest import Answer, Caller, Callers
from tests.world import PASSWORD, World

NEW, ACCOUNT = "/account/tokens/new/", "/account/"


def fresh(username: str = "ana") -> Client:
    """A person who has just signed in by name and password."""
    client = Client()
    assert client.post("/sign-in/", {"username": username, "password": PASSWORD}).status_code == 303
    return client


@pytest.fixture
def ana(people: People) -> Any:
    """Ana at her browser, just signed in."""
    people.ana.client = fresh()
    return people.ana


def secret_of(answer: Any) -> str:
    (found,) = re.findall(r'<code class="secret">([0-9a-f]{64})</code>', answer.content.decode())
    return str(found)


def make(caller: Caller, name: str = "stock report", days: int | None = None, **options: Any) -> Answer:
    return caller.post("tokens/", {"name": name, "days": days}, **options)


# ---- the page ----------------------------------------------------------------------------------------------------------


def test_it_is_shown_once_and_opens_the_api(ana: Any, world: World) -> None:
    answer = ana.send(NEW, NEW, name="Weigh bridge", days="7")
    token = secret_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert Caller(token).get("lots/").status == 200
    shown = ana.get(ACCOUNT)
    assert "Weigh bridge" in text(shown)
    assert token[:15] in shown
    assert token not in shown + ana.get(NEW)
    row = ApiToken.objects.get()
    assert row.expiry - row.created == timedelta(days=7)
    assert token not in f"{row.digest}"


def test_a_form_that_is_sent_twice_shows_the_same_and_not_the_next_day(ana: Any, world: World) -> None:
    values = {**ana.form(NEW), "name": "Weigh bridge", "days": "30"}
    assert secret_of(ana.post(NEW, values)) == secret_of(ana.post(NEW, values))
    assert ApiToken.objects.count() == 1
    world.later(minutes=11)
    ana.client.post("/confirm-password/", {"password": PASSWORD})
    again = ana.post(NEW, values)
    assert again.status_code == 422
    assert "is shown no more" in text(again.content.decode())


def test_who_left_the_screen_open_gives_the_password_again(ana: Any, world: World) -> None:
    world.later(minutes=6)
    for method in ("get", "post"):
        answer = getattr(ana.client, method)(NEW)
        assert (answer.status_code, answer["Location"]) == (302, f"/confirm-password/?next={NEW.replace('/', '%2F')}")
    ana.client.post("/confirm-password/", {"password": PASSWORD})
    assert ana.client.get(NEW).status_code == 200


def test_where_a_second_factor_is_set_up_the_session_must_have_shown_it(people: People, world: World) -> None:
    set_up_app(people.ana, world.now)
    other = Client()
    other.force_login(world.ana)
    assert other.get(NEW).status_code == 403
    assert people.ana.client.get(NEW).status_code == 200


@pytest.mark.parametrize("days", ["0", "91", "8", "x", ""])
def test_it_lasts_as_long_as_is_offered_and_no_longer(ana: Any, days: str) -> None:
    assert ana.send(NEW, NEW, name="Weigh bridge", days=days).status_code == 422
    assert ana.send(NEW, NEW, name="", days="7").status_code == 422
    assert not ApiToken.objects.exists()


def test_all_are_revoked_at_once(ana: Any, api: Callers) -> None:
    answer = ana.send(NEW, NEW, name="Weigh bridge", days="7")
    assert api.ana.get("tokens/").status == 200
    assert ana.send(ACCOUNT, "/account/end-tokens/").status_code == 303
    assert {Caller(secret_of(answer)).get("lots/").status, api.ana.get("lots/").status} == {401}
    assert ana.client.get(ACCOUNT).status_code == 200


def test_changing_the_password_keeps_them_where_their_person_says_so(ana: Any, api: Callers) -> None:
    page, own = "/change-password/", "seven quiet lanterns 41"
    ana.send(page, page, present=PASSWORD, new=own, again=own, keep_tokens="on")
    assert api.ana.get("lots/").status == 200
    ana.send(page, page, present=own, new=PASSWORD, again=PASSWORD)
    assert api.ana.get("lots/").status == 401


# ---- the API -----------------------------------------------------------------------------------------------------------


def test_a_program_lists_makes_and_revokes(api: Callers, world: World) -> None:
    made = make(api.ana)
    assert (made.status, made["name"], made["used_at"]) == (201, "stock report", None)
    program = Caller(made["token"])
    listed = program.get("tokens/")["results"]
    assert [row["mark"] for row in listed if row["name"]] == [made["mark"]]
    assert "token" not in listed[0]
    gone = api.ana.write("DELETE", f"tokens/{made['mark']}/")
    assert (gone.status, gone.body) == (200, {"tokens_revoked": 1})
    assert program.get("lots/").status == 401
    assert api.ana.write("DELETE", f"tokens/{made['mark']}/").status == 404


def test_what_a_token_makes_ends_no_later_and_is_revoked_with_it(api: Callers) -> None:
    first = Caller(api.ana.token)
    child = make(first)
    assert child["ends_at"] == first.get("tokens/")["results"][-1]["ends_at"]
    refused = make(first, days=1)
    assert (refused.status, refused["code"]) == (422, "outlives_its_maker")
    grandchild = make(Caller(child["token"]))
    first.write("DELETE", f"tokens/{first.token[:15]}/")
    assert {Caller(one["token"]).get("lots/").status for one in (child, grandchild)} == {401}


def test_the_same_key_shows_the_same_token_and_only_to_its_person(api: Callers) -> None:
    key = "3f1c9c1e-0d0e-4a55-9d2b-3f0c6c0b7a11"
    mine, again, theirs = make(api.ana, key=key), make(api.ana, key=key), make(api.ben, key=key)
    assert mine.body == again.body
    assert mine["token"] != theirs["token"]
    assert make(api.ana, "another", key=key)["code"] == "key_reused"


def test_the_same_key_shows_it_to_no_other_token_of_the_person(api: Callers) -> None:
    key = "3f1c9c1e-0d0e-4a55-9d2b-3f0c6c0b7a12"
    first, other = Caller(api.ana.token), Caller(make(api.ana, "another")["token"])
    made = make(first, key=key)
    refused = make(other, key=key)
    assert (made.status, refused.status, refused["code"]) == (201, 409, "shown_already")
    assert "token" not in refused.body


def test_somebody_elses_token_is_not_there(api: Callers) -> None:
    made = make(api.ben)
    assert api.ana.write("DELETE", f"tokens/{made['mark']}/").status == 404
    assert api.ana.write("DELETE", "tokens/").status == 200
    assert Caller(made["token"]).get("lots/").status == 200


def test_a_browser_confirms_first(api: Callers, world: World) -> None:
    desk = Caller(client=fresh())
    assert make(desk).status == 201
    world.later(minutes=6)
    assert make(desk)["code"] == "confirm_first"


def test_a_sign_in_names_its_token_and_says_for_how_long(api: Callers, settings: Any) -> None:
    body = {"username": "ana", "password": PASSWORD, "name": "Night run", "days": 90}
    answer = api.nobody.post("auth/token/", body)
    assert (answer.status, answer["expiry"]) == (200, "2027-01-31T09:00:00Z")
    assert Caller(answer["token"]).get("tokens/")["results"][0]["name"] == "Night run"
    assert api.nobody.post("auth/token/", {**body, "days": 91}).status == 422


def test_a_named_token_is_never_given_up_for_another(api: Callers, world: World, settings: Any) -> None:
    settings.TOKENS_PER_PERSON = 2
    kept = [make(api.ana, name) for name in ("one", "two")]
    assert make(api.ana, "three")["code"] == "too_many_tokens"
    for _ in range(3):
        tokens.issue(person=world.ana, now=world.later(seconds=1))
    assert {Caller(one["token"]).get("lots/").status for one in kept} == {200}


# ---- last used, and what the database says -----------------------------------------------------------------------------


def test_last_use_is_noted_once_in_five_minutes(api: Callers, world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert api.ana.get("materials/").status == 200
        return len(seen)

    first, second = queries(), queries()
    assert first > second
    used = ApiToken.objects.get().last_used_at
    assert used == world.now
    world.later(minutes=4)
    assert queries() == second
    world.later(minutes=2)
    queries()
    assert ApiToken.objects.get().last_used_at == world.now
    api.ana.get("materials/")


def test_where_nothing_can_be_written_a_token_still_reads(api: Callers, world: World) -> None:
    token = api.ana.token
    with transaction.atomic():
        connection.cursor().execute("SET TRANSACTION READ ONLY")
        assert Caller(token).get("materials/").status == 200
        transaction.set_rollback(True)
    assert ApiToken.objects.get().last_used_at is None


@pytest.mark.parametrize("lasts", [timedelta(0), timedelta(days=-1), timedelta(days=367)])
def test_the_database_takes_no_token_without_an_end_or_with_a_far_one(world: World, lasts: timedelta) -> None:
    row = {"user": world.ana, "token_key": "x", "digest": "x", "created": world.now, "expiry": world.now + lasts}
    with pytest.raises(IntegrityError, match="token_ends_within_a_year"), transaction.atomic():
        ApiToken.objects.bulk_create([ApiToken(**row)])


def test_it_is_in_no_record(ana: Any, api: Callers) -> None:
    found = [secret_of(ana.send(NEW, NEW, name="Weigh bridge", days="7")), make(api.ana)["token"]]
    assert Command.objects.filter(kind="accounts.make_token", outcome="done").count() == 2
    records = [*Command.objects.values_list("request", "answer"), *RegistryFact.objects.values_list("body")]
    assert not [token for token in found if token in str(records)]


def test_it_asks_to_sign_in(people: People, api: Callers) -> None:
    assert people.nobody.client.get(NEW).status_code == 302
    assert {api.nobody.get("tokens/").status, make(api.nobody).status} == {401}

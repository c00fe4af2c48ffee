"""Who guesses is made to wait, and nobody else is."""

import json
from functools import partial
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.test import Client

from config.accounts import lockout
from config.accounts.devices import COOKIE, Origin
from config.accounts.models import KnownDevice, User
from tests.concurrency.together import together
from tests.world import PASSWORD, World


@pytest.fixture(autouse=True)
def _clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)


def enter(client: Client, username: str = "ana", password: str = PASSWORD, address: str = "192.0.2.9") -> int:
    given = {"username": username, "password": password}
    return int(client.post("/sign-in/", given, REMOTE_ADDR=address).status_code)


def lock(username: str, *, addresses: int = 6) -> None:
    """Guess at a name from many addresses, until it is locked wherever the next guess comes from."""
    for number in range(addresses):
        for _ in range(5):
            enter(Client(), username, "guess", f"198.51.100.{number}")


def test_a_name_is_locked_from_everywhere_after_many_guesses(world: World) -> None:
    lock("ana")
    assert enter(Client(), "ana", address="192.0.2.77") == 429, "The right password from a new device has to wait too."
    assert enter(Client(), "ben", address="192.0.2.77") == 303


def test_guesses_of_others_lock_nobody_out_of_a_known_device(world: World) -> None:
    own = Client()
    assert enter(own) == 303
    own.post("/sign-out/")
    lock("ana")
    assert enter(Client(), address="192.0.2.9") == 429
    assert enter(own) == 303


def test_not_even_from_the_address_that_guesses(world: World) -> None:
    own = Client()
    enter(own)
    own.post("/sign-out/")
    for _ in range(5):
        enter(Client(), password="guess")
    assert enter(Client()) == 429
    assert enter(own) == 303


def test_a_known_device_has_a_budget_of_its_own(world: World) -> None:
    own = Client()
    enter(own)
    own.post("/sign-out/")
    assert [enter(own, password="guess") for _ in range(6)] == [422] * 5 + [429]
    assert enter(own) == 429
    assert enter(Client()) == 303, "What was guessed there locks nobody out elsewhere."


def test_a_device_is_known_for_its_own_people_only(world: World) -> None:
    shared = Client()
    enter(shared, "ben")
    shared.post("/sign-out/")
    lock("ana")
    assert enter(shared, "ana") == 429
    assert enter(shared, "ben") == 303


def test_the_cookie_is_signed_and_kept_from_scripts(world: World) -> None:
    own = Client()
    enter(own)
    cookie = own.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert KnownDevice.objects.get().digest not in cookie.value
    own.post("/sign-out/")
    lock("ana")
    own.cookies[COOKIE] = cookie.value[:-1] + ("A" if cookie.value[-1] != "A" else "B")
    assert enter(own) == 429


def test_a_device_that_was_revoked_is_a_stranger(world: World) -> None:
    own = Client()
    enter(own)
    own.post("/sign-out/")
    KnownDevice.objects.all().delete()
    lock("ana")
    assert enter(own) == 429


def test_spraying_one_password_over_many_names_is_slowed(world: World) -> None:
    for number in range(50):
        assert enter(Client(), f"somebody-{number}", "Winter2026!") == 422
    assert enter(Client(), "somebody-else", "Winter2026!") == 429
    assert enter(Client(), "ben", address="192.0.2.10") == 303


def test_changing_the_address_within_a_network_helps_nobody(world: World) -> None:
    for number in range(5):
        assert enter(Client(), password="guess", address=f"2001:db8:0:1::{number}") == 422
    assert enter(Client(), address="2001:db8:0:1::ffff") == 429
    assert enter(Client(), address="2001:db8:0:2::1") == 303


def test_pages_and_programs_share_the_count(world: World) -> None:
    for _ in range(5):
        enter(Client(), password="guess")
    body = json.dumps({"username": "ana", "password": PASSWORD})
    answer = Client().post("/api/auth/token/", body, "application/json", REMOTE_ADDR="192.0.2.9")
    assert (answer.status_code, answer["Retry-After"]) == (429, "2")


def test_a_lock_out_is_on_record_once(world: World) -> None:
    for _ in range(5):
        enter(Client(), password="guess")
    for _ in range(4):
        assert enter(Client()) == 429
    row = AccessFailureLog.objects.get()
    assert (row.username, row.ip_address, row.locked_out) == ("ana", "192.0.2.9", True)


def test_no_password_is_kept(world: World) -> None:
    for _ in range(6):
        enter(Client(), password="my secret guess")
    kept: list[Any] = [*AccessAttempt.objects.values(), *AccessFailureLog.objects.values()]
    assert "my secret guess" not in str(kept)


def test_an_address_that_is_none_is_counted_as_one(world: World) -> None:
    for _ in range(5):
        assert enter(Client(), password="guess", address="not an address") == 422
    assert enter(Client(), address="nor this") == 429


@pytest.mark.django_db(transaction=True)
def test_a_hundred_guesses_at_once_count_as_a_hundred(world: World) -> None:
    def guess(number: int) -> str:
        try:
            lockout.take(username="ana", origin=Origin(f"192.0.2.{number % 5}"), now=world.now)
        except lockout.TooManyAttempts:
            return "refused"
        return "taken"

    outcomes = together(*(partial(guess, number) for number in range(40)))
    assert outcomes.count("taken") == lockout.FREE["name"]


def test_who_is_closed_has_no_known_device(world: World) -> None:
    own = Client()
    enter(own)
    own.post("/sign-out/")
    User.objects.filter(username="ana").update(is_active=False)
    lock("ana")
    assert enter(own) == 429

"""Without JavaScript too, nothing typed is lost when a session ends in the middle of a form; and nothing is sent by itself."""

import zlib
from base64 import urlsafe_b64decode
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session

from config.accounts import typed
from inventory.models import Movement
from tests.pages import SWAP, People, controls, text
from tests.platform.second_factors import set_up_app, shows
from tests.world import PASSWORD, World

PAGE = "/receive/"
TYPED = {"material": "nd-oxide", "location": "ANT-S1", "quantity": "1.5", "unit": "t", "lot_number": "ANT-TYPED-1"}


@pytest.fixture(autouse=True)
def _half_an_hour(settings: Any) -> None:
    settings.SESSION_IDLE_S = 1800


def cut_off(people: People, world: World, page: str = PAGE, **values: str) -> Any:
    """Ana fills a form in, goes for lunch, and sends it."""
    filled = {**people.ana.form(page), **(values or TYPED)}
    world.later(hours=1)
    return people.ana.client.post(page, filled, headers={"Referer": f"http://testserver{page}"})


def sign_in(people: People, answer: Any, username: str = "ana") -> Any:
    sent = controls(answer.content.decode(), "/sign-in/")
    return people.ana.client.post("/sign-in/", {**sent, "username": username, "password": PASSWORD})


def test_the_form_is_back_as_it_was_and_is_sent_by_hand(people: People, world: World) -> None:
    answer = cut_off(people, world)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (403, True)
    assert "it comes back when you sign in again" in text(answer.content.decode())
    assert not Session.objects.exists(), "What a stranger has typed stands in their page and nowhere else."
    wrong = people.ana.client.post(
        "/sign-in/", {**controls(answer.content.decode(), "/sign-in/"), "username": "ana", "password": "x"}
    )
    assert sign_in(people, wrong)["Location"] == PAGE
    html = people.ana.get(PAGE, status=422)
    assert "What you typed is back, and not sent yet." in text(html)
    filled = controls(html, PAGE)
    assert {name: filled[name] for name in TYPED} == TYPED
    assert not Movement.objects.exists()
    assert people.ana.post(PAGE, filled).status_code == 303
    assert Movement.objects.count() == 1
    assert people.ana.form(PAGE)["quantity"] == ""


def test_another_person_at_the_same_browser_sees_none_of_it(people: People, world: World) -> None:
    assert sign_in(people, cut_off(people, world), "ben")["Location"] == PAGE
    assert people.ana.form(PAGE)["quantity"] == ""


def test_it_waits_for_the_second_factor(people: People, world: World) -> None:
    secret, _codes = set_up_app(people.ana, world.now)
    answer = sign_in(people, cut_off(people, world))
    assert answer["Location"] == "/sign-in/code/"
    people.ana.client.post("/sign-in/code/", {"code": shows(secret, world.now)})
    assert controls(people.ana.get(PAGE, status=422), PAGE)["quantity"] == "1.5"


def test_a_form_beside_its_page_is_back_there(people: People, world: World) -> None:
    lot = world.stock("10")
    page = f"/lots/{lot}/sample/"
    sign_in(people, cut_off(people, world, page, quantity="0.25"))
    assert controls(people.ana.get(page, status=422), page)["quantity"] == "0.25"


@pytest.mark.parametrize("changes", [{"password": "x"}, {"code": "123456"}, {"note": "x" * 30_000}])
def test_secrets_and_very_long_texts_are_not_carried(people: People, world: World, changes: dict[str, str]) -> None:
    answer = cut_off(people, world, **changes)
    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={PAGE}")


def test_who_was_never_here_is_carried_nothing(people: People) -> None:
    answer = people.nobody.client.post(PAGE, {"key": str(uuid4()), **TYPED})
    assert answer.status_code == 302


def test_a_swap_is_led_to_the_page_as_before(people: People, world: World) -> None:
    filled = {**people.ana.form(PAGE), **TYPED}
    world.later(hours=1)
    answer = people.ana.client.post(PAGE, filled, headers={**SWAP, "HX-Current-URL": f"http://testserver{PAGE}"})
    assert answer["HX-Redirect"] == f"/sign-in/?next={PAGE}&ended=yes"


def test_the_page_tells_its_next_reader_nothing_of_it(people: People, world: World) -> None:
    kept = controls(cut_off(people, world).content.decode(), "/sign-in/")[typed.FIELD]
    parts = [urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in kept.strip(".").split(":")]
    told = [part for part in parts + [inflated(part) for part in parts] if b"ANT-TYPED-1" in part]
    assert kept
    assert told == []


def inflated(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return b""


def test_what_is_forged_is_nothing(people: People, world: World) -> None:
    html = cut_off(people, world).content.decode()
    sent = controls(html, "/sign-in/")
    for forged in (sent[typed.FIELD][:-2], "é"):
        answer = people.ana.client.post(
            "/sign-in/", {**sent, typed.FIELD: forged, "username": "ana", "password": PASSWORD}
        )
        assert answer.status_code == 303
    assert people.ana.form(PAGE)["quantity"] == ""

"""The page between the password and the session, for who has a second factor."""

import pytest
from django.conf import settings

from config.accounts import codes
from config.accounts.models import KnownDevice, User
from tests.concurrency.together import together
from tests.pages import People, Person, text
from tests.platform.second_factors import set_up_app, shows
from tests.world import PASSWORD, World

PAGE = "/sign-in/code/"
GOOD = {"username": "ana", "password": PASSWORD}


@pytest.fixture
def secret(people: People, world: World) -> str:
    found, _ = set_up_app(people.ana, world.now)
    world.later(minutes=2)
    return found


def half_way(people: People) -> Person:
    answer = people.nobody.post("/sign-in/?next=/change-password/", GOOD)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    return people.nobody


def test_the_password_alone_opens_nothing(people: People, secret: str) -> None:
    who = half_way(people)
    assert who.client.get("/change-password/").status_code == 302
    assert who.client.get("/api/lots/").status_code == 401
    assert not KnownDevice.objects.filter(user__username="ana").exists(), "The device is not known by half a sign-in."


def test_the_code_lets_in_to_the_page_that_was_asked_for(people: People, world: World, secret: str) -> None:
    who = half_way(people)
    answer = who.send(PAGE, PAGE, code=shows(secret, world.now))
    assert (answer.status_code, answer["Location"]) == (303, "/change-password/")
    who.get("/change-password/")


def test_the_session_gets_a_new_key(people: People, world: World, secret: str) -> None:
    who = half_way(people)
    before = who.client.cookies[settings.SESSION_COOKIE_NAME].value
    who.post(PAGE, {"code": shows(secret, world.now)})
    assert who.client.cookies[settings.SESSION_COOKIE_NAME].value != before


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_a_clock_may_be_off_by_half_a_minute(people: People, world: World, secret: str, step: int) -> None:
    assert half_way(people).post(PAGE, {"code": shows(secret, world.now, step=step)}).status_code == 303


@pytest.mark.parametrize("step", [-3, -2, 2, 10])
def test_and_by_no_more(people: People, world: World, secret: str, step: int) -> None:
    assert half_way(people).post(PAGE, {"code": shows(secret, world.now, step=step)}).status_code == 422


def test_a_code_is_good_for_once(people: People, world: World, secret: str) -> None:
    code = shows(secret, world.now)
    half_way(people).post(PAGE, {"code": code})
    people.nobody.post("/sign-out/", {})
    who = half_way(people)
    answer = who.post(PAGE, {"code": code})
    assert answer.status_code == 422
    assert "used already" in text(answer.content.decode())
    assert who.post(PAGE, {"code": shows(secret, world.now, step=-1)}).status_code == 422, "Nor an earlier one."
    assert who.post(PAGE, {"code": shows(secret, world.now, step=1)}).status_code == 303


def test_a_recovery_code_is_good_for_once(people: People, world: World) -> None:
    _, codes = set_up_app(people.ana, world.now)
    assert half_way(people).post(PAGE, {"code": f"{codes[3][:5]} {codes[3][5:]}"}).status_code == 303
    people.nobody.post("/sign-out/", {})
    assert half_way(people).post(PAGE, {"code": codes[3]}).status_code == 422
    assert half_way(people).post(PAGE, {"code": codes[4]}).status_code == 303
    assert "8 codes left" in text(people.nobody.get("/second-factor/"))


@pytest.mark.parametrize("code", ["", "000000", "x" * 33, "１２３４５６", "\x00", "' OR 1=1"])
def test_other_things_are_refused(people: People, secret: str, code: str) -> None:
    assert half_way(people).post(PAGE, {"code": code}).status_code == 422


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", '{"id": 1}', '{"response": {"userHandle": 3}}', "[" * 5000]
)
def test_a_passkey_that_is_none_is_refused(people: People, secret: str, credential: str) -> None:
    assert half_way(people).post(PAGE, {"credential": credential}).status_code == 422
    assert people.nobody.post("/sign-in/passkey/", {"credential": credential}).status_code == 422


def test_guessing_codes_is_slowed_though_the_password_is_right(people: People, world: World, secret: str) -> None:
    """Each round trip with the right password must not wash the count away."""
    seen = []
    for _ in range(5):
        answer = people.nobody.post("/sign-in/", GOOD)
        if answer.status_code == 302:
            answer = people.nobody.post(PAGE, {"code": "000000"})
        seen.append(answer.status_code)
    assert 429 in seen
    world.later(minutes=1)
    half_way(people)
    world.later(minutes=1)
    assert people.nobody.post(PAGE, {"code": shows(secret, world.now)}).status_code == 303


def test_without_the_password_there_is_no_page(people: People) -> None:
    assert people.nobody.client.get(PAGE)["Location"] == "/sign-in/"
    assert people.nobody.post(PAGE, {"code": "000000"})["Location"] == "/sign-in/"
    assert people.ben.client.get(PAGE)["Location"] == "/sign-in/"


def test_who_is_closed_meanwhile_stays_out(people: People, world: World, secret: str) -> None:
    who = half_way(people)
    User.objects.filter(username="ana").update(is_active=False)
    assert who.post(PAGE, {"code": shows(secret, world.now)})["Location"] == "/sign-in/"
    assert who.client.get("/change-password/").status_code == 302


def test_the_code_never_comes_back(people: People, secret: str) -> None:
    assert b"482913" not in half_way(people).post(PAGE, {"code": "482913"}).content


def test_allauth_has_no_pages_here(people: People) -> None:
    for path in ("/accounts/signup/", "/accounts/login/", "/signup/", "/2fa/", "/accounts/password/reset/", "/mfa/"):
        assert people.ana.client.get(path).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["totp", "recovery_codes"])
def test_of_two_who_use_the_same_code_at_once_one_comes_in(people: People, world: World, kind: str) -> None:
    secret, recovery = set_up_app(people.ana, world.now)
    now = world.later(minutes=2)
    code = shows(secret, now) if kind == "totp" else recovery[0]

    def use() -> str:
        try:
            return str(codes.spend(person=world.ana, code=code, now=now).type)
        except codes.WrongCode:
            return "refused"

    assert sorted(together(*[use] * 4)) == sorted([kind, "refused", "refused", "refused"])

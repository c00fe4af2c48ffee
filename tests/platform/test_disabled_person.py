"""A person who is shut out is out at their next request, whatever they hold; what they held never works again."""

import json

from django.test import Client

from config.accounts import grants, tokens
from config.accounts.models import KnownDevice, User
from tests.pages import People
from tests.platform.second_factors import set_up_app, shows
from tests.world import PASSWORD, World


def test_session_token_device_and_codes_end_at_once_and_for_good(people: People, world: World) -> None:
    secret, recovery = set_up_app(people.ana, world.now)
    world.later(minutes=2)
    people.nobody.post("/sign-in/", {"username": "ana", "password": PASSWORD})
    people.nobody.post("/sign-in/code/", {"code": shows(secret, world.now)})
    token = tokens.issue(person=world.ana, now=world.now)["token"]

    def opens() -> list[int]:
        program = Client().get("/api/materials/", headers={"Authorization": f"Token {token}"})
        return [people.nobody.client.get("/change-password/").status_code, program.status_code]

    assert opens() == [200, 200]
    grants.disable(by=world.by("adm"), person="ana", reason="Left")
    assert opens() == [302, 401]
    assert not KnownDevice.objects.filter(user=world.ana).exists()
    assert people.nobody.post("/sign-in/", {"username": "ana", "password": PASSWORD}).status_code == 422
    body = json.dumps({"username": "ana", "password": PASSWORD, "code": recovery[0]})
    assert Client().post("/api/auth/token/", body, "application/json").status_code == 401

    User.objects.filter(username="ana").update(is_active=True)
    assert opens() == [302, 401]


def test_a_form_that_is_half_way_ends_too(people: People, world: World) -> None:
    secret, _ = set_up_app(people.ana, world.now)
    world.later(minutes=2)
    people.nobody.post("/sign-in/", {"username": "ana", "password": PASSWORD})
    grants.disable(by=world.by("adm"), person="ana", reason="Left")
    assert people.nobody.post("/sign-in/code/", {"code": shows(secret, world.now)})["Location"] == "/sign-in/"
    assert people.nobody.client.get("/change-password/").status_code == 302

"""People over the API."""

from datetime import UTC, datetime
from typing import Any

import pytest

from config.accounts.models import User
from config.audit.models import RegistryFact
from tests.rest import Callers
from tests.world import World

LENA = {"username": "lena", "name": "Lena", "roles": ["warehouse"], "sites": ["ANT"], "reason": "Joins"}


def test_it_lists_and_narrows(api: Callers) -> None:
    assert [row["username"] for row in api.aud.get("people/", role="administrator")["results"]] == ["ada", "adm"]
    assert [row["username"] for row in api.adm.get("people/", site="BRA")["results"]] == ["cem"]
    ana = api.adm.get("people/ana/").body
    assert {"username", "name", "email", "roles", "sites", "is_active", "seen"} <= set(ana)
    assert not {"password", "preferences", "is_superuser"} & set(ana)


def test_a_person_is_added_and_given_rights_by_two(api: Callers) -> None:
    added = api.adm.post("people/", LENA)
    assert (added.status, added["roles"], added["taken"]) == (201, [], [])
    assert api.adm.post(f"requests/{added['request']}/approve/", {}).status == 403
    assert api.ada.post(f"requests/{added['request']}/approve/", {}).status == 200
    assert api.adm.get("people/lena/")["roles"] == ["warehouse"]


def test_rights_are_changed_taken_and_given_back(api: Callers) -> None:
    seen = api.adm.get("people/ben/")["seen"]
    body = {"roles": ["manager"], "sites": ["ANT"], "seen": seen, "reason": "New post"}
    changed = api.adm.post("people/ben/access/", body)
    assert (changed.status, changed["roles"], changed["taken"]) == (200, [], ["warehouse"])
    assert api.adm.post("people/ben/access/", body).body["code"] == "stale"
    assert api.adm.post("people/cem/disable/", {"reason": "Left"})["is_active"] is False
    assert api.adm.post("people/cem/enable/", {"reason": "Back"})["request"] > changed["request"]
    edited = api.adm.put("people/cem/", {"name": "Cemal", "email": "", "seen": api.adm.get("people/cem/")["seen"]})
    assert (edited.status, edited["name"]) == (200, "Cemal")


def test_it_shows_any_moment_on_record(api: Callers, world: World) -> None:
    before = RegistryFact.objects.latest("seq").recorded_at
    User.objects.filter(username="ana").update(roles=["manager"])
    world.now = datetime.now(UTC)
    api = Callers(world)

    def roles(at: datetime) -> Any:
        return api.aud.get("people/", as_of=at.isoformat(), search="ana")["results"][0]["roles"]

    assert (roles(before), roles(world.now)) == (["warehouse"], ["manager"])
    assert api.aud.get("people/", as_of="2001-01-01")["results"] == []
    assert api.aud.get("people/", as_of="2199-01-01").status == 422


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("people/", {**LENA, "username": "ana"}, 409),
        ("people/", {**LENA, "username": "system"}, 422),
        ("people/", {**LENA, "roles": ["king"]}, 422),
        ("people/", {**LENA, "roles": "manager"}, 422),
        ("people/", {**LENA, "sites": ["XXX"]}, 422),
        ("people/", {**LENA, "is_superuser": True}, 422),
        ("people/", {**LENA, "name": "n" * 10_000}, 422),
        ("people/nobody/disable/", {"reason": "x"}, 404),
        ("people/system/disable/", {"reason": "x"}, 404),
        ("people/ana/disable/", {"reason": ""}, 422),
        ("people/ana/disable/", {}, 422),
        ("people/adm/access/", {"roles": ["administrator", "manager"], "sites": [], "seen": "?", "reason": "x"}, 409),
        ("people/ada/disable/", {"reason": "x"}, 409),
    ],
)
def test_it_refuses(api: Callers, path: str, body: dict[str, Any], status: int) -> None:
    answer = api.adm.post(path, body)
    assert (answer.status, answer.is_problem) == (status, True), answer


def test_who_may(api: Callers) -> None:
    for who, status in {"nobody": 401, "ana": 403, "pia": 403, "dee": 403, "aud": 200, "adm": 200}.items():
        caller = getattr(api, who)
        assert caller.get("people/").status == status
        assert caller.get("people/ana/").status == status
        if who != "adm":
            assert caller.post("people/", LENA).status == (401 if who == "nobody" else 403)

"""Acts that take two people, over the API."""

from typing import Any
from uuid import uuid4

import pytest

from config.approvals.models import Decision, Request
from inventory.models import Balance, Movement
from tests.rest import Answer, Callers
from tests.world import World


def ask(api: Callers, lot: str, who: str = "ana", *, key: str | None = None, **change: Any) -> Answer:
    body = {
        "kind": "adjust",
        "lot": lot,
        "location": "ANT-S1",
        "net_kg": "2",
        "gain": False,
        "reason": "Spilt",
        **change,
    }
    answer: Answer = getattr(api, who).post("requests/", {k: v for k, v in body.items() if v != "left out"}, key=key)
    return answer


ISSUE: dict[str, Any] = {"kind": "issue", "location": "left out", "gain": "left out", "origin": "ANT-S1"}


def decide(api: Callers, who: str, request: Answer, act: str = "approve", **body: Any) -> Answer:
    answer: Answer = getattr(api, who).post(f"requests/{request['id']}/{act}/", body)
    return answer


def held() -> int:
    return Balance.objects.get(location__code="ANT-S1").net_mg


def test_it_adjusts_when_another_person_agrees(api: Callers, world: World) -> None:
    lot = world.stock("10")
    asked = ask(api, lot)
    assert asked.status == 201, asked
    assert (asked["kind"], asked["subject"], asked["site"], asked["state"]) == ("adjust", lot, "ANT", "pending")
    assert (asked["needed"], asked["agreed"], asked["requester"], asked["decisions"]) == (1, 0, "Ana", [])
    assert held() == 10_000_000
    done = decide(api, "dee", asked, note="Seen the floor")
    assert (done.status, done["state"], done["agreed"]) == (200, "approved", 1)
    assert done["result"]["lot"] == lot
    assert done["decisions"] == [
        {
            "who": "Dee",
            "on_behalf_of": "",
            "agreed": True,
            "note": "Seen the floor",
            "decided_at": "2026-11-02T09:00:00Z",
        }
    ]
    assert held() == 8_000_000


def test_it_issues_when_two_managers_agree(api: Callers, world: World) -> None:
    asked = ask(api, world.stock("10"), "pia", **ISSUE)
    assert (asked.status, asked["needed"]) == (201, 2)
    first = decide(api, "dee", asked)
    assert (first["state"], first["result"], held()) == ("pending", {}, 10_000_000)
    twice = decide(api, "dee", asked)
    assert (twice.status, twice["code"]) == (409, "already_decided")
    assert decide(api, "eve", asked)["state"] == "approved"
    assert held() == 8_000_000


def test_it_reverses_once(api: Callers, world: World) -> None:
    world.stock("10")
    movement = Movement.objects.get().pk
    body = {"kind": "reverse", "movement": movement, "reason": "Wrong lot"}
    asked, also = api.ana.post("requests/", body), api.ben.post("requests/", body)
    assert (asked.status, also.status) == (201, 201)
    assert decide(api, "dee", asked)["result"]["reverses"] == movement
    late = decide(api, "dee", also)
    assert (late.status, late["code"]) == (409, "already_reversed")
    assert api.ana.post("requests/", body)["code"] == "already_reversed"
    assert Request.objects.get(pk=also["id"]).state == "pending", "A refused act leaves its request waiting."


def test_it_lets_nobody_approve_their_own(api: Callers, world: World) -> None:
    asked = ask(api, world.stock("10"), "dee")
    own = decide(api, "dee", asked)
    assert (own.status, own["code"]) == (403, "own_request")
    assert not Decision.objects.exists()
    assert held() == 10_000_000


@pytest.mark.parametrize("who", ["ana", "ben", "pia", "aud"])
def test_it_lets_no_other_role_decide(api: Callers, world: World, who: str) -> None:
    asked = ask(api, world.stock("10"), "eve")
    for act in ("approve", "refuse"):
        assert decide(api, who, asked, act, note="x").status == 403


def test_it_finds_no_request_of_a_foreign_site(api: Callers, world: World) -> None:
    asked = ask(api, world.stock("10"))
    assert api.cem.get(f"requests/{asked['id']}/").status == 404
    assert decide(api, "cem", asked).status == 404
    assert api.cem.get("requests/")["results"] == []
    assert api.dee.get(f"requests/{asked['id'] + 1}/").status == 404
    assert api.dee.post(f"requests/{2**70}/approve/", {}).status == 404
    assert api.adm.get("requests/")["results"] == []
    assert api.adm.get(f"requests/{asked['id']}/").status == 404


def test_it_refuses_for_good_with_a_note(api: Callers, world: World) -> None:
    asked = ask(api, world.stock("10"))
    assert decide(api, "dee", asked, "refuse").status == 422
    refused = decide(api, "dee", asked, "refuse", note="Weigh it again")
    assert (refused.status, refused["state"]) == (200, "refused")
    assert refused["settled_at"] == "2026-11-02T09:00:00Z"
    late = decide(api, "eve", asked)
    assert (late.status, late["code"]) == (409, "already_settled")


def test_it_lets_who_asked_take_it_back(api: Callers, world: World) -> None:
    asked = ask(api, world.stock("10"))
    assert decide(api, "ben", asked, "withdraw")["code"] == "not_yours"
    assert decide(api, "ana", asked, "withdraw")["state"] == "withdrawn"
    assert decide(api, "ana", asked, "withdraw").status == 409
    assert decide(api, "ana", asked, "withdraw", note="x").status == 422


def test_it_lands_once_for_the_same_key(api: Callers, world: World) -> None:
    lot, key = world.stock("10"), str(uuid4())
    first, second = ask(api, lot, key=key), ask(api, lot, key=key)
    assert (first.status, first.body) == (second.status, second.body)
    assert Request.objects.count() == 1
    keys = [str(uuid4())] * 2
    approved = [api.dee.post(f"requests/{first['id']}/approve/", {}, key=same) for same in keys]
    assert approved[0].body == approved[1].body
    assert Decision.objects.count() == 1
    assert held() == 8_000_000


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "burn"}, 422, "invalid"),
        ({"kind": ["adjust"]}, 422, "invalid"),
        ({"kind": "left out"}, 422, "invalid"),
        ({"gain": "left out"}, 422, "invalid"),
        ({"gain": 1}, 422, "invalid"),
        ({"reason": ""}, 422, "invalid"),
        ({"reason": "left out"}, 422, "invalid"),
        ({"net_kg": "11"}, 409, "insufficient_stock"),
        ({"location": "BRA-S1"}, 404, "location_not_found"),
        ({"lot": "RE-99-1"}, 404, "not_found"),
        ({"occurred_at": "2026-11-02T10:00:00Z"}, 422, "in_the_future"),
        ({"seen_seq": 0}, 409, "stale"),
        ({"kind": "reverse"}, 422, "invalid"),
        ({**ISSUE, "origin": "ANT-QUAR"}, 422, "wrong_place"),
        ({**ISSUE, "net_kg": "10.1"}, 409, "insufficient_stock"),
    ],
)
def test_it_refuses_to_ask_for_what_cannot_be(
    api: Callers, world: World, change: dict[str, Any], status: int, code: str
) -> None:
    answer = ask(api, **{"lot": world.stock("10"), **change})
    assert (answer.status, answer["code"]) == (status, code)
    assert answer.is_problem
    assert not Request.objects.exists()


@pytest.mark.parametrize("movement", [0, -1, 2**63, 10**30, 1.5, "1", True, None])
def test_it_reverses_only_a_movement_that_is_one(api: Callers, movement: Any) -> None:
    assert api.ana.post("requests/", {"kind": "reverse", "movement": movement, "reason": "x"}).status == 422


def test_it_finds_no_foreign_movement_to_reverse(api: Callers, world: World) -> None:
    world.stock("10")
    body = {"kind": "reverse", "movement": Movement.objects.get().pk, "reason": "x"}
    assert api.cem.post("requests/", body).status == 404
    assert api.pia.post("requests/", body).status == 403


def test_it_lists_and_narrows(api: Callers, world: World) -> None:
    lot = world.stock("10")
    one, two = ask(api, lot), ask(api, lot, "ben")
    decide(api, "dee", one)
    assert [row["id"] for row in api.ana.get("requests/")["results"]] == [two["id"], one["id"]]
    assert [row["id"] for row in api.dee.get("requests/", state="pending")["results"]] == [two["id"]]
    assert api.dee.get("requests/", subject=lot, limit=1)["next"] is not None
    assert api.dee.get("requests/", subject="another")["results"] == []
    assert api.dee.get(f"requests/{one['id']}/")["decisions"][0]["who"] == "Dee"

"""Flags over the API."""

from typing import Any
from uuid import uuid4

import pytest

from config.approvals import requests
from reserve import flags
from reserve.flags import ledger
from reserve.models import Flag, FlagEvent
from tests.counting import the_same_at_3_and_30
from tests.reserve.levels import flagged, hold
from tests.rest import Callers
from tests.world import World


def minor(world: World) -> int:
    world.stock("950", material="ndfeb-block")
    return flagged(world, "1000", material="ndfeb-block")


def test_it_sends_each_flag_with_what_is_short_and_who_acts(api: Callers, world: World) -> None:
    pk = flagged(world, "1000")
    target = Flag.objects.get().target_id
    answer = api.aud.get("flags/")
    assert answer.status == 200
    assert answer["results"] == [
        {
            "id": pk,
            "kind": "shortfall",
            "target": target,
            "name": "Neodymium, oxide",
            "material": "",
            "element": "Nd",
            "form": "oxide",
            "site": "",
            "basis": "contained",
            "state": "open",
            "severity": "critical",
            "owner": "",
            "note": "",
            "opened_at": "2026-11-02T09:00:00Z",
            "updated_at": "2026-11-02T09:00:00Z",
            "closed_at": None,
            "waived_until": None,
            "reopened": 0,
            "required_kg": "1000",
            "eligible_kg": "0",
            "short_kg": "1000",
            "on_order_kg": "0",
        }
    ]
    one = api.pia.get(f"flags/{pk}/")
    assert one["opening"]["required_mg"] == "1000000000"
    assert [event["act"] for event in one["events"]] == ["opened"]


def test_a_ledger_s_flag_sends_what_differs(api: Callers, world: World) -> None:
    ledger.follow([{"differences": ["lot RE-26-00001: fact 3 was edited"]}], now=world.now)
    (row,) = api.aud.get("flags/")["results"]
    assert (row["kind"], row["target"], row["name"]) == ("ledger", None, "The ledger differs")
    opening = api.aud.get(f"flags/{row['id']}/")["opening"]
    assert opening == {"count": 1, "differences": ["lot RE-26-00001: fact 3 was edited"]}


def test_it_narrows(api: Callers, world: World) -> None:
    slight, grave = minor(world), flagged(world, "1000")
    flags.acknowledge(by=world.by("pia"), flag_id=slight, note="Ordered")
    for query, expected in (
        ({}, [grave, slight]),
        ({"state": "open"}, [grave]),
        ({"severity": "minor"}, [slight]),
        ({"owner": "pia"}, [slight]),
        ({"state": "closed"}, []),
        ({"state": "all"}, [grave, slight]),
    ):
        assert [row["id"] for row in api.dee.get("flags/", **query)["results"]] == expected, query
    for bad in ({"state": "x"}, {"severity": "9"}, {"kind": "shortfall"}):
        assert api.dee.get("flags/", **bad).status == 422


def test_acknowledge_assign_and_waive(api: Callers, world: World) -> None:
    pk = minor(world)
    taken = api.pia.post(f"flags/{pk}/acknowledge/", {"note": "Two offers asked for"})
    assert (taken.status, taken["state"], taken["owner"], taken["note"]) == (
        200,
        "acknowledged",
        "pia",
        "Two offers asked for",
    )
    given = api.dee.post(f"flags/{pk}/assign/", {"owner": "eve", "note": "Please"})
    assert (given.status, given["owner"]) == (200, "eve")
    waived = api.dee.post(f"flags/{pk}/waive/", {"until": "2026-12-31", "note": "On its way"})
    assert (waived.status, waived["state"], waived["waived_until"]) == (200, "waived", "2026-12-31")
    assert [event["act"] for event in waived["events"]] == ["opened", "acknowledged", "assigned", "waived"]
    assert waived["events"][1]["who"] == "Pia"


def test_waiving_a_critical_one_waits_for_a_second_manager(api: Callers, world: World) -> None:
    pk = flagged(world)
    answer = api.dee.post(f"flags/{pk}/waive/", {"until": "2026-12-31", "note": "Accepted"})
    assert (answer.status, answer["state"]) == (202, "open")
    requests.approve(by=world.by("eve"), request_id=answer["request"])
    assert api.dee.get(f"flags/{pk}/")["state"] == "waived"


def test_a_flag_that_changed_since_it_was_seen_is_refused(api: Callers, world: World) -> None:
    pk = flagged(world)
    seen = api.pia.get(f"flags/{pk}/")["updated_at"]
    world.later(minutes=1)
    flags.assign(by=world.by("dee"), flag_id=pk, owner="eve")
    stale = api.pia.post(f"flags/{pk}/acknowledge/", {"note": "Mine", "seen_at": seen})
    assert (stale.status, stale["code"]) == (409, "stale")
    now = api.pia.get(f"flags/{pk}/")["updated_at"]
    assert api.pia.post(f"flags/{pk}/acknowledge/", {"note": "Mine", "seen_at": now}).status == 200


@pytest.mark.parametrize(
    ("act", "body", "field"),
    [
        ("acknowledge", {}, "note"),
        ("acknowledge", {"note": "  "}, "note"),
        ("acknowledge", {"note": "a\u202eb"}, "note"),
        ("acknowledge", {"note": 7}, "note"),
        ("acknowledge", {"note": "x", "seen_at": "now"}, "seen_at"),
        ("acknowledge", {"note": "x", "state": "closed"}, "state"),
        ("assign", {"owner": "ana"}, "owner"),
        ("assign", {"owner": "nobody"}, "owner"),
        ("assign", {}, "owner"),
        ("waive", {"until": "2026-11-02", "note": "x"}, "until"),
        ("waive", {"until": "2028-01-01", "note": "x"}, "until"),
        ("waive", {"until": "soon", "note": "x"}, "until"),
        ("waive", {"until": "2026-12-31"}, "note"),
    ],
)
def test_what_cannot_stand_is_refused_by_name(
    api: Callers, world: World, act: str, body: dict[str, Any], field: str
) -> None:
    pk = flagged(world)
    answer = api.dee.post(f"flags/{pk}/{act}/", body)
    assert (answer.status, answer.is_problem) == (422, True), answer
    assert field in answer["facts"].get("fields", {}) or answer["field"] == field, answer
    assert FlagEvent.objects.count() == 1


def test_one_key_lands_once(api: Callers, world: World) -> None:
    pk, key = flagged(world), str(uuid4())
    answers = [api.pia.post(f"flags/{pk}/acknowledge/", {"note": "Mine"}, key=key) for _ in range(3)]
    assert {answer.status for answer in answers} == {200}
    assert FlagEvent.objects.filter(act="acknowledged").count() == 1
    assert api.pia.post(f"flags/{pk}/acknowledge/", {"note": "Other"}, key=key)["code"] == "key_reused"
    assert api.pia.send("POST", f"flags/{pk}/acknowledge/", '{"note": "x"}').status == 400


def test_a_closed_one_takes_no_act(api: Callers, world: World) -> None:
    pk = flagged(world, "1000")
    world.stock("2000")
    flags.scan(now=world.later(minutes=1))
    answer = api.dee.post(f"flags/{pk}/acknowledge/", {"note": "x"})
    assert (answer.status, answer["code"]) == (409, "flag_closed")
    assert api.dee.get("flags/", state="closed")["results"][0]["closed_at"] == "2026-11-02T09:01:00Z"


def test_they_are_closed_to_who_may_not(api: Callers, world: World) -> None:
    pk = flagged(world)
    for path in ("flags/", f"flags/{pk}/"):
        assert api.nobody.get(path).status == 401
        assert [getattr(api, who).get(path).status for who in ("ana", "pia", "dee", "aud", "adm")] == [
            403,
            200,
            200,
            200,
            403,
        ]
    for act, allowed in (("acknowledge", {"pia", "dee"}), ("assign", {"dee"}), ("waive", {"dee"})):
        for who in {"ana", "pia", "aud", "adm"} - allowed:
            assert getattr(api, who).post(f"flags/{pk}/{act}/", {}).status == 403, (act, who)
        assert api.dee.get(f"flags/{pk}/{act}/").status in (403, 405)
    assert api.dee.get("flags/999/").status == 404
    assert api.dee.post("flags/999/acknowledge/", {"note": "x"}).status == 404
    assert api.dee.post("flags/", {}).status in (403, 405)


def test_it_asks_as_often_for_thirty_as_for_three(api: Callers, world: World) -> None:
    forms = ("oxide", "block", "part", "metal", "alloy", "carbonate", "concentrate", "halide", "powder", "sponge")
    subjects = iter([(form, site) for site in ("", "ANT", "BRA") for form in forms])

    def make(more: int) -> None:
        for _ in range(more):
            form, site = next(subjects)
            hold(world, "10", form=form, site=site)
        flags.scan(now=world.now)

    the_same_at_3_and_30("api flags", make=make, read=lambda: api.dee.get("flags/"))

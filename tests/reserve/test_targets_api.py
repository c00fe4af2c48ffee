"""Targets over the API."""

from typing import Any
from uuid import uuid4

import pytest

from config.approvals import requests
from config.approvals.models import Request
from reserve.models import Target
from tests.counting import the_same_at_3_and_30
from tests.reserve.levels import hold
from tests.rest import Callers
from tests.world import World

NEW: dict[str, Any] = {
    "element": "Nd",
    "form": "oxide",
    "basis": "contained",
    "required_kg": "90500.5",
    "floor_kg": "45000",
    "effective_from": "2026-11-02",
    "source": "Annual plan 2026",
}


def test_a_manager_proposes_one_and_it_counts_once_another_approves(api: Callers, world: World) -> None:
    answer = api.dee.post("targets/", NEW)
    target, request = Target.objects.get(), Request.objects.get()
    assert answer.status == 201
    assert answer.body == {
        "id": target.pk,
        "material": None,
        "element": "Nd",
        "form": "oxide",
        "site": None,
        "basis": "contained",
        "rule": "mass",
        "required_kg": "90500.5",
        "days": None,
        "daily_use_kg": None,
        "use_basis": "",
        "floor_kg": "45000",
        "only_compliant": False,
        "effective_from": "2026-11-02",
        "effective_to": None,
        "source": "Annual plan 2026",
        "state": "proposed",
        "proposed_by": "dee",
        "approved_by": None,
        "approved_at": None,
        "version": 1,
        "request": request.pk,
    }
    assert api.dee.get("shortfalls/")["results"] == []
    requests.approve(by=world.by("eve"), request_id=request.pk)
    shown = api.pia.get(f"targets/{target.pk}/")
    assert (shown["state"], shown["approved_by"], shown["approved_at"]) == ("in force", "eve", "2026-11-02T09:00:00Z")
    assert len(api.dee.get("shortfalls/")["results"]) == 1


def test_days_of_use_at_a_site_of_compliant_stock(api: Callers, world: World) -> None:
    body = {
        "material": "ndfeb-block",
        "basis": "net",
        "site": "ANT",
        "days": 60,
        "daily_use_kg": 1.5,
        "use_basis": "US, mean 2021-2025, USGS",
        "only_compliant": True,
        "effective_from": "2026-11-02",
        "source": "Plan",
    }
    answer = api.dee.post("targets/", body)
    assert (answer.status, answer["required_kg"], answer["rule"]) == (201, "90", "days")
    assert (answer["material"], answer["site"], answer["only_compliant"]) == ("ndfeb-block", "ANT", True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"required_kg": "0"}, "required_kg"),
        ({"required_kg": "-5"}, "required_kg"),
        ({"required_kg": "NaN"}, "required_kg"),
        ({"required_kg": "Infinity"}, "required_kg"),
        ({"required_kg": "1e400"}, "required_kg"),
        ({"required_kg": "1.1234567"}, "required_kg"),
        ({"required_kg": "٣.٥"}, "required_kg"),
        ({"required_kg": "1_000"}, "required_kg"),
        ({"required_kg": "9000000001"}, "required_kg"),
        ({"required_kg": None}, "required_kg"),
        ({"required_kg": True}, "required_kg"),
        ({"floor_kg": "90501"}, "floor_kg"),
        ({"days": 60}, "daily_use_kg"),
        ({"days": "60"}, "days"),
        ({"days": 0}, "days"),
        ({"days": 60, "daily_use_kg": "1", "required_kg": None}, "use_basis"),
        ({"days": 60, "daily_use_kg": "1", "use_basis": "US"}, "required_kg"),
        ({"basis": "net"}, "material"),
        ({"basis": "gross"}, "basis"),
        ({"basis": None}, "basis"),
        ({"element": "Xx"}, "element"),
        ({"element": ""}, "element"),
        ({"form": "gas"}, "form"),
        ({"material": "nd-oxide"}, "element"),
        ({"site": "NOWHERE"}, "site"),
        ({"effective_from": "2026-02-30"}, "effective_from"),
        ({"source": ""}, "source"),
        ({"source": "a\u202eb"}, "source"),
        ({"only_compliant": "perhaps"}, "only_compliant"),
        ({"approved_by": "dee"}, "approved_by"),
    ],
)
def test_what_cannot_be_a_target_is_refused_by_name(
    api: Callers, world: World, changes: dict[str, Any], field: str
) -> None:
    answer = api.dee.post("targets/", {**NEW, **changes})
    assert answer.status == 422, answer
    assert answer.is_problem
    assert field in answer["facts"].get("fields", {}) or answer["field"] == field, answer
    assert not Target.objects.exists()


def test_a_daily_use_that_no_column_holds_is_refused(api: Callers, world: World) -> None:
    """It was a database error: with a fixed mass the product was never looked at."""
    answer = api.dee.post("targets/", {**NEW, "daily_use_kg": "8999999999.999999"})
    assert answer.status in (201, 422)
    assert api.dee.post("targets/", {**NEW, "daily_use_kg": "99999999999"}).status == 422


def test_one_key_lands_once(api: Callers, world: World) -> None:
    key = str(uuid4())
    first, again = api.dee.post("targets/", NEW, key=key), api.dee.post("targets/", NEW, key=key)
    assert (first.body, again.body) == (first.body, first.body)
    assert (Target.objects.count(), Request.objects.count()) == (1, 1)
    assert api.dee.post("targets/", {**NEW, "required_kg": "1"}, key=key)["code"] == "key_reused"
    assert api.dee.send("POST", "targets/", "{}").status == 400
    assert api.dee.post("targets/", NEW)["code"] == "target_exists"


def test_a_change_is_asked_for_and_waits(api: Callers, world: World) -> None:
    target = hold(world, "1000")
    answer = api.eve.patch(f"targets/{target}/", {"version": 1, "required_kg": "2000", "reason": "The plan doubled"})
    request = Request.objects.get(state="pending")
    assert (answer.status, answer.body) == (202, {"id": target, "request": request.pk})
    assert Target.objects.get().required_mg == 10**9
    requests.approve(by=world.by("dee"), request_id=request.pk)
    shown = api.eve.get(f"targets/{target}/")
    assert (shown["required_kg"], shown["version"]) == ("2000", 2)
    stale = api.eve.patch(f"targets/{target}/", {"version": 1, "required_kg": "1", "reason": "x"})
    assert (stale.status, stale["code"]) == (409, "stale")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"version": 1},
        {"version": 1, "reason": "x"},
        {"version": 1, "required_kg": "0", "reason": "x"},
        {"version": 1, "days": 10, "reason": "x"},
        {"version": 1, "effective_to": "2026-10-01", "reason": "x"},
        {"version": 1, "floor_kg": "1001", "reason": "x"},
        {"version": 1, "required_kg": "5", "reason": ""},
        {"version": "1", "required_kg": "5", "reason": "x"},
        {"version": 1, "element": "Dy", "reason": "x"},
    ],
)
def test_a_change_that_cannot_be_is_refused(api: Callers, world: World, body: dict[str, Any]) -> None:
    target = hold(world, "1000")
    answer = api.eve.patch(f"targets/{target}/", body)
    assert (answer.status, answer.is_problem) == (422, True), answer
    assert not Request.objects.filter(state="pending").exists()


def test_the_list_leaves_ended_ones_out_unless_asked(api: Callers, world: World) -> None:
    target = hold(world, "1000")
    asked = api.eve.patch(f"targets/{target}/", {"version": 1, "effective_to": "2026-11-03", "reason": "Done"})
    requests.approve(by=world.by("dee"), request_id=asked["request"])
    assert [row["id"] for row in api.aud.get("targets/")["results"]] == [target]
    world.later(hours=48)
    api = Callers(world)
    assert api.aud.get("targets/")["results"] == []
    assert [row["state"] for row in api.aud.get("targets/", ended="true")["results"]] == ["ended"]


def test_they_are_closed_to_who_may_not(api: Callers, world: World) -> None:
    target = hold(world, "1000")
    for path in ("targets/", f"targets/{target}/"):
        assert api.nobody.get(path).status == 401
        assert {who: getattr(api, who).get(path).status for who in ("ana", "pia", "dee", "aud", "adm")} == {
            "ana": 403,
            "pia": 200,
            "dee": 200,
            "aud": 200,
            "adm": 403,
        }
    for who in ("ana", "aud", "adm"):
        assert getattr(api, who).post("targets/", NEW).status == 403
        assert getattr(api, who).patch(f"targets/{target}/", {"version": 1}).status == 403
    assert api.dee.get("targets/999/").status == 404
    assert api.dee.patch("targets/999/", {"version": 1, "required_kg": "1", "reason": "x"}).status == 404
    assert api.dee.put(f"targets/{target}/", {}).status == 405
    assert api.dee.send("DELETE", f"targets/{target}/").status == 405


def test_it_asks_as_often_for_thirty_as_for_three(api: Callers, world: World) -> None:
    forms = ("oxide", "block", "part", "metal", "alloy", "carbonate", "concentrate", "halide", "powder", "sponge")
    subjects = iter([(form, site) for site in ("", "ANT", "BRA") for form in forms])

    def make(more: int) -> None:
        for _ in range(more):
            form, site = next(subjects)
            hold(world, "10", form=form, site=site)

    the_same_at_3_and_30("api targets", make=make, read=lambda: api.dee.get("targets/"))

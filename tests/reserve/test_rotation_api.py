"""The rotation schedule and its policies over the API."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from config.approvals import requests
from inventory import ledger
from inventory.models import Retest
from reserve import rotation
from reserve.models import Rotation, RotationPolicy
from tests.counting import the_same_at_3_and_30
from tests.platform import absurd
from tests.reserve.rotation_world import due_lot, elsewhere, policies_of, policy
from tests.rest import Caller, Callers
from tests.world import World


@pytest.fixture
def row(world: World) -> Rotation:
    policy(world)
    due_lot(world, kg="10.5")
    rotation.plan(now=world.now)
    return Rotation.objects.get()


def facts(**given: Any) -> dict[str, Any]:
    return {"performed_on": "2026-11-02", "passed": True, **given}


def due(caller: Caller, **query: Any) -> list[str]:
    answer = caller.get("rotations/", **query)
    assert answer.status == 200, answer
    return [found["due_on"] for found in answer["results"]]


def test_it_shows_a_row(api: Callers, row: Rotation) -> None:
    (found,) = api.pia.get("rotations/")["results"]
    assert found == {
        "id": row.pk,
        "lot": row.lot.number,
        "material": "nd-oxide",
        "sites": ["ANT"],
        "condition": "A",
        "net_kg": "10.5",
        "driver": "retest",
        "method": "retest",
        "window_from": "2026-04-20",
        "due_on": "2027-01-20",
        "days_left": 79,
        "state": "planned",
        "started_at": None,
        "started_by": "",
        "finished_at": None,
        "result": "",
        "lot_due_on": "2027-01-20",
    }
    detail = api.pia.get(f"rotations/{row.pk}/")
    assert detail.status == 200
    assert detail.body == {**found, "retests": []}


def test_it_narrows_by_what_it_is_asked(api: Callers, world: World, row: Rotation) -> None:
    elsewhere(world, date(2026, 12, 10))
    policy(world, "ndfeb-block", "expiry", "replace")
    world.stock("1", material="ndfeb-block", produced_on=date(2024, 8, 1))
    rotation.plan(now=world.now)
    assert due(api.dee) == ["2026-12-10", "2027-01-20", "2027-02-01"]
    assert due(api.dee, site="BRA") == ["2026-12-10"]
    assert due(api.dee, material="ndfeb-block") == ["2027-02-01"]
    assert due(api.dee, driver="expiry") == ["2027-02-01"]
    assert due(api.dee, method="retest", due_from="2026-12-11") == ["2027-01-20"]
    assert due(api.dee, due_until="2026-12-10") == ["2026-12-10"]
    assert due(api.dee, state="overdue") == []
    assert due(api.dee, state="all") == ["2026-12-10", "2027-01-20", "2027-02-01"]
    world.later(days=39)
    assert due(Callers(world).dee, state="overdue") == ["2026-12-10"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"state": "lost"}, 422),
        ({"driver": "whim"}, 422),
        ({"method": "hope"}, 422),
        ({"due_from": "soon"}, 422),
        ({"due_until": "2026-02-30"}, 422),
        ({"limit": "0"}, 422),
        ({"limit": "201"}, 422),
        ({"color": "red"}, 422),
        ({"material": "a\u202eb"}, 422),
        ({"cursor": "x"}, 400),
        ({"site": "XYZ"}, 404),
    ],
)
def test_a_query_that_cannot_be_read_is_refused(
    api: Callers, row: Rotation, query: dict[str, str], status: int
) -> None:
    answer = api.dee.get("rotations/", **query)
    assert (answer.status, answer.is_problem) == (status, True)


def test_it_pages_there_and_back(api: Callers, world: World, row: Rotation) -> None:
    for day in (3, 3, 5):
        due_lot(world, date(2026, 12, day))
    rotation.plan(now=world.now)
    first = api.dee.get("rotations/", limit=3)
    assert (len(first["results"]), first["previous"]) == (3, None)
    second = api.dee.get(first["next"])
    assert ([found["id"] for found in second["results"]], second["next"]) == ([row.pk], None)
    assert api.dee.get(second["previous"])["results"] == first["results"]


def test_each_sees_their_own_sites(api: Callers, world: World, row: Rotation) -> None:
    assert [len(due(caller)) for caller in (api.ana, api.cem, api.pia, api.dee, api.aud)] == [1, 0, 1, 1, 1]
    assert api.cem.get(f"rotations/{row.pk}/").status == 404
    assert api.ana.get("rotations/", site="BRA").status == 404
    for path in ("rotations/", f"rotations/{row.pk}/", "rotation-policies/"):
        assert api.adm.get(path).status == 403
        assert api.nobody.get(path).status == 401
    assert api.dee.get("rotations/999999/").status == 404
    assert api.ana.send("DELETE", f"rotations/{row.pk}/").status == 405
    assert api.ana.get(f"rotations/{row.pk}/start/").status == 405


def test_a_row_is_taken_into_work_once(api: Callers, world: World, row: Rotation) -> None:
    key = str(uuid4())
    first = api.ana.post(f"rotations/{row.pk}/start/", {}, key=key)
    assert (first.status, first["state"], first["started_by"]) == (200, "in work", "Ana")
    assert api.ana.post(f"rotations/{row.pk}/start/", {}, key=key).body == first.body
    again = api.ben.post(f"rotations/{row.pk}/start/", {})
    assert (again.status, again["code"]) == (409, "rotation_finished")
    assert api.ana.post(f"rotations/{row.pk}/start/", {"who": "me"}).status == 422
    assert api.ana.send("POST", f"rotations/{row.pk}/start/", "{}").status == 400


def test_a_retest_finishes_the_row_once(api: Callers, world: World, row: Rotation) -> None:
    key = str(uuid4())
    first = api.ana.post(f"rotations/{row.pk}/retest/", facts(lab="Lab A", note="Dry"), key=key)
    assert first.status == 200
    assert (first["state"], first["lot_due_on"]) == ("done", "2031-11-02")
    assert first["retests"] == [
        {
            "performed_on": "2026-11-02",
            "passed": True,
            "previous_due_on": "2027-01-20",
            "next_due_on": "2031-11-02",
            "lab": "Lab A",
            "note": "Dry",
            "recorded_by": "Ana",
        }
    ]
    assert api.ana.post(f"rotations/{row.pk}/retest/", facts(lab="Lab A", note="Dry"), key=key).body == first.body
    other = api.ana.post(f"rotations/{row.pk}/retest/", facts(lab="Lab B"), key=key)
    assert (other.status, other["code"]) == (422, "key_reused")
    assert api.ben.post(f"rotations/{row.pk}/retest/", facts()).status == 409
    assert Retest.objects.count() == 1


def test_a_failed_retest_suspends_the_lot(api: Callers, row: Rotation) -> None:
    answer = api.ana.post(f"rotations/{row.pk}/retest/", facts(passed=False))
    assert (answer.status, answer["condition"], answer["result"]) == (200, "J", "Failed on 2026-11-02: suspended")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"passed": True}, "invalid"),
        (facts(passed="maybe"), "invalid"),
        (facts(passed=1), "invalid"),
        (facts(performed_on="2026-11-31"), "invalid"),
        (facts(performed_on=20261102), "invalid"),
        (facts(performed_on="2026-11-03"), "bad_retest_date"),
        (facts(next_due_on="2026-11-01"), "bad_retest_date"),
        (facts(lab="x" * 121), "invalid"),
        (facts(note="a\x00b"), "invalid"),
        (facts(lot="RE-26-00001"), "invalid"),
        ([], "invalid"),
        (None, "invalid"),
    ],
)
def test_a_bad_retest_is_refused(api: Callers, row: Rotation, body: Any, code: str) -> None:
    answer = api.ana.post(f"rotations/{row.pk}/retest/", body)
    assert (answer.status, answer["code"]) == (422, code), answer
    assert not Retest.objects.exists()


ABSURD: dict[str, tuple[dict[str, Any], dict[str, list[Any]]]] = {
    "rotations/{pk}/retest/": (
        facts(),
        {
            "performed_on": [*absurd.NOT_A_DAY, "2999-01-01"],
            "passed": absurd.NOT_YES_OR_NO,
            "next_due_on": [*absurd.NOT_A_DAY, "2026-11-02"],
            "lab": absurd.NOT_TEXT,
            "note": absurd.NOT_TEXT,
        },
    ),
    "rotation-policies/": (
        {"material": "ndpr-oxide", "driver": "retest", "method": "retest", "ahead_months": 9, "source": "DoDM"},
        {
            "material": absurd.UNKNOWN,
            "driver": absurd.NOT_A_WORD,
            "method": absurd.NOT_A_WORD,
            "ahead_months": [*absurd.NOT_A_WHOLE, 0, 37],
            "source": [*absurd.NOT_TEXT, ""],
        },
    ),
    "rotation-policies/{policy}/end/": ({"reason": "No"}, {"reason": [*absurd.NOT_TEXT, ""]}),
}


@pytest.mark.parametrize("path", ABSURD)
def test_every_absurd_value_in_every_field_is_refused(api: Callers, row: Rotation, path: str) -> None:
    body, fields = ABSURD[path]
    address, caller = path.format(pk=row.pk, policy=row.policy_id), api.ana if "retest" in path else api.dee
    before = absurd.holdings()
    for name, values in fields.items():
        for value in values:
            answer = caller.post(address, {**body, name: value})
            assert (answer.is_problem, 400 <= answer.status < 500) == (True, True), (name, value, answer)
    assert absurd.holdings() == before
    assert caller.post(address, body).status in (200, 201)


@pytest.mark.parametrize("act", ["start", "retest"])
def test_only_people_of_its_site_work_on_it(api: Callers, row: Rotation, act: str) -> None:
    path = f"rotations/{row.pk}/{act}/"
    for caller, status in (
        (api.cem, 404),
        (api.dee, 403),
        (api.pia, 403),
        (api.aud, 403),
        (api.adm, 403),
        (api.nobody, 401),
    ):
        assert caller.post(path, {} if act == "start" else facts()).status == status
    row.refresh_from_db()
    assert (row.started_at, row.finished_at) == (None, None)


def test_a_lot_that_was_retested_meanwhile_is_refused(api: Callers, world: World, row: Rotation) -> None:
    ledger.retest(by=world.by("ben"), lot=row.lot.number, performed_on=world.now.date(), passed=True)
    answer = api.ana.post(f"rotations/{row.pk}/retest/", facts())
    assert (answer.status, answer["code"]) == (409, "stale")


def test_a_policy_is_proposed_approved_and_ended(api: Callers, world: World) -> None:
    body = {
        "material": "nd-oxide",
        "driver": "retest",
        "method": "inspect",
        "ahead_months": 6,
        "source": "DoDM 4140.27",
    }
    key = str(uuid4())
    first = api.dee.post("rotation-policies/", body, key=key)
    assert (first.status, first["state"], first["approved_by"]) == (201, "pending", "")
    assert api.dee.post("rotation-policies/", body, key=key).body == first.body
    assert RotationPolicy.objects.count() == 1
    clash = api.eve.post("rotation-policies/", body)
    assert (clash.status, clash["code"]) == (409, "policy_exists")
    requests.approve(by=world.by("eve"), request_id=first["request"])
    (found,) = api.pia.get("rotation-policies/")["results"]
    assert (found["state"], found["request"], found["approved_by"]) == ("in force", None, "Eve")
    ending = api.eve.post(f"rotation-policies/{found['id']}/end/", {"reason": "A better one"})
    assert (ending.status, ending["state"]) == (200, "to be ended")
    requests.approve(by=world.by("dee"), request_id=ending["request"])
    assert api.dee.get("rotation-policies/")["results"] == []
    (gone,) = api.dee.get("rotation-policies/", ended="true")["results"]
    assert gone["state"] == "ended"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"material": "gold"}, "bad_policy"),
        ({"driver": "expiry"}, "bad_policy"),
        ({"driver": "whim"}, "invalid"),
        ({"ahead_months": 0}, "invalid"),
        ({"ahead_months": "9"}, "invalid"),
        ({"ahead_months": 9.0}, "invalid"),
        ({"source": ""}, "invalid"),
        ({"approved_by": "Dee"}, "invalid"),
    ],
)
def test_a_bad_policy_is_refused(api: Callers, world: World, given: dict[str, Any], code: str) -> None:
    body = {
        "material": "nd-oxide",
        "driver": "retest",
        "method": "retest",
        "ahead_months": 9,
        "source": "DoDM",
        **given,
    }
    answer = api.dee.post("rotation-policies/", body)
    assert (answer.status, answer["code"]) == (422, code), answer
    assert not RotationPolicy.objects.exists()


def test_policies_are_for_managers_and_procurement_to_write(api: Callers, world: World) -> None:
    pk = policy(world)
    body = {"material": "ndpr-oxide", "driver": "retest", "method": "retest", "ahead_months": 9, "source": "DoDM"}
    for caller, status in ((api.ana, 403), (api.aud, 403), (api.adm, 403), (api.nobody, 401)):
        assert caller.post("rotation-policies/", body).status == status
        assert caller.post(f"rotation-policies/{pk}/end/", {"reason": "No"}).status == status
    assert api.ana.get("rotation-policies/").status == 403
    assert api.dee.post("rotation-policies/999999/end/", {"reason": "No"}).status == 404
    assert api.dee.post(f"rotation-policies/{pk}/end/", {"reason": ""}).status == 422
    assert api.dee.get("rotation-policies/", ended="maybe").status == 422


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("api rotations", "rotations/"),
        ("api rotation", "rotations/{pk}/"),
        ("api rotation-policies", "rotation-policies/"),
    ],
)
def test_it_asks_the_same_number_of_queries_at_3_and_at_30(
    api: Callers, world: World, row: Rotation, name: str, path: str
) -> None:
    address, caller = path.format(pk=row.pk), api.dee

    def make(more: int) -> None:
        if "policies" in path:
            policies_of(world, more)
            return
        for _ in range(more):
            due_lot(world)
        rotation.plan(now=world.now)

    the_same_at_3_and_30(name, make=make, read=lambda: caller.get(address).body)

"""One lot over the API, and what people find out about it or decide on it."""

from typing import Any

import pytest

from inventory.models import Assay, ConditionChange, Lot, Retest
from tests.rest import Answer, Callers
from tests.world import World


def test_it_shows_the_assay_in_force_and_where_the_mass_lies(api: Callers, world: World) -> None:
    number = world.stock("1000")
    answer = api.ana.get(f"lots/{number}/")
    assert answer.status == 200
    assert (answer["stage"], answer["fractions"]) == ("separation", {"Nd": "0.8530679452"})
    assert answer["assay"] == {
        "source": "catalogue",
        "lab": "",
        "method": "",
        "sampled_on": None,
        "moisture_pct": "0",
        "occurred_at": "2026-11-02T09:00:00Z",
    }
    assert answer["places"] == [
        {"location": "ANT-S1", "site": "ANT", "kind": "store", "net_kg": "1000", "free_kg": "1000"}
    ]
    assert (answer["parents"], answer["children"], answer["received_by"]) == ([], [], "Ana")


def test_it_compares_numbers_without_case_and_width(api: Callers, world: World) -> None:
    world.receive("1", lot_number="Lot A7")
    assert api.ana.get("lots/lot%20a7/")["number"] == "Lot A7"
    assert api.ana.get("lots/ＬＯＴ A７/")["number"] == "Lot A7"


def test_it_finds_no_foreign_lot_and_none_that_is_not(api: Callers, world: World) -> None:
    number = world.stock("1")
    for caller, name in ((api.cem, number), (api.ana, "RE-26-99999"), (api.ana, "x" * 300)):
        answer = caller.get(f"lots/{name}/")
        assert (answer.status, answer["code"]) == (404, "not_found")
    assert api.adm.get(f"lots/{number}/").status == 403
    assert api.nobody.get(f"lots/{number}/").status == 401
    assert api.ana.post(f"lots/{number}/").status == 405


# ---- condition -------------------------------------------------------------------------------------------------------


def accept(api: Callers, number: str, who: str = "ben", **body: Any) -> Answer:
    answer: Answer = getattr(api, who).post(
        f"lots/{number}/condition/", {"condition": "A", "reason": "In spec", **body}
    )
    return answer


def test_it_lets_another_person_than_the_receiver_accept(api: Callers, world: World) -> None:
    number = world.receive("1")
    own = accept(api, number, "ana")
    assert (own.status, own["code"]) == (403, "own_receipt")
    accepted = accept(api, number)
    assert (accepted.status, accepted["condition"]) == (200, "A")
    again = accept(api, number)
    assert (again.status, again["code"], again["field"]) == (422, "nothing_changes", "condition")


def test_it_gives_the_first_answer_again_for_the_same_key(api: Callers, world: World) -> None:
    number = world.receive("1")
    key = "0f2b8c1e-0d4a-4b6e-9c2f-7a1d5e8b9c00"
    answers = [api.ben.post(f"lots/{number}/condition/", {"condition": "A"}, key=key) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].body == answers[1].body
    assert ConditionChange.objects.filter(condition="A").count() == 1
    other = api.ben.post(f"lots/{number}/condition/", {"condition": "B"}, key=key)
    assert (other.status, other["code"]) == (422, "key_reused")


@pytest.mark.parametrize("who", ["pia", "aud", "adm"])
def test_it_lets_no_other_role_set_a_condition(api: Callers, world: World, who: str) -> None:
    assert accept(api, world.receive("1"), who).status == 403


def test_it_finds_no_foreign_lot_to_accept(api: Callers, world: World) -> None:
    assert accept(api, world.receive("1"), "cem").status == 404
    assert ConditionChange.objects.count() == 1


def test_it_refuses_what_was_decided_on_an_older_state(api: Callers, world: World) -> None:
    number = world.receive("1")
    seen = api.ben.get(f"lots/{number}/")["seq"]
    assert accept(api, number, "dee", condition="L").status == 200
    stale = accept(api, number, seen_seq=seen)
    assert (stale.status, stale["code"]) == (409, "stale")
    assert Lot.objects.get().condition == "L"


# ---- assay -----------------------------------------------------------------------------------------------------------


def test_it_brings_an_assay_into_force(api: Callers, world: World) -> None:
    number = world.stock("1000")
    body = {"lab": "Lab A", "method": "ICP-MS", "sampled_on": "2026-11-01", "fractions": {"Nd": "0.85", "Pr": 0.001}}
    answer = api.ana.post(f"lots/{number}/assay/", body)
    assert answer.status == 200, answer
    assert answer["contained"] == {"Nd": "850", "Pr": "1"}
    assert (answer["assay"]["source"], answer["assay"]["lab"]) == ("laboratory", "Lab A")
    assert Assay.objects.count() == 2, "The earlier one stays on record."


def test_it_takes_moisture_as_a_percentage_of_wet_mass(api: Callers, world: World) -> None:
    number = world.receive("1000", material="re-concentrate")
    body = {"lab": "Lab A", "fractions": {"Nd": "0.1"}, "moisture_pct": "8.25"}
    answer = api.ana.post(f"lots/{number}/assay/", body)
    assert (answer["contained"], answer["assay"]["moisture_pct"]) == ({"Nd": "91.75"}, "8.25")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"fractions": {"Nd": "0.9", "Pr": "0.2"}}, "fractions_over_100_pct"),
        ({"fractions": {"Zz": "0.1"}}, "unknown_element"),
        ({"fractions": {"Nd": "0.85"}, "moisture_pct": "1"}, "not_moisture_bearing"),
        ({"fractions": {"Nd": "1.1"}}, "invalid"),
        ({"fractions": {"Nd": "0.85"}, "purity": "99"}, "invalid"),
        ({"fractions": {}}, "invalid"),
    ],
)
def test_it_refuses_an_assay_that_cannot_be(api: Callers, world: World, body: dict[str, Any], code: str) -> None:
    answer = api.ana.post(f"lots/{world.stock('1')}/assay/", {"lab": "Lab A", **body})
    assert (answer.status, answer["code"]) == (422, code)
    assert Assay.objects.count() == 1


def test_it_lets_only_the_site_record_an_assay(api: Callers, world: World) -> None:
    number, body = world.stock("1"), {"lab": "Lab A", "fractions": {"Nd": "0.85"}}
    assert [getattr(api, who).post(f"lots/{number}/assay/", body).status for who in ("dee", "cem")] == [403, 404]
    assert api.ana.get(f"lots/{number}/assay/").status == 405


# ---- retest ----------------------------------------------------------------------------------------------------------


def test_it_moves_the_due_date_and_keeps_the_old_one(api: Callers, world: World) -> None:
    number = world.stock("1")
    answer = api.ana.post(f"lots/{number}/retest/", {"performed_on": "2026-11-02", "passed": True, "lab": "Lab A"})
    assert (answer.status, answer["retest_due_on"]) == (200, "2031-11-02")
    given = {"performed_on": "2026-11-02", "passed": True, "next_due_on": "2027-01-15"}
    assert api.ana.post(f"lots/{number}/retest/", given)["retest_due_on"] == "2027-01-15"
    assert [str(row.previous_due_on) for row in Retest.objects.order_by("pk")] == ["2031-11-02", "2031-11-02"]


def test_it_holds_a_lot_that_failed(api: Callers, world: World) -> None:
    number = world.stock("1")
    assert api.ana.post(f"lots/{number}/retest/", {"performed_on": "2026-11-02", "passed": False})["condition"] == "J"


@pytest.mark.parametrize(
    "body",
    [
        {"performed_on": "2026-11-03", "passed": True},
        {"performed_on": "2026-10-01", "passed": True},
        {"performed_on": "2026-11-02", "passed": True, "next_due_on": "2026-11-02"},
        {"performed_on": "2026-11-02", "passed": "true-ish"},
        {"performed_on": "02.11.2026", "passed": True},
        {"passed": True},
    ],
)
def test_it_refuses_a_retest_that_cannot_be(api: Callers, world: World, body: dict[str, Any]) -> None:
    answer = api.ana.post(f"lots/{world.stock('1')}/retest/", body)
    assert answer.status == 422
    assert not Retest.objects.exists()


def test_it_lets_only_the_site_record_a_retest(api: Callers, world: World) -> None:
    number, body = world.stock("1"), {"performed_on": "2026-11-02", "passed": True}
    assert [getattr(api, who).post(f"lots/{number}/retest/", body).status for who in ("dee", "cem")] == [403, 404]


# ---- split -----------------------------------------------------------------------------------------------------------


def test_it_splits_parts_off(api: Callers, world: World) -> None:
    number = world.stock("100")
    body = {
        "location": "ANT-S1",
        "parts": [{"net_kg": "10", "number": "CHILD-1"}, {"net_quantity": "5", "net_unit": "lb"}],
    }
    answer = api.ana.post(f"lots/{number}/split/", body)
    assert answer.status == 201, answer
    assert answer["children"][0] == "CHILD-1"
    assert answer["lot"]["net_kg"] == "87.732038"
    child = api.ana.get("lots/CHILD-1/")
    assert (child["net_kg"], child["condition"], child["parents"]) == ("10", "A", [{"number": number, "net_kg": "10"}])


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([{"net_kg": "60"}, {"net_kg": "60"}], 409),
        ([], 422),
        ([{"net_kg": "1"}] * 51, 422),
        ([{"net_kg": "1", "net_unit": "kg"}], 422),
        ([{"net_kg": "0"}], 422),
        ([{"net_quantity": "1", "net_unit": "flask"}], 422),
        ("10", 422),
        ([{"net_kg": "1", "number": "SAME"}, {"net_kg": "1", "number": "same"}], 409),
    ],
)
def test_it_refuses_a_split_whole(api: Callers, world: World, parts: Any, status: int) -> None:
    number = world.stock("100")
    answer = api.ana.post(f"lots/{number}/split/", {"location": "ANT-S1", "parts": parts})
    assert answer.status == status, answer
    assert Lot.objects.count() == 1


def test_it_lets_only_the_site_split(api: Callers, world: World) -> None:
    number, body = world.stock("1"), {"location": "ANT-S1", "parts": [{"net_kg": "0.5"}]}
    assert [getattr(api, who).post(f"lots/{number}/split/", body).status for who in ("dee", "cem")] == [403, 404]

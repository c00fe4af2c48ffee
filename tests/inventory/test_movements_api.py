"""Movements over the API: reading, transferring, sampling."""

from typing import Any
from uuid import uuid4

import pytest

from inventory.models import Balance, Movement
from tests.rest import Answer, Callers
from tests.world import World


def move(api: Callers, lot: str, who: str = "ana", *, key: str | None = None, **change: Any) -> Answer:
    body = {"lot": lot, "kind": "transfer", "origin": "ANT-S1", "destination": "ANT-S2", "net_kg": "4", **change}
    answer: Answer = getattr(api, who).post("movements/", {k: v for k, v in body.items() if v != "left out"}, key=key)
    return answer


def test_it_transfers(api: Callers, world: World) -> None:
    lot = world.stock("10")
    answer = move(api, lot, reason="Nearer to the door", occurred_at="2026-11-02T09:00:00Z")
    assert answer.status == 201, answer
    assert (answer["kind"], answer["origin"], answer["destination"]) == ("transfer", "ANT-S1", "ANT-S2")
    assert (answer["net_kg"], answer["reason"], answer["who"]) == ("4", "Nearer to the door", "Ana")
    held = dict(Balance.objects.values_list("location__code", "net_mg"))
    assert held == {"ANT-S1": 6_000_000, "ANT-S2": 4_000_000}


def test_it_draws_a_sample_into_the_sites_samples(api: Callers, world: World) -> None:
    answer = move(api, world.stock("10"), kind="sample", destination="left out", net_kg="0.25")
    assert (answer.status, answer["destination"], answer["net_kg"]) == (201, "ANT-SAMP", "0.25")


def test_it_lets_the_receiving_site_take_a_lot_out_of_its_lane(api: Callers, world: World) -> None:
    lot = world.stock("10")
    assert move(api, lot, destination="ANT-TO-BRA").status == 201
    taken = move(api, lot, "cem", origin="ANT-TO-BRA", destination="BRA-S1")
    assert taken.status == 201
    assert [row["id"] for row in api.cem.get("movements/")["results"]] == [taken["id"], taken["id"] - 1]


def test_it_lands_once_for_the_same_key(api: Callers, world: World) -> None:
    lot, key = world.stock("10"), str(uuid4())
    first, second = move(api, lot, key=key), move(api, lot, key=key)
    assert (first.status, first.body) == (second.status, second.body)
    assert Movement.objects.filter(kind="transfer").count() == 1
    assert move(api, lot, key=key, net_kg="5")["code"] == "key_reused"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"net_kg": "10.000001"}, 409, "insufficient_stock"),
        ({"origin": "ANT-S2", "destination": "ANT-S1"}, 409, "insufficient_stock"),
        ({"destination": "ANT-S1"}, 422, "same_place"),
        ({"destination": "ANT-LOSS"}, 422, "wrong_place"),
        ({"origin": "ANT-SUPP"}, 422, "wrong_place"),
        ({"destination": "BRA-S1"}, 404, "location_not_found"),
        ({"origin": "NOWHERE"}, 404, "location_not_found"),
        ({"lot": "RE-99-1"}, 404, "not_found"),
        ({"occurred_at": "2026-11-02T08:59:59Z"}, 422, "before_receipt"),
        ({"occurred_at": "2026-11-02T10:00:00Z"}, 422, "in_the_future"),
        ({"destination": "left out"}, 422, "invalid"),
        ({"kind": "sample"}, 422, "invalid"),
        ({"kind": "adjust"}, 422, "invalid"),
        ({"kind": "issue"}, 422, "invalid"),
        ({"net_kg": "left out"}, 422, "invalid"),
        ({"net_kg": "left out", "net_quantity": "1", "net_unit": "flask"}, 422, "invalid"),
        ({"reverses": 1}, 422, "invalid"),
        ({"seen_seq": 1}, 409, "stale"),
        ({"seen_seq": "5"}, 422, "invalid"),
    ],
)
def test_it_refuses_what_cannot_be(api: Callers, world: World, change: dict[str, Any], status: int, code: str) -> None:
    lot = world.stock("10")
    answer = move(api, **{"lot": lot, **change})
    assert (answer.status, answer["code"]) == (status, code)
    assert answer.is_problem
    assert Movement.objects.count() == 1


def test_it_says_how_much_is_free(api: Callers, world: World) -> None:
    answer = move(api, world.stock("10"), net_kg="12")
    assert answer["facts"] | {"lot": ""} == {
        "lot": "",
        "location": "ANT-S1",
        "free_kg": "10",
        "held_kg": "10",
        "asked_kg": "12",
    }
    assert answer["field"] == "net_kg"


def test_it_refuses_an_entry_that_makes_a_later_day_negative(api: Callers, world: World) -> None:
    lot = world.stock("10")
    world.later(days=2)
    assert move(api, lot, net_kg="8").status == 201
    answer = move(api, lot, net_kg="4", occurred_at="2026-11-03T09:00:00Z")
    assert (answer.status, answer["code"]) == (409, "insufficient_stock")
    back = move(api, lot, origin="ANT-S2", destination="ANT-S1", net_kg="8")
    assert back.status == 201
    answer = move(api, lot, net_kg="4", occurred_at="2026-11-03T09:00:00Z")
    assert (answer.status, answer["code"]) == (409, "negative_on_a_day")


@pytest.mark.parametrize(("who", "status"), [("dee", 403), ("pia", 403), ("aud", 403), ("cem", 404), ("nobody", 401)])
def test_it_lets_only_the_site_move(api: Callers, world: World, who: str, status: int) -> None:
    assert move(api, world.stock("10"), who).status == status
    assert Movement.objects.count() == 1


def test_it_shows_each_person_the_movements_of_their_places(api: Callers, world: World) -> None:
    here, there = world.stock("1"), world.stock("2", location="BRA-S1", who="cem")
    assert [row["lot"] for row in api.ana.get("movements/")["results"]] == [here]
    assert {row["lot"] for row in api.aud.get("movements/")["results"]} == {here, there}
    assert api.ana.get("movements/", lot=there).status == 404
    assert api.adm.get("movements/").status == 403


def test_it_narrows_and_pages(api: Callers, world: World) -> None:
    lot = world.stock("10")
    ids = [move(api, lot, net_kg="1")["id"] for _ in range(3)]
    assert len(api.ana.get("movements/", lot=lot, kind="receive")["results"]) == 1
    first = api.ana.get("movements/", kind="transfer", limit=2)
    second = api.ana.get(first["next"])
    assert [row["id"] for row in (*first["results"], *second["results"])] == ids[::-1]
    assert second["next"] is None

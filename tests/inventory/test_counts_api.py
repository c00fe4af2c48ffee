"""Counts over the API: reading them, and recording one."""

from typing import Any
from uuid import uuid4

import pytest

from config.accounts.models import User
from inventory.models import Count
from tests.rest import Answer, Callers
from tests.world import World


def count(api: Callers, lot: str, who: str = "ana", *, key: str | None = None, **change: Any) -> Answer:
    body = {"lot": lot, "location": "ANT-S1", "net_kg": "9.5", "seals": "broken", "remarks": "Drum 3", **change}
    answer: Answer = getattr(api, who).post("counts/", {k: v for k, v in body.items() if v != "left out"}, key=key)
    return answer


def test_it_records_a_count(api: Callers, world: World) -> None:
    lot = world.stock("10")
    answer = count(api, lot, occurred_at="2026-11-02T09:00:00Z")
    assert answer.status == 201, answer
    assert (answer["counted_kg"], answer["book_kg"], answer["difference_kg"]) == ("9.5", "10", "-0.5")
    assert (answer["location"], answer["site"], answer["seals"], answer["who"]) == ("ANT-S1", "ANT", "broken", "Ana")
    assert (answer["entered_quantity"], answer["entered_unit"], answer["remarks"]) == ("9.5", "kg", "Drum 3")


def test_it_takes_other_units_and_nothing(api: Callers, world: World) -> None:
    lot = world.stock("10")
    assert count(api, lot, net_kg="left out", net_quantity="22", net_unit="lb")["counted_kg"] == "9.979032"
    assert count(api, lot, net_kg="0")["difference_kg"] == "-10"


def test_it_lands_once_for_the_same_key(api: Callers, world: World) -> None:
    lot, key = world.stock("10"), str(uuid4())
    first, second = count(api, lot, key=key), count(api, lot, key=key)
    assert (first.status, first.body) == (second.status, second.body)
    assert Count.objects.count() == 1
    assert count(api, lot, key=key, net_kg="5")["code"] == "key_reused"


def test_who_works_elsewhere_by_now_is_not_answered_again(api: Callers, world: World) -> None:
    lot, key = world.stock("10"), str(uuid4())
    count(api, lot, key=key)
    User.objects.filter(username="ana").update(site_codes=["BRA"])
    again = count(api, lot, key=key)
    assert (again.status, again["code"]) == (404, "location_not_found"), again


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"location": "ANT-S2"}, 422, "not_here"),
        ({"location": "BRA-S1"}, 404, "location_not_found"),
        ({"lot": "RE-99-1"}, 404, "not_found"),
        ({"who": "cem"}, 404, "not_found"),
        ({"who": "dee"}, 403, "not_allowed"),
        ({"occurred_at": "2026-11-01T09:00:00Z"}, 409, "happened_since"),
        ({"net_kg": "-1"}, 422, "invalid"),
        ({"net_kg": "left out"}, 422, "invalid"),
        ({"seals": "fine"}, 422, "invalid"),
        ({"seen_seq": 1}, 409, "stale"),
    ],
)
def test_it_refuses(api: Callers, world: World, change: dict[str, Any], status: int, code: str) -> None:
    answer = count(api, **{"lot": world.stock("10"), **change})
    assert (answer.status, answer["code"]) == (status, code), answer
    assert not Count.objects.exists()


def test_it_lists_what_one_may_see_the_latest_first(api: Callers, world: World) -> None:
    first, second = world.stock("10"), world.stock("10", location="ANT-S2")
    made = [count(api, first)["id"], count(api, second, location="ANT-S2")["id"]]
    assert [row["id"] for row in api.aud.get("counts/")["results"]] == made[::-1]
    assert [row["id"] for row in api.dee.get("counts/", lot=first)["results"]] == made[:1]
    assert api.cem.get("counts/")["results"] == []
    assert api.cem.get("counts/", lot=first).status == api.cem.get("counts/", lot="NONE").status == 404
    assert api.adm.get("counts/").status == 403
    page = api.ana.get("counts/", limit=1)
    assert page["next"]

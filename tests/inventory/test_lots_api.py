"""The list of lots over the API."""

from typing import Any

import pytest

from tests.rest import Caller, Callers
from tests.world import World


def numbers(caller: Caller, **query: Any) -> list[str]:
    answer = caller.get("lots/", **query)
    assert answer.status == 200, answer
    return [row["number"] for row in answer["results"]]


def test_it_shows_a_lot_with_masses_as_text_in_kg(api: Callers, world: World) -> None:
    number = world.stock("1000.5", supplier_lot="S-77")
    (row,) = api.pia.get("lots/")["results"]
    assert row["number"] == number
    assert (row["material"], row["form"], row["site"], row["location"]) == ("nd-oxide", "oxide", "ANT", "ANT-S1")
    assert (row["condition"], row["verdict"], row["supplier_lot"]) == ("A", "unknown", "S-77")
    assert (row["net_kg"], row["free_kg"], row["contained"]) == ("1000.5", "1000.5", {"Nd": "853.494479"})
    assert (row["retest_due_on"], row["expires_on"], row["received_at"]) == ("2031-11-02", None, "2026-11-02T09:00:00Z")


def test_it_names_no_location_where_a_lot_lies_in_several(api: Callers, world: World) -> None:
    number = world.stock("10")
    body = {"lot": number, "kind": "transfer", "origin": "ANT-S1", "destination": "ANT-S2", "net_kg": "4"}
    assert api.ana.post("movements/", body).status == 201
    (row,) = api.ana.get("lots/")["results"]
    assert (row["site"], row["location"], row["net_kg"]) == ("ANT", None, "10")
    assert [(at["location"], at["net_kg"]) for at in row["places"]] == [("ANT-S1", "6"), ("ANT-S2", "4")]


def test_it_shows_each_person_the_lots_of_their_sites(api: Callers, world: World) -> None:
    here, there = world.stock("1"), world.stock("2", location="BRA-S1", who="cem")
    assert numbers(api.ana) == [here]
    assert numbers(api.cem) == [there]
    assert set(numbers(api.aud)) == {here, there}
    assert api.ana.get("lots/", site="BRA").status == 404
    assert api.adm.get("lots/").status == 403


def test_it_narrows_by_what_it_is_asked(api: Callers, world: World) -> None:
    oxide, block = world.stock("1"), world.stock("1", material="ndfeb-block")
    waiting = world.receive("1", location="ANT-S2", lot_number="Q-7", supplier_lot="ABC-1")
    assert numbers(api.ana, material="ndfeb-block") == [block]
    assert numbers(api.ana, form="block") == [block]
    assert numbers(api.ana, element="Dy") == [block]
    assert numbers(api.ana, condition="J") == [waiting]
    assert set(numbers(api.ana, condition="ABC")) == {oxide, block}
    assert numbers(api.ana, search="q-7") == [waiting]
    assert numbers(api.ana, search="abc") == [waiting]
    assert numbers(api.ana, site="ANT", order="number")[0] == waiting
    assert numbers(api.ana, received_after="2026-11-03") == []
    assert len(numbers(api.ana, received_after="2026-11-02")) == 3
    assert len(numbers(api.ana, received_after="2026-11-02T09:00:00Z")) == 3
    assert numbers(api.ana, received_after="2026-11-02T10:00:01+01:00") == []
    assert numbers(api.ana, below_target="true") == []
    assert len(numbers(api.ana, below_target="false")) == 3


def test_it_pages_there_and_back_over_every_lot_once(api: Callers, world: World) -> None:
    made = {world.receive("1", at=world.later(minutes=1)) for _ in range(5)}
    seen, address = [], "lots/?limit=2"
    pages = []
    while address:
        answer = api.ana.get(address)
        pages.append([row["number"] for row in answer["results"]])
        seen += pages[-1]
        last, address = answer, answer["next"]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert set(seen) == made
    assert len(seen) == 5
    back = api.ana.get(last["previous"])
    assert [row["number"] for row in back["results"]] == pages[1]
    assert back["next"] is not None
    first = api.ana.get(back["previous"])
    assert [row["number"] for row in first["results"]] == pages[0]
    assert first["previous"] is None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_it_takes_nothing(api: Callers, method: str) -> None:
    assert api.ana.send(method, "lots/").status == 405


def test_it_asks_who_one_is(api: Callers) -> None:
    assert api.nobody.get("lots/").status == 401

"""Positions over the API: now, on a day, as was known on a day."""

import pytest

from tests.rest import Callers
from tests.world import World


def test_it_sums_by_material_site_place_and_condition(api: Callers, world: World) -> None:
    for _ in range(2):
        world.stock("100")
    world.receive("7")
    rows = api.aud.get("positions/")["results"]
    assert [(row["condition"], row["net_kg"], row["lots"]) for row in rows] == [("A", "200", 2), ("J", "7", 1)]
    assert rows[0] == {
        "material": "nd-oxide",
        "form": "oxide",
        "stage": "separation",
        "site": "ANT",
        "place": "store",
        "condition": "A",
        "verdict": "unknown",
        "net_kg": "200",
        "free_kg": "200",
        "contained": {"Nd": "170.61359"},
        "lots": 2,
    }


def test_it_knows_any_day_again(api: Callers, world: World) -> None:
    world.stock("100")
    world.later(days=3)
    world.receive("5", at=world.now.replace(day=3))
    asked = {"site": "ANT", "form": "oxide", "element": "Nd"}
    assert [row["net_kg"] for row in api.dee.get("positions/", as_of="2026-11-02", **asked)["results"]] == ["100"]
    assert [row["net_kg"] for row in api.dee.get("positions/", as_of="2026-11-03", **asked)["results"]] == ["100", "5"]
    then = api.dee.get("positions/", as_of="2026-11-03", as_known_on="2026-11-04", **asked)
    assert [row["net_kg"] for row in then["results"]] == ["100"]
    assert api.dee.get("positions/", as_of="2026-11-01", **asked)["results"] == []


def test_it_shows_each_person_their_sites(api: Callers, world: World) -> None:
    world.stock("1")
    world.stock("2", location="BRA-S1", who="cem")
    assert {row["site"] for row in api.ana.get("positions/")["results"]} == {"ANT"}
    assert {row["site"] for row in api.pia.get("positions/")["results"]} == {"ANT", "BRA"}
    assert api.ana.get("positions/", site="BRA").status == 404
    assert api.adm.get("positions/").status == 403
    assert api.nobody.get("positions/").status == 401
    assert api.ana.post("positions/").status == 405


@pytest.mark.parametrize("asked", [{"form": "block"}, {"element": "Dy"}, {"element": "Xx"}])
def test_it_narrows(api: Callers, world: World, asked: dict[str, str]) -> None:
    world.stock("1")
    assert api.dee.get("positions/", **asked)["results"] == []

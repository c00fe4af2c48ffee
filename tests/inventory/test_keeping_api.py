"""Sites, places and materials over the API, for administrators."""

from typing import Any

import pytest

from tests.rest import Callers
from tests.world import World

GHENT: dict[str, Any] = {
    "code": "GHE",
    "name": "Ghent",
    "country": "BE",
    "latitude": "51.05",
    "longitude": "3.72",
    "stores": [{"suffix": "S1", "name": "Hall 1"}, {"suffix": "S2", "name": "Hall 2"}],
}
METAL: dict[str, Any] = {
    "code": "nd-metal",
    "name": "Neodymium metal",
    "form": "metal",
    "fractions": {"Nd": "0.995"},
    "source": "Specification 4",
    "dated_on": "2026-11-01",
}


def test_a_site_is_opened_changed_and_given_places(api: Callers) -> None:
    made = api.adm.post("kept/sites/", GHENT)
    assert (made.status, made["latitude"], len(made["places"])) == (201, "51.05", 12)
    change = {"name": "Gent", "country": "BE", "seen": made["seen"]}
    changed = api.adm.put("kept/sites/GHE/", change)
    assert (changed.status, changed["name"], changed["latitude"]) == (200, "Gent", None)
    assert api.adm.put("kept/sites/GHE/", change).body["code"] == "stale"
    added = api.adm.post("kept/sites/GHE/places/", {"suffix": "YD", "name": "Yard", "kind": "store"})
    assert added.status == 201
    closed = api.adm.put("kept/places/GHE-YD/", {"name": "Yard", "is_active": False})
    assert {"code": "GHE-YD", "is_active": False}.items() <= {**closed["places"][-1]}.items()
    assert [row["code"] for row in api.adm.get("kept/sites/")["results"]] == ["ANT", "BRA", "GHE"]


def test_a_material_is_added_and_changed(api: Callers) -> None:
    made = api.adm.post("kept/materials/", METAL)
    assert (made.status, made["fractions"]) == (201, {"Nd": "0.995"})
    changed = api.adm.put("kept/materials/nd-metal/", {"name": "Nd metal", "un_number": "UN3089", "seen": made["seen"]})
    assert (changed.status, changed["name"], changed["un_number"], changed["unit"]) == (200, "Nd metal", "UN3089", "kg")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("kept/sites/", {**GHENT, "code": "ANT"}, 409),
        ("kept/sites/", {**GHENT, "latitude": "91"}, 422),
        ("kept/sites/", {**GHENT, "longitude": None}, 422),
        ("kept/sites/", {**GHENT, "stores": []}, 422),
        ("kept/sites/", {**GHENT, "name": "n" * 10_000}, 422),
        ("kept/sites/XXX/places/", {"suffix": "S9", "name": "x", "kind": "store"}, 404),
        ("kept/sites/ANT/places/", {"suffix": "S9", "name": "x", "kind": "loss"}, 422),
        ("kept/materials/", {**METAL, "form": "cheese"}, 422),
        ("kept/materials/", {**METAL, "fractions": {"Nd": "1.1"}}, 422),
        ("kept/materials/", {**METAL, "code": "nd-oxide"}, 409),
        ("kept/materials/", {**METAL, "unit": "stone"}, 422),
    ],
)
def test_it_refuses(api: Callers, path: str, body: dict[str, Any], status: int) -> None:
    answer = api.adm.post(path, body)
    assert (answer.status, answer.is_problem) == (status, True), answer


def test_who_may(api: Callers, world: World) -> None:
    lot = world.stock("4321")
    assert lot not in str(api.adm.get("kept/sites/ANT/").body)
    for who, status in {"nobody": 401, "ana": 403, "pia": 403, "dee": 403, "aud": 403}.items():
        caller = getattr(api, who)
        assert caller.get("kept/sites/").status == status
        assert caller.post("kept/sites/", GHENT).status == status
        assert caller.post("kept/materials/", METAL).status == status
        assert caller.put("kept/places/ANT-S1/", {"name": "x", "is_active": False}).status == status

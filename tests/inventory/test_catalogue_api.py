"""Elements, materials, sites and locations over the API."""

import pytest

from tests.rest import Callers


def test_it_lists_elements_by_symbol(api: Callers) -> None:
    answer = api.pia.get("elements/")
    symbols = [row["symbol"] for row in answer["results"]]
    assert symbols == sorted(symbols)
    neodymium = next(row for row in answer["results"] if row["symbol"] == "Nd")
    assert (neodymium["name"], neodymium["on_2025_list"]) == ("neodymium", True)
    assert (answer["next"], answer["previous"]) == (None, None)


def test_it_lists_materials_with_their_frozen_fractions(api: Callers) -> None:
    rows = {row["code"]: row for row in api.adm.get("materials/")["results"]}
    oxide = rows["nd-oxide"]
    assert (oxide["elements"], oxide["fractions"]) == (["Nd"], {"Nd": "0.8530679452"})
    assert (oxide["form"], oxide["stage"], oxide["formula"], oxide["unit"]) == ("oxide", "separation", "Nd2O3", "kg")
    assert rows["ndfeb-block"]["elements"] == ["Nd", "Pr", "Dy"]


def test_it_narrows_materials_to_an_element_and_a_form(api: Callers) -> None:
    codes = {row["code"] for row in api.ana.get("materials/", element="Pr", form="oxide")["results"]}
    assert codes == {"ndpr-oxide"}
    assert api.ana.get("materials/", element="Xx")["results"] == []


@pytest.mark.parametrize(
    ("who", "seen"), [("ana", ["ANT"]), ("cem", ["BRA"]), ("dee", ["ANT", "BRA"]), ("aud", ["ANT", "BRA"])]
)
def test_it_shows_each_person_their_sites(api: Callers, who: str, seen: list[str]) -> None:
    caller = getattr(api, who)
    assert [row["code"] for row in caller.get("sites/")["results"]] == seen
    assert {row["site"] for row in caller.get("locations/", kind="store")["results"]} == set(seen)


def test_it_shows_the_lane_that_leads_to_ones_site(api: Callers) -> None:
    lane = {"code": "ANT-TO-BRA", "name": "On the way to Braga", "site": "ANT", "kind": "transit", "bound_for": "BRA"}
    assert lane in api.cem.get("locations/")["results"]


def test_it_narrows_locations_to_a_site_and_a_kind(api: Callers) -> None:
    rows = api.dee.get("locations/", site="BRA", kind="store")["results"]
    assert [row["code"] for row in rows] == ["BRA-S1", "BRA-S2"]


@pytest.mark.parametrize("site", ["BRA", "NONE"])
def test_it_finds_no_foreign_site(api: Callers, site: str) -> None:
    assert api.ana.get("locations/", site=site).status == 404


def test_it_shows_sites_to_nobody_without_the_right(api: Callers) -> None:
    assert api.adm.get("sites/").status == 403
    assert api.nobody.get("materials/").status == 401


@pytest.mark.parametrize("path", ["elements/", "materials/", "sites/", "locations/"])
def test_it_is_read_only(api: Callers, path: str) -> None:
    assert api.ana.post(path, {}).status == 405

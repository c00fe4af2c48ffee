"""The page of one material."""

from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.world import World

PAGE = "/materials/ndpr-oxide/"


def test_it_shows_facts_frozen_fractions_and_where_it_lies(people: People, world: World) -> None:
    world.stock("1000", material="ndpr-oxide")
    shown = text(people.dee.get(PAGE))
    for words in ("NdPr oxide 99", "every 60 months", "64.0000 %", "stoichiometric_factors.csv", "1 Nov 2026"):
        assert words in shown
    assert "Antwerp Store A Issuable Not proven 1 1,000 1,000" in shown


def test_it_shows_a_person_nothing_of_other_sites(people: People, world: World) -> None:
    world.stock("1000", material="ndpr-oxide")
    assert "Nothing of it is held" in text(people.cem.get(PAGE))


def test_it_shows_an_administrator_the_catalogue_only(people: People, world: World) -> None:
    world.stock("1000", material="ndpr-oxide")
    shown = text(people.adm.get(PAGE))
    assert "64.0000 %" in shown
    assert "Where it lies" not in shown
    assert "Its lots" not in shown


def test_it_leads_to_receiving_it(people: People) -> None:
    assert 'href="/receive/?material=ndpr-oxide"' in people.ana.get(PAGE)
    assert "/receive/" not in people.dee.get(PAGE)


def test_an_unknown_material_is_not_found(people: People) -> None:
    people.dee.get("/materials/unobtainium/", status=404)


def test_who_may(people: People) -> None:
    people.closed(PAGE, open_to={"ana", "pia", "dee", "aud", "adm"})
    assert people.ana.client.post(PAGE).status_code == 405


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, world: World) -> None:
    the_same_at_3_and_30(
        "page material",
        make=lambda more: [world.receive("10", material="ndpr-oxide") for _ in range(more)],
        read=lambda: people.ana.get(PAGE),
    )

"""The catalogue of materials."""

from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.world import World


def test_it_lists_materials_along_the_chain_with_what_is_held(people: People, world: World) -> None:
    world.stock("1000")
    world.receive("500")
    shown = text(people.dee.get("/materials/"))
    order = [shown.index(name) for name in ("Rare earth concentrate", "Neodymium oxide 99.5", "NdFeB magnet block")]
    assert order == sorted(order)
    assert "Neodymium oxide 99.5 Oxide Separation Nd Nd2O3 1.500 1.000" in shown


def test_it_shows_a_warehouse_only_what_its_sites_hold(people: People, world: World) -> None:
    world.stock("1000")
    assert "Nd2O3 0.000 0.000" in text(people.cem.get("/materials/"))


def test_it_shows_an_administrator_no_mass(people: People, world: World) -> None:
    world.stock("1000")
    shown = text(people.adm.get("/materials/"))
    assert "Neodymium oxide 99.5" in shown
    assert "Held" not in shown
    assert "1.000" not in shown


def test_who_may(people: People) -> None:
    people.closed("/materials/", open_to={"ana", "pia", "dee", "aud", "adm"})
    assert people.ana.client.post("/materials/").status_code == 405


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, world: World) -> None:
    the_same_at_3_and_30(
        "page materials",
        make=lambda more: [world.receive("10") for _ in range(more)],
        read=lambda: people.ana.get("/materials/"),
    )

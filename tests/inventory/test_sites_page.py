"""The page of sites."""

from inventory import ledger, units
from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.world import World


def test_it_shows_what_each_site_holds(people: People, world: World) -> None:
    number = world.stock("1000")
    world.receive("500")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("250"))
    shown = text(people.dee.get("/sites/"))
    assert "Antwerp ANT BE 1.250 0.750 0.250" in shown
    assert "Braga BRA BE 0.000 0.000 0.000" in shown


def test_it_shows_a_person_their_own_sites(people: People) -> None:
    html = people.cem.get("/sites/")
    assert 'href="/sites/BRA/"' in html
    assert "ANT" not in text(html)


def test_who_may(people: People) -> None:
    people.closed("/sites/", open_to={"ana", "pia", "dee", "aud"})
    assert people.ana.client.post("/sites/").status_code == 405


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, world: World) -> None:
    the_same_at_3_and_30(
        "page sites",
        make=lambda more: [world.receive("10") for _ in range(more)],
        read=lambda: people.ana.get("/sites/"),
    )

"""The page of one site."""

from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.world import World


def test_it_shows_each_place_with_its_materials(people: People, world: World) -> None:
    world.stock("10")
    world.stock("20")
    world.receive("5", material="ndfeb-block", location="ANT-QUAR")
    html = people.ana.get("/sites/ANT/")
    shown = text(html)
    assert "ANT-S1 Store 1 Material Lots Net, kg Free, kg Neodymium oxide 99.5 2 30 30" in shown
    assert "ANT-QUAR Quarantine Material Lots Net, kg Free, kg NdFeB magnet block 1 5 5" in shown
    assert "ANT-S2 Store 2" in shown.split("Places where nothing lies now")[1]
    assert 'href="/lots/?site=ANT&amp;material=nd-oxide&amp;place=store"' in html


def test_its_links_lead_to_the_lots_that_lie_there(people: People, world: World) -> None:
    number, _other = world.stock("10"), world.receive("5", material="ndfeb-block")
    html = people.ana.get("/lots/?site=ANT&material=nd-oxide&place=store")
    assert number in html
    assert _other not in html


def test_it_offers_to_receive_to_its_own_people_only(people: People) -> None:
    assert "Receive a lot" in text(people.ana.get("/sites/ANT/"))
    assert "Receive a lot" not in text(people.dee.get("/sites/ANT/"))


def test_it_says_what_to_do_where_nothing_lies(people: People) -> None:
    assert "What is received at this site appears here" in text(people.ana.get("/sites/ANT/"))


def test_a_foreign_site_is_not_found(people: People) -> None:
    people.cem.get("/sites/ANT/", status=404)
    people.dee.get("/sites/NOWHERE/", status=404)


def test_who_may(people: People) -> None:
    people.closed("/sites/ANT/", open_to={"ana", "pia", "dee", "aud"})
    assert people.ana.client.post("/sites/ANT/").status_code == 405


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, world: World) -> None:
    the_same_at_3_and_30(
        "page site",
        make=lambda more: [world.receive("10") for _ in range(more)],
        read=lambda: people.ana.get("/sites/ANT/"),
    )

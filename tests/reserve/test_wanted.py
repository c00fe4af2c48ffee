"""What the open flags want: on the lot's page, in the lot list, and in its filter."""

from inventory import lots
from reserve import flags, wanted
from tests.pages import People, text
from tests.reserve.levels import flagged, hold
from tests.world import World


def found(world: World, who: str, below: bool) -> set[str]:
    page = lots.listing(user=world.people[who], filters=lots.LotFilters(below_target=below))
    return {row.number for row in page.rows}


def test_a_material_serves_the_flag_of_each_element_it_holds_in_the_form(world: World) -> None:
    flag = flagged(world, "1000", element="Pr")
    found = wanted.by_material()
    assert {material: [wish.flag for wish in wishes] for material, wishes in found.items()} == {"ndpr-oxide": [flag]}
    assert found["ndpr-oxide"][0].name == "Praseodymium, oxide"


def test_a_flag_of_one_site_wants_there_only(world: World) -> None:
    hold(world, "1000", site="BRA")
    flags.scan(now=world.now)
    here, there = world.stock("1"), world.stock("1", location="BRA-S1", who="cem")
    assert found(world, "dee", True) == {there}
    assert found(world, "dee", False) == {here}


def test_the_lot_list_narrows_to_lots_under_an_open_flag(people: People, world: World) -> None:
    oxide, block = world.stock("1"), world.stock("1", material="ndfeb-block")
    flagged(world, "1000")
    hold(world, "10", material="ndfeb-block", site="BRA")
    flags.scan(now=world.now)
    assert found(world, "ana", True) == {oxide}
    assert found(world, "ana", False) == {block}
    html = people.ana.get("/lots/", {"below_target": "yes"})
    assert f"/lots/{oxide}/" in html
    assert f"/lots/{block}/" not in html


def test_a_lot_held_twice_under_two_flags_is_listed_once(world: World) -> None:
    number = world.stock("1", material="ndpr-oxide")
    flagged(world, "1000")
    flagged(world, "1000", element="Pr")
    page = lots.listing(user=world.dee, filters=lots.LotFilters(below_target=True))
    assert [row.number for row in page.rows] == [number]


def test_a_closed_flag_wants_nothing_more(world: World) -> None:
    flagged(world, "1000")
    world.stock("2000")
    flags.scan(now=world.later(minutes=1))
    assert wanted.by_material() == {}
    assert found(world, "dee", True) == set()


def test_the_lot_s_page_names_the_flag_to_who_may_see_it_and_only_yes_or_no_to_others(
    people: People, world: World
) -> None:
    flag = flagged(world, "1000")
    oxide, block = world.stock("1"), world.stock("1", material="ndfeb-block")
    html = people.dee.get(f"/lots/{oxide}/")
    assert f"/flags/{flag}/" in html
    assert "Critical Neodymium, oxide whole reserve" in text(html)
    own = people.ana.get(f"/lots/{oxide}/")
    assert "Wanted here: yes" in text(own)
    assert "/flags/" not in own
    assert "Neodymium, oxide" not in text(own)
    assert "Wanted here: no" in text(people.ana.get(f"/lots/{block}/"))
    assert "No open flag asks for this material" in text(people.dee.get(f"/lots/{block}/"))


def test_the_lot_list_marks_what_is_wanted(people: People, world: World) -> None:
    flag = flagged(world, "1000")
    world.stock("1")
    assert f"/flags/{flag}/" in people.pia.get("/lots/")
    own = people.ana.get("/lots/")
    assert "Wanted" in text(own)
    assert "/flags/" not in own


def test_a_flag_wants_a_lot_that_is_on_its_way_there(people: People, world: World) -> None:
    from inventory import ledger, units

    number = world.stock("5")
    hold(world, "1000", site="BRA")
    flags.scan(now=world.now)
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("5"))
    assert "Wanted here: yes" in text(people.cem.get(f"/lots/{number}/"))

"""What stands below the search box while one types, and what it never tells."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory import lots
from inventory.lots import beginnings
from tests.pages import People, text
from tests.procurement.market import Market, add_suppliers
from tests.world import World


def test_it_suggests_three_of_a_kind_and_never_jumps(people: People, world: World) -> None:
    for n in range(5):
        world.receive("1", lot_number=f"NEO-{n}")
    html = people.ana.get("/search/", {"q": "neo-"}, swap=True)
    assert html.count("data-hit") == 4  # three lots, and the way to all of them
    assert "<html" not in html
    assert "/lots/?search=neo-" in html
    assert "NEO-3" in text(people.ana.get("/search/", {"q": "NEO-3"}, swap=True))


def test_nothing_typed_shows_nothing(people: People) -> None:
    assert not text(people.ana.get("/search/", {"q": ""}, swap=True)).strip()


def test_a_supplier_s_number_opens_the_one_lot_that_has_it(people: People, world: World) -> None:
    world.receive("1", lot_number="A-1", supplier_lot="Ly-77")
    answer = people.ana.client.get("/search/", {"q": "ly-77"})
    assert (answer.status_code, answer["Location"]) == (302, "/lots/A-1/")
    world.receive("1", lot_number="A-2", supplier_lot="LY-77")
    shown = text(people.ana.get("/search/", {"q": "ly-77"}))
    assert "A-1" in shown
    assert "A-2" in shown


def test_people_are_found_by_who_may_see_them(people: People) -> None:
    assert "/people/cem/" in people.adm.get("/search/", {"q": "cem"})
    for other in (people.ana, people.dee, people.pia):
        assert "/people/cem/" not in other.get("/search/", {"q": "cem"})


def test_a_word_in_a_name_is_found_by_its_beginning_only(people: People, world: World) -> None:
    assert "Neodymium oxide 99.5" in text(people.pia.get("/search/", {"q": "oxi"}))
    assert "Nothing found" in text(people.pia.get("/search/", {"q": "xide"}))


def test_a_foreign_lot_answers_as_one_that_does_not_exist(people: People, world: World) -> None:
    world.receive("1", lot_number="ANT-7", supplier_lot="SUP-7")
    for known, unknown in (("ANT-7", "ANT-8"), ("SUP-7", "SUP-8")):
        pages = []
        for words in (known, unknown):
            with CaptureQueriesContext(connection) as seen:
                pages.append(people.cem.get("/search/", {"q": words}, swap=True))
            pages.append(str(len(seen)))
        assert pages[0].replace(known, "") == pages[2].replace(unknown, "")


def test_who_sees_few_lots_of_a_beginning_that_many_share_finds_theirs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginnings, "CANDIDATES", 2)
    for n in range(4):
        world.receive("1", lot_number=f"X-{n}")
    mine = world.receive("1", lot_number="X-9", location="BRA-S1", who="cem")
    assert [row.number for row in lots.beginning(user=world.cem, words="x-", most=3)] == [mine]
    assert len(lots.beginning(user=world.dee, words="x-", most=3)) == 3


def test_percent_and_underscore_are_letters_like_others(people: People, world: World) -> None:
    add_suppliers(world)
    Market(world).draft()
    world.receive("1", lot_number="NEO-1")
    for words in ("%", "_", "NEO_", "(", "\\"):
        assert "Nothing found" in text(people.pia.get("/search/", {"q": words})), words


@pytest.mark.parametrize("words", ["a\u202eb", "x" * 81])
def test_what_cannot_be_read_is_said_below_the_box(people: People, words: str) -> None:
    assert "cannot be searched" in people.ana.get("/search/", {"q": words}, swap=True, status=422)

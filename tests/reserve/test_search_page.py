"""The one search box."""

import pytest

from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.procurement.market import Market, add_suppliers
from tests.world import World


def test_a_lot_s_number_opens_the_lot_however_it_is_typed(people: People, world: World) -> None:
    world.stock("1", lot_number="RE-X-1")
    for typed in ("RE-X-1", "re-x-1", " ＲＥ-x-1 "):
        answer = people.ana.client.get("/search/", {"q": typed})
        assert (answer.status_code, answer["Location"]) == (302, "/lots/RE-X-1/"), typed


def test_an_order_s_number_opens_the_order(people: People, world: World) -> None:
    add_suppliers(world)
    number = Market(world).draft()  # nothing is expected of a draft
    answer = people.pia.client.get("/search/", {"q": number.lower()})
    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{number}/")
    assert "Nothing found" in text(people.ana.get("/search/", {"q": number}))


def test_it_finds_each_kind(people: People, world: World) -> None:
    add_suppliers(world)
    number = Market(world).draft()
    world.stock("1", lot_number="NEO-7", supplier_lot="Ly-77")
    for words, expected in (
        ("NEO-", ["Lots", "NEO-7"]),
        ("ly-7", ["Lots", "NEO-7"]),
        ("neodym", ["Elements", "Neodymium", "Materials", "Neodymium oxide 99.5"]),
        ("nd", ["Elements", "Neodymium"]),
        ("Nd2O3", ["Materials", "Neodymium oxide 99.5"]),
        (number[:5], ["Orders", number]),
        ("lynas", ["Orders", number, "Suppliers", "Lynas Rare Earths"]),
        ("braga", ["Sites", "Braga"]),
    ):
        shown = text(people.pia.get("/search/", {"q": words}))
        for word in expected:
            assert word in shown, (words, word)


def test_it_finds_only_what_the_person_may_see(people: People, world: World) -> None:
    add_suppliers(world)
    Market(world).draft()
    world.stock("1", lot_number="ANT-7")
    assert "Nothing found" in text(people.cem.get("/search/", {"q": "ANT-7"}))
    assert "Nothing found" in text(people.cem.get("/search/", {"q": "Antwerp"}))
    assert "Nothing found" in text(people.ana.get("/search/", {"q": "lynas"}))
    shown = text(people.adm.get("/search/", {"q": "neodym"}))
    assert "Materials" in shown
    assert "Elements" not in shown
    assert "Nothing found" in text(people.adm.get("/search/", {"q": "ANT-7"}))


def test_links_keep_what_was_typed_as_it_was(people: People, world: World) -> None:
    for n in range(9):
        world.receive("1", lot_number=f"A&B {n}")
    html = people.ana.get("/search/", {"q": "A&B"})
    assert "/lots/?search=A%26B" in html
    world.receive("1", supplier_lot="<b>9</b>")
    assert "&lt;b&gt;9" in people.ana.get("/search/", {"q": "<b>"})


def test_scanning_goes_on_after_a_tag_that_is_not_known(people: People) -> None:
    html = people.ana.get("/search/", {"scan": "1"})
    assert '<body class="gloves"' in html
    assert "autofocus" in html
    html = people.ana.get("/search/", {"scan": "1", "q": "NO-TAG"})
    assert '<input type="hidden" name="scan" value="1">' in html
    assert "NO-TAG is not at your sites" in text(html)
    assert 'href="/receive/"' in html
    assert "Receive a lot" not in text(people.pia.get("/search/", {"scan": "1", "q": "NO-TAG"}))


def test_a_place_s_tag_opens_what_lies_there(people: People, world: World) -> None:
    answer = people.ana.client.get("/search/", {"q": "ant-s1"})
    assert (answer.status_code, answer["Location"]) == (302, "/sites/ANT/#ANT-S1")
    world.stock("1")
    assert 'id="ANT-S1"' in people.ana.get("/sites/ANT/")
    assert "ANT-QUAR" in text(people.ana.get("/search/", {"q": "ANT-"}))
    for foreign in ("BRA-S1", "BRA-"):
        assert "Nothing found" in text(people.ana.get("/search/", {"q": foreign}))


def test_the_order_on_the_papers_leads_to_its_delivery(people: People, world: World) -> None:
    add_suppliers(world)
    market = Market(world)
    one = market.placed(market.line("100"), market.line("50", site="BRA"))
    answer = people.ana.client.get("/search/", {"q": one.lower()})
    assert (answer.status_code, answer["Location"]) == (302, f"/deliveries/{market.of(one).pk}/receive/")
    two = market.placed(market.line("100"), market.line("50"))
    assert f"{two} / 2" in text(people.ana.get("/search/", {"q": two}))
    foreign = market.placed(market.line("50", site="BRA"))
    assert "Nothing found" in text(people.ana.get("/search/", {"q": foreign}))


@pytest.mark.parametrize("words", ["a\u202eb", "a\u0007b", "x" * 81])
def test_what_cannot_be_read_is_said(people: People, words: str) -> None:
    assert "This cannot be searched" in people.ana.get("/search/", {"q": words}, status=422)


def test_nothing_typed_finds_nothing_and_says_nothing(people: People) -> None:
    shown = text(people.ana.get("/search/"))
    assert "Nothing found" not in shown


def test_strangers_sign_in_first_and_nobody_writes_here(people: People) -> None:
    assert people.nobody.client.get("/search/", {"q": "x"})["Location"].startswith("/sign-in/")
    assert people.ana.client.post("/search/").status_code == 405


def test_it_asks_as_often_for_thirty_hits_as_for_three(people: People, world: World) -> None:
    def make(more: int) -> None:
        for _ in range(more):
            world.receive("1")

    the_same_at_3_and_30("page search", make=make, read=lambda: people.pia.get("/search/", {"q": "re-"}))

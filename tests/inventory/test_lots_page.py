"""The page of lots."""

import pytest

from inventory import ledger, lots, units
from tests.counting import the_same_at_3_and_30
from tests.pages import People, lasting, text
from tests.world import World

SCRIPT = "<script>alert(1)</script>"


def listed(html: str, numbers: list[str]) -> list[str]:
    return [number for number in numbers if f'href="/lots/{number}/"' in html]


def test_it_lists_lots_with_mass_place_condition_and_dates(people: People, world: World) -> None:
    number = world.stock("1234.5", supplier_lot="Ly-7731")
    shown = text(people.ana.get("/lots/"))
    for words in (number, "Ly-7731", "Neodymium oxide 99.5", "Antwerp", "ANT-S1", "Issuable", "1,234.5", "2 Nov 2031"):
        assert words in shown
    assert "1,053.112 Nd" in shown
    assert "1 lot" in shown


def test_it_narrows_and_orders_as_the_address_says(people: People, world: World) -> None:
    oxide, magnets = (
        world.stock("10", supplier_lot="Alpha"),
        world.stock("20", material="ndfeb-block", location="ANT-S2"),
    )
    both = [oxide, magnets]
    for query, expected in (
        ({"element": "Dy"}, [magnets]),
        ({"form": "oxide"}, [oxide]),
        ({"material": "nd-oxide", "condition": "ABC"}, [oxide]),
        ({"site": "BRA"}, []),
        ({"place": "store", "held": "yes"}, both),
        ({"verdict": "compliant"}, []),
        ({"search": "alph"}, [oxide]),
        ({"received_after": "2026-11-03"}, []),
        ({"due_before": "2029-12-31"}, [magnets]),
        ({"frozen": "yes"}, []),
        ({"frozen": "no"}, both),
    ):
        assert listed(people.dee.get("/lots/", query), both) == expected, query
    html = people.dee.get("/lots/", {"order": "-number"})
    assert html.index(magnets) < html.index(oxide)


def test_a_number_that_is_scanned_opens_its_lot(people: People, world: World) -> None:
    number, longer = world.stock("1", lot_number="AB-1"), world.stock("1", lot_number="AB-12")
    answer = people.ana.client.get("/lots/", {"search": "ab-1"})
    assert (answer.status_code, answer["Location"]) == (302, f"/lots/{number}/")
    assert listed(people.ana.get("/lots/", {"search": "AB-"}), [number, longer]) == [number, longer]
    assert listed(people.ana.get("/lots/", {"search": "ab-1"}, swap=True), [number, longer]) == [number, longer]
    assert "No lots match" in text(people.cem.get("/lots/", {"search": "ab-1"}))


def test_the_page_includes_the_very_fragment_that_htmx_swaps(people: People, world: World) -> None:
    world.stock("10")
    fragment, page = (
        people.ana.get("/lots/", {"order": "number"}, swap=True),
        people.ana.get("/lots/", {"order": "number"}),
    )
    assert fragment.startswith('<section class="panel flush" id="lots"')
    assert lasting(fragment) in lasting(page)


def test_it_pages_in_the_address(people: People, world: World) -> None:
    made = [world.receive("1") for _ in range(51)]
    first = people.ana.get("/lots/", {"element": "Nd"})
    assert listed(first, made) == made[1:]
    address = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "element=Nd" in address
    second = people.ana.get("/lots/" + address)
    assert listed(second, made) == made[:1]
    assert 'rel="prev"' in second
    assert "51 lots" in text(second)


def test_it_shows_only_lots_of_the_person_s_sites(people: People, world: World) -> None:
    number = world.stock("10")
    assert number not in people.cem.get("/lots/")
    assert number in people.aud.get("/lots/")


def test_a_foreign_site_is_not_found(people: People, world: World) -> None:
    world.stock("10")
    people.cem.get("/lots/", {"site": "ANT"}, status=404)
    people.ana.get("/lots/", {"site": "NOWHERE"}, status=404)


def test_it_says_what_to_do_when_there_is_none(people: People) -> None:
    assert "Receive a lot" in text(people.ana.get("/lots/")).split("No lots yet")[1]
    assert "Receive a lot" not in text(people.dee.get("/lots/"))
    assert "Show all" in text(people.dee.get("/lots/", {"condition": "J"}))


def test_text_is_shown_as_text(people: People, world: World) -> None:
    world.receive("10", supplier_lot=SCRIPT)
    html = people.ana.get("/lots/")
    assert SCRIPT not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "query",
    [
        {"condition": "Z"},
        {"place": "moon"},
        {"order": "price"},
        {"search": "a\u202eb"},
        {"search": "x" * 81},
        {"received_after": "yesterday"},
        {"due_before": "٢٠٢٦-01-01"},
        {"below_target": "maybe"},
        {"element": "Xx"},
    ],
)
def test_what_cannot_be_read_is_said(people: People, world: World, query: dict[str, str]) -> None:
    assert "cannot be narrowed" in people.ana.get("/lots/", query, status=422)
    assert "cannot be narrowed" in people.ana.get("/lots/", query, swap=True, status=422)


def test_a_damaged_cursor_is_refused(people: People, world: World) -> None:
    assert "Start on the first page" in people.ana.get("/lots/", {"cursor": "x"}, status=400)


def test_marks_of_other_apps_stand_beside_the_condition(
    people: People, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = world.stock("10")
    monkeypatch.setattr("inventory.lots.rows._marks", [])
    lots.register_mark(lambda user, rows: {number: lots.Mark("bad", "Below target", "/flags/7/")})
    html = people.dee.get("/lots/")
    assert "Below target" in text(html)
    assert 'href="/flags/7/"' in html


def test_who_may(people: People, world: World) -> None:
    people.closed("/lots/", open_to={"ana", "pia", "dee", "aud"})
    assert people.ana.client.post("/lots/").status_code == 405


def test_what_is_gone_says_so(people: People, world: World) -> None:
    number = world.stock("10")
    ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("10"))
    assert "Nothing left" in text(people.ana.get("/lots/"))


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, world: World) -> None:
    the_same_at_3_and_30(
        "page lots",
        make=lambda more: [world.receive("10") for _ in range(more)],
        read=lambda: people.ana.get("/lots/", swap=True),
    )

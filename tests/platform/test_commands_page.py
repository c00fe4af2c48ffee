"""The audit log."""

import pytest

from inventory import ledger, units
from inventory.ledger.refusals import InsufficientStock
from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.world import World

PAGE = "/audit/"


def refused(world: World) -> None:
    number = world.stock("10")
    with pytest.raises(InsufficientStock):
        ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("11"))


def test_it_shows_who_did_what_to_what_and_when(people: People, world: World) -> None:
    number = world.stock("10")
    shown = text(people.aud.get(PAGE, swap=True))
    assert f"Lot {number} Dee dee 2 Nov 2026 09:00 UTC at once Done" in shown
    assert shown.index("Set condition") < shown.index("Receive")


def test_it_shows_what_was_refused_and_why(people: People, world: World) -> None:
    refused(world)
    shown = text(people.dee.get(PAGE, {"outcome": "refused"}, swap=True))
    assert "Sample" in shown
    assert "10 kg free at ANT-S1" in shown
    assert "Receive" not in shown


def test_it_shows_what_was_asked_and_answered_in_full(people: People, world: World) -> None:
    number = world.receive("12.5", supplier_lot="<script>alert(1)</script>")
    html = people.aud.get(PAGE, {"kind": "inventory.receive"})
    assert "<script>alert" not in html
    assert "&quot;net&quot;: [&quot;12.5&quot;, &quot;kg&quot;]" in html
    assert f"&quot;lot&quot;: &quot;{number}&quot;" in html


@pytest.mark.parametrize(
    ("query", "acts"),
    [
        ({"person": "dee"}, {"Set condition"}),
        ({"kind": "inventory.rec"}, {"Receive"}),
        ({"kind": "inventory.", "person": "ana"}, {"Receive"}),
        ({"since": "2026-11-02", "until": "2026-11-02", "person": "dee"}, {"Set condition"}),
        ({"since": "2026-11-03"}, set()),
        ({"until": "2026-11-01"}, set()),
        ({"site": "ANT", "kind": "inventory.set"}, set()),
    ],
)
def test_it_narrows_as_the_address_says(people: People, world: World, query: dict[str, str], acts: set[str]) -> None:
    world.stock("10")
    shown = text(people.aud.get(PAGE, query, swap=True))
    assert {act for act in ("Receive", "Set condition", "Open site") if act in shown} == acts
    if not acts:
        assert "No attempt matches" in shown


def test_it_pages(people: People, world: World) -> None:
    for _ in range(51):
        world.receive("1")
    first = people.aud.get(PAGE, {"kind": "inventory.receive"})
    onward = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = people.aud.get(PAGE + onward, swap=True)
    assert second.count("<tr>") == 2
    assert 'rel="prev"' in second


@pytest.mark.parametrize(
    "query", [{"outcome": "perhaps"}, {"since": "yesterday"}, {"kind": "a\u202eb"}, {"person": "x" * 65}]
)
def test_what_cannot_be_read_is_said(people: People, query: dict[str, str]) -> None:
    assert "cannot be narrowed" in people.aud.get(PAGE, query, status=422)


def test_a_damaged_cursor_is_refused(people: People, world: World) -> None:
    assert "Start on the first page" in people.aud.get(PAGE, {"cursor": "x"}, status=400)


def test_who_may(people: People) -> None:
    people.closed(PAGE, open_to={"dee", "aud"})
    assert people.dee.client.post(PAGE).status_code == 405


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, world: World) -> None:
    the_same_at_3_and_30(
        "page commands",
        make=lambda more: [world.receive("1") for _ in range(more)],
        read=lambda: people.aud.get(PAGE, swap=True),
    )

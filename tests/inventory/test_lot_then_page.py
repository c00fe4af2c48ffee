"""A lot's page as of another moment."""

from datetime import timedelta

import pytest

from config.ui import figures
from tests.inventory.everything import freeze
from tests.pages import People, text
from tests.world import World


def test_it_shows_the_lot_as_it_was_with_a_way_back_and_no_act(people: People, world: World) -> None:
    number = world.receive("10")
    day = world.now.date()
    world.later(days=3)
    html = people.ana.get(f"/lots/{number}/", {"as_of": day.isoformat()})
    shown = text(html)
    for words in (
        "The past",
        "Back to now",
        "ANT-S1",
        "condition J does not count",
        "Nothing can be done with the past",
    ):
        assert words in shown, words
    assert f'href="/lots/{number}/transfer/"' not in html
    assert f'href="/lots/{number}/"' in html


def test_every_fact_leads_to_its_moment(people: People, world: World) -> None:
    number = world.stock("10")
    html = people.ana.get(f"/lots/{number}/")
    link = html.split("?as_of=")[1].split('"')[0]
    assert "The past" in text(people.ana.get(f"/lots/{number}/?as_of={link}"))
    assert "command" in text(html)


def test_before_its_receipt_it_says_so(people: People, world: World) -> None:
    number = world.receive("10")
    before = (world.now - timedelta(days=2)).date().isoformat()
    assert "The lot was not there yet" in text(people.ana.get(f"/lots/{number}/", {"as_of": before}))
    assert "as it was then known" in text(people.ana.get(f"/lots/{number}/", {"as_known_on": before}))


def test_it_writes_the_moment_as_every_page_does(people: People, world: World) -> None:
    number = world.receive("10")
    world.later(days=1)
    shown = text(
        people.ana.get(f"/lots/{number}/", {"as_of": world.now.isoformat(), "as_known_on": str(world.now.date())})
    )
    assert f"As of {figures.moment(world.now)}, by what had been recorded by {figures.day(world.now.date())}" in shown


@pytest.mark.parametrize(
    "value", ["yesterday", "2026-02-30", "2199-01-01", "0001-01-01", "٢٠٢٦-٠١-٠١", "2026-11-01T99:00Z"]
)
@pytest.mark.parametrize("name", ["as_of", "as_known_on"])
def test_a_moment_that_cannot_be_read_is_said(people: People, world: World, name: str, value: str) -> None:
    number = world.receive("10")
    shown = text(people.ana.get(f"/lots/{number}/", {name: value}, status=422))
    assert "Nothing is shown" in shown


def test_a_foreign_lot_is_as_absent_in_the_past(people: People, world: World) -> None:
    number = world.receive("10")
    for path in (f"/lots/{number}/", "/lots/none/"):
        for value in (world.now.date().isoformat(), "yesterday"):
            assert people.cem.client.get(path, {"as_of": value}).status_code == 404


def test_a_lot_that_was_frozen_says_so_then_and_not_before_or_after(people: People, world: World) -> None:
    number = world.stock("10")
    before = world.now.date()
    world.later(days=1)
    freeze(world, number)
    frozen = world.now.date()
    world.later(days=1)
    freeze(world, number, frozen=False, why="Restored")
    shown = {
        day: "Frozen then" in text(people.dee.get(f"/lots/{number}/", {"as_of": day.isoformat()}))
        for day in (before, frozen, world.now.date())
    }
    assert list(shown.values()) == [False, True, False]
    known = {"as_of": frozen.isoformat(), "as_known_on": before.isoformat()}
    assert "Frozen then" not in text(people.dee.get(f"/lots/{number}/", known))

"""The list of rounds: what is due to be counted, soonest first, and where a variance is open."""

from datetime import timedelta

import pytest

from inventory import ledger, rounds, units
from inventory.models import Balance
from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.world import World


@pytest.fixture
def three(world: World) -> list[str]:
    """Received a month apart at ANT, the last one at BRA; the first one was counted since, and is short."""
    lots = []
    for where, who in (("ANT-S1", "ana"), ("ANT-S2", "ana"), ("BRA-S1", "cem")):
        lots.append(world.stock("10", location=where, who=who))
        world.later(days=30)
    world.later(days=300)
    ledger.count(by=world.by("ana"), lot=lots[0], location="ANT-S1", net=units.enter("9"), seals="none")
    return lots


def shown(world: World, who: str = "aud", **narrow: str) -> list[str]:
    return [row.lot for row in rounds.listing(user=world.people[who], now=world.now, **narrow).rows]  # type: ignore[arg-type]


def test_the_soonest_due_stands_first_and_others_sites_are_absent(world: World, three: list[str]) -> None:
    first, second, third = three
    assert shown(world) == [second, third, first]
    assert shown(world, "ana") == [second, first]
    assert shown(world, "cem") == [third]


def test_it_can_be_narrowed(world: World, three: list[str]) -> None:
    first, second, third = three
    assert shown(world, site="BRA") == [third]
    assert shown(world, location="ANT-S1") == [first]
    assert shown(world, show=rounds.VARIANCE) == [first]
    assert shown(world, show=rounds.DUE_SOON) == [second]
    assert shown(world, show=rounds.OVERDUE) == []
    world.later(days=60)
    assert shown(world, show=rounds.OVERDUE) == [second, third]
    assert [row.overdue for row in rounds.listing(user=world.aud, now=world.now).rows] == [True, True, False]


def test_what_is_not_in_a_store_has_no_round(world: World) -> None:
    world.receive("10", location="ANT-QUAR")
    assert shown(world) == []


@pytest.mark.parametrize("day", range(0, 400, 13))
def test_the_filter_and_the_badge_agree_on_every_day(world: World, day: int) -> None:
    world.stock("10")
    world.now += timedelta(days=day)
    (row,) = rounds.listing(user=world.aud, now=world.now).rows
    assert bool(shown(world, show=rounds.OVERDUE)) is row.overdue


def test_a_balance_without_an_arrival_breaks_no_page(people: People, world: World, three: list[str]) -> None:
    """Only somebody past the ledger leaves one; what differs is looked into on these very pages."""
    Balance.objects.filter(location__code="ANT-S2").update(arrived_at=None)
    assert shown(world) == [three[2], three[0]]
    assert three[1] in people.ana.get(f"/lots/{three[1]}/")


def test_pages_follow_each_other(world: World, three: list[str]) -> None:
    page = rounds.listing(user=world.aud, now=world.now, size=2)
    rest = rounds.listing(user=world.aud, now=world.now, size=2, cursor=page.next)
    assert [row.lot for row in (*page.rows, *rest.rows)] == shown(world)
    assert page.count == 3


def test_the_desk_gets_the_first_few_and_how_many(world: World, three: list[str]) -> None:
    world.later(days=90)
    few = rounds.due(user=world.aud, now=world.now, limit=1)
    assert (len(few), few.of, few.cut) == (1, 2, True)


def test_the_page_offers_the_count_to_who_may(people: People, world: World, three: list[str]) -> None:
    first, second, _third = three
    html = people.ana.get("/rounds/")
    assert f"/lots/{second}/count/?at=ANT-S2" in html
    html = people.aud.get("/rounds/?show=variance")
    assert first in html
    assert "/count/" not in html
    assert "Open" in text(html)


def test_the_warehouses_desk_leads_to_the_count(people: People, world: World, three: list[str]) -> None:
    html = people.ana.get("/")
    assert "Counts due" in html
    assert f"/lots/{three[1]}/count/?at=ANT-S2" in html
    assert three[2] not in html


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, world: World) -> None:
    the_same_at_3_and_30(
        "page rounds",
        make=lambda more: [world.receive("10") for _ in range(more)],
        read=lambda: people.ana.get("/rounds/", swap=True),
    )


def test_it_is_open_to_who_sees_lots(people: People) -> None:
    people.closed("/rounds/", open_to={"ana", "pia", "dee", "aud"})

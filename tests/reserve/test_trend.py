"""The targets at each month's end: the figures of the shortfall of that day, in one statement."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory import ledger
from reserve import shortfall, trend
from tests.reserve.levels import hold
from tests.world import World


def story(world: World) -> date:
    """Targets of three kinds, stock that comes, is disputed, and passes its day."""
    world.now = datetime(2026, 5, 4, 9, tzinfo=UTC)
    hold(world, "100")
    hold(world, "30", site="BRA")
    hold(world, "50", material="ndfeb-block")
    lot = world.stock("90", produced_on=date(2021, 9, 10))
    world.now = datetime(2026, 7, 6, 9, tzinfo=UTC)
    world.stock("80", material="ndfeb-block", produced_on=date(2026, 6, 1))
    world.stock("60", location="BRA-S1", who="cem")
    world.now = datetime(2026, 8, 10, 9, tzinfo=UTC)
    ledger.set_condition(by=world.by("dee"), lot=lot, condition="L", reason="In dispute")
    world.now = datetime(2026, 10, 12, 9, tzinfo=UTC)
    return world.now.date()


def test_each_day_is_what_the_shortfall_of_that_day_says(world: World) -> None:
    today = story(world)
    for point in trend.standings(today=today, count=8):
        rows = shortfall.rows(as_of=point.on, today=today)
        met = sum(not row.short_mg for row in rows)
        covers = [min(row.cover_pct, Decimal(100)) for row in rows]
        mean = sum(covers, Decimal(0)) / len(covers) if covers else Decimal(0)
        assert (point.on, point.targets, point.met) == (point.on, len(rows), met)
        assert abs(point.covered_pct - mean) < Decimal("0.2"), point


def test_it_narrows_to_an_element_a_form_or_a_stage(world: World) -> None:
    today = story(world)
    counts = [
        trend.standings(today=today, count=1, **narrower)[-1].targets
        for narrower in ({}, {"element": "Nd"}, {"form": "block"}, {"stage": "separation"}, {"element": "Pr"})
    ]
    assert counts == [3, 2, 1, 2, 0]


def test_it_says_how_it_was_in_words(world: World) -> None:
    assert trend.sentence([]) == ""
    words = trend.sentence(trend.standings(today=story(world), count=8)).replace("\xa0", " ")
    assert words.startswith("2 of 3 targets are met today")
    assert "on 31 May 2026 it was 0 of 3" in words


def test_a_level_is_that_of_its_day(world: World) -> None:
    today = story(world)
    levels = trend.levels(element="Nd", form="oxide", today=today, count=6)
    assert [mg for _on, mg in levels] == [None, *[100 * 10**6] * 6]


def test_it_asks_twice_however_many_months(world: World) -> None:
    today = story(world)
    with CaptureQueriesContext(connection) as asked:
        trend.standings(today=today)
    assert len(asked) == 2

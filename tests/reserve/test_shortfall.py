"""Position against target."""

from datetime import date, timedelta

import pytest

from inventory import ledger, units
from reserve import flags, shortfall, targets
from reserve.models import Flag
from tests.world import World

TODAY = date(2026, 11, 2)
KG = 10**6


def hold(world: World, *, required_kg: int, **about: object) -> int:
    """A target in force: proposed by Dee, approved by Eve."""
    from config.approvals import requests

    given = targets.TargetIn(
        required_mg=required_kg * KG,
        effective_from=TODAY,
        source="Test",
        **about,  # type: ignore[arg-type]
    )
    answer = targets.propose(by=world.by("dee"), target=given)
    requests.approve(by=world.by("eve"), request_id=answer["request"])
    return int(answer["target"])


def test_it_counts_only_what_is_eligible_and_names_what_each_step_takes(world: World) -> None:
    hold(world, required_kg=1000, material="nd-oxide", basis="net")
    world.stock("100")
    world.receive("200")
    lent = world.stock("300")
    ledger.transfer(by=world.by("ana"), lot=lent, origin="ANT-S1", destination="ANT-LOAN", net=units.enter("50"))
    (row,) = shortfall.rows(as_of=TODAY)
    assert [(step.name, step.left_mg // KG, step.lost_mg // KG) for step in row.waterfall] == [
        ("physical", 600, 0),
        ("in store", 550, 50),
        ("accepted", 350, 200),
        ("in date", 350, 0),
        ("compliant", 350, 0),
        ("free", 350, 0),
    ]
    assert (row.short_mg // KG, str(row.cover_pct)) == (650, "35")


def test_it_counts_nothing_of_unproven_provenance_where_the_target_asks_for_compliant_stock(world: World) -> None:
    hold(world, required_kg=100, material="nd-oxide", basis="net", only_compliant=True)
    world.stock("100")
    (row,) = shortfall.rows(as_of=TODAY)
    assert [(step.name, step.left_mg // KG) for step in row.waterfall][3:] == [
        ("in date", 100),
        ("compliant", 0),
        ("free", 0),
    ]
    assert (row.eligible_mg, row.short_mg // KG) == (0, 100)


def test_it_takes_away_what_lapsed_though_no_job_marked_it(world: World) -> None:
    hold(world, required_kg=100, element="Nd", form="oxide", basis="contained")
    world.stock("100", produced_on=date(2021, 11, 20))
    before, after = (shortfall.rows(as_of=TODAY + timedelta(days=days))[0] for days in (18, 19))
    assert (before.eligible_mg, after.eligible_mg) == (85_306_795, 0)
    assert after.accepted_mg == 85_306_795
    ledger.lapse_retests(now=world.now + timedelta(days=19))
    assert shortfall.rows(as_of=TODAY + timedelta(days=19))[0].accepted_mg == 0


def test_it_gives_a_past_day_from_the_entries(world: World) -> None:
    hold(world, required_kg=100, material="nd-oxide", basis="net")
    world.stock("60")
    world.later(days=3)
    world.stock("60")
    past = shortfall.rows(as_of=TODAY, today=TODAY + timedelta(days=3))[0]
    now = shortfall.rows(as_of=TODAY + timedelta(days=3))[0]
    assert (past.eligible_mg // KG, now.eligible_mg // KG, past.on_order_mg) == (60, 120, None)


def test_the_scan_opens_updates_closes_and_reopens_one_flag(world: World) -> None:
    hold(world, required_kg=100, material="nd-oxide", basis="net")
    first = flags.scan(now=world.now)
    flag = Flag.objects.get()
    assert (first.changed, flag.state, flag.severity, flag.opening["required_mg"]) == (
        1,
        "open",
        "critical",
        "100000000",
    )
    assert flags.scan(now=world.now).changed == 0
    number = world.stock("90")
    flags.scan(now=world.later(minutes=5))
    flag.refresh_from_db()
    assert (flag.severity, flag.eligible_mg // KG, flag.opening["eligible_mg"]) == ("minor", 90, "0")
    world.stock("10")
    flags.scan(now=world.later(minutes=5))
    flag.refresh_from_db()
    assert flag.state == "closed"
    ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("1"))
    flags.scan(now=world.later(minutes=5))
    again = Flag.objects.get()
    assert (again.pk, again.state, again.reopened) == (flag.pk, "open", 1)
    assert [event.act for event in again.events.order_by("id")] == ["opened", "severity", "closed", "reopened"]


@pytest.mark.parametrize(
    ("eligible", "floor"), [(0, None), (49, None), (50, None), (79, 10), (80, 10), (9, 10), (99, 60)]
)
def test_one_rule_of_severity_holds_in_the_scan_and_on_the_page(world: World, eligible: int, floor: int | None) -> None:
    hold(world, required_kg=100, material="nd-oxide", basis="net", floor_mg=floor and floor * KG)
    if eligible:
        world.stock(str(eligible))
    flags.scan(now=world.now)
    assert Flag.objects.get().severity == shortfall.rows(as_of=TODAY)[0].severity

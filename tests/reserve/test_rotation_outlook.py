"""What leaves the eligible figure if nothing is done: only what counts today, until its last day, site by site."""

from datetime import date, timedelta

from config.approvals import requests
from config.audit.commands import Answer, Opened, run
from inventory import ledger, units
from reserve import rotation, shortfall, targets
from reserve.rotation import outlook
from reserve.rotation.outlook import Leaving
from reserve.targets import TargetIn
from tests.reserve.rotation_world import due_lot, elsewhere, policy
from tests.world import World

NEAR, FAR = date(2027, 2, 2), date(2027, 5, 2)
KG = 1_000_000


def ahead(world: World, who: str = "dee") -> list[Leaving]:
    found = outlook.ahead(user=getattr(world, who), today=world.now.date())
    assert (found.near_until, found.far_until) == (NEAR, FAR)
    assert found.far_lots == sum(row.far_lots for row in found.rows)
    return found.rows


def test_a_lot_counts_through_its_last_day(world: World) -> None:
    for day in (NEAR - timedelta(days=1), NEAR, FAR - timedelta(days=1), FAR):
        due_lot(world, day, kg="1")
    (row,) = ahead(world)
    assert (row.eligible_mg, row.near_lots, row.near_mg, row.far_lots, row.far_mg) == (4 * KG, 1, KG, 3, 3 * KG)


def test_it_says_what_the_shortfall_will_say_on_that_day(world: World) -> None:
    for day in (NEAR - timedelta(days=1), NEAR, FAR - timedelta(days=1), FAR):
        due_lot(world, day, kg="1")
    given = TargetIn(
        basis="net", material="nd-oxide", required_mg=9 * KG, effective_from=world.now.date(), source="Test"
    )
    request = targets.propose(by=world.by("dee"), target=given)["request"]
    requests.approve(by=world.by("eve"), request_id=request)
    (row,) = ahead(world)
    today, near, far = (shortfall.rows(as_of=day)[0].eligible_mg for day in (world.now.date(), NEAR, FAR))
    assert (today, today - near, today - far) == (row.eligible_mg, row.near_mg, row.far_mg)


def test_what_does_not_count_today_cannot_leave(world: World) -> None:
    world.receive("1", produced_on=date(2022, 1, 20))
    ledger.set_condition(by=world.by("ben"), lot=due_lot(world), condition="L", reason="Disputed")
    moved = due_lot(world, kg="5")
    ledger.transfer(
        by=world.by("ana"),
        lot=moved,
        origin="ANT-S1",
        destination="ANT-QUAR",
        net=units.enter("2"),
        reason="Leaking drums",
    )
    (row,) = ahead(world)
    assert (row.far_lots, row.far_mg) == (1, 3 * KG)


def test_what_is_allocated_is_not_free_to_leave(world: World) -> None:
    lot = due_lot(world, kg="5")

    def act(opened: Opened) -> Answer:
        return ledger.allocate(opened=opened, lot=lot, location="ANT-S1", delta_mg=2 * KG, reason="For an alloy maker")

    run(world.by("dee"), kind="test.allocate", request={}, act=act)
    (row,) = ahead(world)
    assert (row.eligible_mg, row.near_mg) == (3 * KG, 3 * KG)


def test_what_lapsed_and_no_job_has_marked_is_gone_already(world: World) -> None:
    due_lot(world, date(2026, 11, 10), kg="1")
    due_lot(world, NEAR, kg="1")
    world.now += timedelta(days=9)
    found = outlook.ahead(user=world.dee, today=world.now.date())
    assert [(row.eligible_mg, row.far_lots) for row in found.rows] == [(KG, 1)]


def test_each_sees_their_own_sites(world: World) -> None:
    due_lot(world, kg="1")
    elsewhere(world)
    assert [[row.eligible_mg for row in ahead(world, who)] for who in ("ana", "cem", "dee")] == [
        [KG],
        [10 * KG],
        [11 * KG],
    ]
    assert ahead(world, "adm") == []


def test_it_counts_what_nobody_is_asked_to_test(world: World) -> None:
    due_lot(world, kg="1")
    world.stock("1", material="ndfeb-block", produced_on=date(2024, 8, 1))
    policy(world)
    rotation.plan(now=world.now)
    due_lot(world, kg="1")
    found = {row.material: (row.unplanned, row.has_policy) for row in ahead(world)}
    assert found == {"nd-oxide": (1, True), "ndfeb-block": (1, False)}

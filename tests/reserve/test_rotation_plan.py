"""Planning: which rows the schedule has after lots, policies and retests have changed, and that a second run changes nothing."""

from datetime import date, timedelta

import pytest

from config.approvals import requests
from inventory import ledger, units
from inventory.models import Lot
from reserve import rotation
from reserve.models import Rotation, RotationPolicy
from tests.reserve.rotation_world import due_lot, policy
from tests.world import World

DUE = date(2027, 1, 20)


def planned(world: World) -> list[tuple[date, str, str]]:
    """Plan, prove that planning again changes nothing, and give the rows: due date, state, result."""
    rotation.plan(now=world.now)
    assert rotation.plan(now=world.now).changed == 0
    return list(Rotation.objects.order_by("id").values_list("due_on", "state", "result"))


def test_a_retest_that_failed_before_the_window_opened_leaves_nothing_to_do(world: World) -> None:
    policy(world, ahead=1)
    number = due_lot(world)
    assert planned(world) == []
    ledger.retest(by=world.by("ana"), lot=number, performed_on=world.now.date(), passed=False)
    world.later(days=60)
    assert planned(world) == []


def test_a_lot_accepted_again_after_it_failed_is_due_again(world: World) -> None:
    policy(world)
    number = due_lot(world)
    planned(world)
    ledger.retest(by=world.by("ana"), lot=number, performed_on=world.now.date(), passed=False)
    assert planned(world) == [(DUE, "done", "Failed on 2026-11-02: suspended")]
    ledger.set_condition(by=world.by("ben"), lot=number, condition="C", reason="The laboratory withdrew its finding")
    assert planned(world) == [(DUE, "planned", "")]
    ledger.retest(by=world.by("ana"), lot=number, performed_on=world.now.date(), passed=True)
    assert planned(world) == [(DUE, "done", "Passed on 2026-11-02, next due 2031-11-02")]


def test_a_retest_that_keeps_the_date_leaves_the_lot_due(world: World) -> None:
    policy(world)
    number = due_lot(world)
    planned(world)
    ledger.retest(by=world.by("ana"), lot=number, performed_on=world.now.date(), passed=True, next_due_on=DUE)
    assert planned(world) == [(DUE, "planned", "")]


def test_a_retest_that_brings_the_date_forward_makes_a_row_for_it(world: World) -> None:
    policy(world)
    number = due_lot(world)
    planned(world)
    sooner = date(2026, 12, 20)
    ledger.retest(by=world.by("ana"), lot=number, performed_on=world.now.date(), passed=True, next_due_on=sooner)
    done = "Passed on 2026-11-02, next due 2026-12-20"
    assert planned(world) == [(DUE, "done", done), (sooner, "planned", "")]


def test_a_condemned_lot_needs_no_retest(world: World) -> None:
    policy(world)
    number = due_lot(world)
    planned(world)
    ledger.set_condition(by=world.by("ben"), lot=number, condition="H", reason="Contaminated")
    assert planned(world) == [(DUE, "dropped", "The lot is condemned")]
    ledger.set_condition(by=world.by("ben"), lot=number, condition="D", reason="Can be cleaned")
    assert planned(world) == [(DUE, "planned", "")]


def test_a_lot_that_is_no_longer_held_needs_nothing(world: World) -> None:
    policy(world)
    number = due_lot(world)
    planned(world)
    issue(world, number)
    assert planned(world) == [(DUE, "dropped", "The lot is no longer held")]


def test_a_lot_to_be_replaced_is_done_when_it_has_left(world: World) -> None:
    policy(world, "ndfeb-block", "expiry", "replace")
    number = world.stock("10", material="ndfeb-block", produced_on=date(2024, 8, 1))
    assert planned(world) == [(date(2027, 2, 1), "planned", "")]
    issue(world, number)
    assert planned(world) == [(date(2027, 2, 1), "done", "The lot has left the reserve")]


def issue(world: World, number: str) -> None:
    """Issue the whole lot: asked for at its site, agreed to by two managers."""
    asked = ledger.ask_issue(
        by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("10"), reason="To the alloy maker"
    )
    for manager in ("dee", "eve"):
        requests.approve(by=world.by(manager), request_id=asked["request"])


def test_an_ended_policy_takes_its_open_rows_along(world: World) -> None:
    first = policy(world)
    due_lot(world)
    planned(world)
    ended = rotation.end_policy(by=world.by("dee"), policy_id=first, reason="A better method")
    assert planned(world) == [(DUE, "planned", "")]
    requests.approve(by=world.by("eve"), request_id=ended["request"])
    assert planned(world) == [(DUE, "dropped", "The policy was ended")]
    second = policy(world, method="inspect", ahead=6)
    assert planned(world) == [(DUE, "planned", "")]
    row = Rotation.objects.get()
    assert (row.policy_id, row.method, row.window_from) == (second, "inspect", date(2026, 7, 20))


def test_rows_follow_a_policy_that_took_the_place_of_theirs_between_two_runs(world: World) -> None:
    first = policy(world)
    due_lot(world)
    planned(world)
    rotation.start(by=world.by("ben"), rotation_id=Rotation.objects.get().pk)
    ended = rotation.end_policy(by=world.by("dee"), policy_id=first, reason="A better method")
    requests.approve(by=world.by("eve"), request_id=ended["request"])
    second = policy(world, method="inspect", ahead=6)
    assert planned(world) == [(DUE, "in work", "")]
    assert Rotation.objects.values_list("policy_id", "method").get() == (second, "inspect")


def test_a_shorter_look_ahead_takes_back_what_is_not_due_yet(world: World) -> None:
    first = policy(world)
    due_lot(world)
    planned(world)
    ended = rotation.end_policy(by=world.by("dee"), policy_id=first, reason="Too early")
    requests.approve(by=world.by("eve"), request_id=ended["request"])
    policy(world, ahead=1)
    assert planned(world) == [(DUE, "dropped", "Not due yet")]
    world.later(days=60)
    assert planned(world) == [(DUE, "planned", "")]


def test_a_suspended_lot_is_still_due(world: World) -> None:
    policy(world)
    world.receive("10", produced_on=date(2022, 1, 20))
    assert planned(world) == [(DUE, "planned", "")]


def test_a_child_lot_gets_a_row_of_its_own(world: World) -> None:
    policy(world)
    number = due_lot(world)
    ledger.split(by=world.by("ana"), lot=number, location="ANT-S1", parts=[units.enter("4")])
    assert [state for _, state, _ in planned(world)] == ["planned", "planned"]


def test_it_can_look_at_some_lots_only(world: World) -> None:
    policy(world)
    first, second = due_lot(world), due_lot(world)
    only = Lot.objects.get(number=second).pk
    counts = rotation.plan(now=world.now, lots=[only])
    assert (counts.seen, counts.changed) == (1, 1)
    assert Rotation.objects.get().lot_id == only
    assert rotation.plan(now=world.now).changed == 1
    assert Rotation.objects.filter(lot__number=first).exists()


def test_a_late_row_says_so_and_keeps_who_works_on_it(world: World) -> None:
    policy(world)
    due_lot(world)
    planned(world)
    row = Rotation.objects.get()
    rotation.start(by=world.by("ben"), rotation_id=row.pk)
    world.later(days=80)
    assert planned(world) == [(DUE, "overdue", "")]
    row.refresh_from_db()
    assert row.started_by == world.ben


def test_the_last_day_is_not_late(world: World) -> None:
    policy(world)
    due_lot(world)
    world.later(days=(DUE - world.now.date()).days)
    assert planned(world) == [(DUE, "planned", "")]
    world.later(days=1)
    assert planned(world) == [(DUE, "overdue", "")]


def test_a_pending_policy_plans_nothing(world: World) -> None:
    rotation.propose_policy(
        by=world.by("dee"), material="nd-oxide", driver="retest", method="retest", ahead_months=9, source="DoDM"
    )
    due_lot(world)
    assert planned(world) == []
    assert RotationPolicy.objects.get().approved_at is None


@pytest.mark.parametrize(("ahead", "rows"), [(2, 0), (3, 1)])
def test_the_window_opens_so_many_months_ahead(world: World, ahead: int, rows: int) -> None:
    policy(world, ahead=ahead)
    due_lot(world)
    assert world.now.date() + timedelta(days=79) == DUE
    assert len(planned(world)) == rows

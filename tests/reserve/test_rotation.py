"""The rotation schedule: planning, working on it, and what a missed date does."""

from datetime import date, timedelta

import pytest

from config.accounts.matrix import NotAllowed
from config.approvals import requests
from inventory import ledger
from inventory.models import Lot, Retest
from reserve import rotation
from reserve.models import Rotation
from reserve.rotation.acts import RotationFinished
from reserve.rotation.policies import PolicyExists
from reserve.rotation.reads import RotationNotFound
from tests.world import World


def policy(world: World, material: str = "nd-oxide", ahead: int = 9) -> None:
    answer = rotation.propose_policy(
        by=world.by("dee"),
        material=material,
        driver="retest",
        method="retest",
        ahead_months=ahead,
        source="DoDM 4140.27",
    )
    requests.approve(by=world.by("eve"), request_id=answer["request"])


def test_it_plans_what_falls_into_the_window_once(world: World) -> None:
    policy(world)
    soon = world.stock("10", produced_on=date(2022, 1, 20))
    world.stock("10", produced_on=date(2026, 1, 20))
    first = rotation.plan(now=world.now)
    assert (first.seen, first.changed) == (1, 1)
    row = Rotation.objects.get()
    assert (row.lot.number, row.due_on, row.window_from, row.state) == (
        soon,
        date(2027, 1, 20),
        date(2026, 4, 20),
        "planned",
    )
    assert rotation.plan(now=world.now).changed == 0


def test_it_needs_an_approved_policy(world: World) -> None:
    rotation.propose_policy(
        by=world.by("dee"), material="nd-oxide", driver="retest", method="retest", ahead_months=9, source="DoDM"
    )
    world.stock("10", produced_on=date(2022, 1, 20))
    assert rotation.plan(now=world.now).changed == 0
    with pytest.raises(PolicyExists):
        policy(world)
    with pytest.raises(NotAllowed):
        rotation.propose_policy(
            by=world.by("aud"), material="ndpr-oxide", driver="retest", method="retest", ahead_months=9, source="x"
        )


def test_a_recorded_retest_moves_the_date_keeps_the_old_one_and_finishes_the_row(world: World) -> None:
    policy(world)
    number = world.stock("10", produced_on=date(2022, 1, 20))
    rotation.plan(now=world.now)
    row = Rotation.objects.get()
    rotation.start(by=world.by("ben"), rotation_id=row.pk)
    answer = rotation.record_retest(
        by=world.by("ben"), rotation_id=row.pk, performed_on=world.now.date(), passed=True, lab="Lab A"
    )
    lot, retest = Lot.objects.get(number=number), Retest.objects.get()
    assert lot.retest_due_on == date(2031, 11, 2)
    assert (retest.previous_due_on, retest.next_due_on) == (date(2027, 1, 20), date(2031, 11, 2))
    row.refresh_from_db()
    assert (row.state, row.retest_id, answer["state"]) == ("done", retest.pk, "done")
    with pytest.raises(RotationFinished):
        rotation.start(by=world.by("ben"), rotation_id=row.pk)


def test_a_missed_date_is_overdue_and_the_lot_suspended(world: World) -> None:
    policy(world)
    number = world.stock("10", produced_on=date(2022, 1, 20))
    rotation.plan(now=world.now)
    late = world.now + timedelta(days=80)
    ledger.lapse_retests(now=late)
    rotation.plan(now=late)
    assert Rotation.objects.get().state == "overdue"
    assert Lot.objects.get(number=number).condition == "J"


def test_a_retest_recorded_on_the_lot_itself_finishes_the_row_too(world: World) -> None:
    policy(world)
    number = world.stock("10", produced_on=date(2022, 1, 20))
    rotation.plan(now=world.now)
    ledger.retest(by=world.by("ana"), lot=number, performed_on=world.now.date(), passed=False, note="Moist")
    assert rotation.plan(now=world.now).changed == 1
    row = Rotation.objects.get()
    assert (row.state, row.result) == ("done", "Failed on 2026-11-02: suspended")


def test_the_schedule_shows_a_site_only_its_own(world: World) -> None:
    policy(world)
    world.stock("10", produced_on=date(2022, 1, 20))
    rotation.plan(now=world.now)
    row = Rotation.objects.get()
    assert [
        len(rotation.rows(user=getattr(world, who), today=world.now.date()).rows)
        for who in ("ana", "cem", "dee", "adm")
    ] == [1, 0, 1, 0]
    with pytest.raises(RotationNotFound):
        rotation.start(by=world.by("cem"), rotation_id=row.pk)

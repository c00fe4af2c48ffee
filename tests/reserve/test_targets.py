"""Targets: proposed by procurement or a manager, in force once a manager who did not propose it agrees."""

import pytest

from config.accounts.matrix import NotAllowed
from config.accounts.ties import OwnRequest
from config.approvals import requests
from inventory.units import enter
from reserve import flags, rotation, shortfall, targets
from reserve.models import Flag
from tests.world import World


def _target(world: World) -> targets.TargetIn:
    return targets.TargetIn(
        material="nd-oxide",
        basis="net",
        required_mg=enter("100").mg,
        effective_from=world.now.date(),
        source="Plan",
    )


def test_procurement_proposes_and_a_manager_agrees(world: World) -> None:
    answer = targets.propose(by=world.by("pia"), target=_target(world))
    assert not shortfall.rows(as_of=world.now.date())
    with pytest.raises(NotAllowed):
        requests.approve(by=world.by("pia"), request_id=answer["request"])
    requests.approve(by=world.by("dee"), request_id=answer["request"])
    assert [row.target for row in shortfall.rows(as_of=world.now.date())] == [answer["target"]]


def test_a_manager_never_agrees_to_their_own(world: World) -> None:
    answer = targets.propose(by=world.by("dee"), target=_target(world))
    with pytest.raises(OwnRequest):
        requests.approve(by=world.by("dee"), request_id=answer["request"])


def test_procurement_proposes_a_rotation_policy_and_a_manager_agrees(world: World) -> None:
    answer = rotation.propose_policy(
        by=world.by("pia"), material="nd-oxide", driver="retest", method="retest", ahead_months=9, source="DoDM 4140.27"
    )
    with pytest.raises(NotAllowed):
        requests.approve(by=world.by("pia"), request_id=answer["request"])
    assert requests.approve(by=world.by("dee"), request_id=answer["request"])["state"] == "approved"


def test_a_change_leaves_the_old_level_to_the_days_that_had_it(world: World) -> None:
    answer = targets.propose(by=world.by("pia"), target=_target(world))
    requests.approve(by=world.by("dee"), request_id=answer["request"])
    yesterday = world.now.date()
    flags.scan(now=world.now)
    today = world.later(days=1).date()
    asked = targets.change(
        by=world.by("dee"), target_id=answer["target"], version=1, required_mg=enter("250").mg, reason="New plan"
    )
    requests.approve(by=world.by("eve"), request_id=asked["request"])
    flags.scan(now=world.now)
    past, now = (shortfall.rows(as_of=day, today=today) for day in (yesterday, today))
    assert [row.required_mg for row in past] == [enter("100").mg]
    assert [(row.required_mg, row.target) for row in now] == [(enter("250").mg, answer["target"])]
    assert Flag.objects.get().state == "open"

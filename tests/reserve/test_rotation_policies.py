"""Policies: proposed by one manager, in force by another's word, ended the same way."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.accounts import ties
from config.accounts.matrix import NotAllowed
from config.approvals import requests
from config.audit.edge import BadText
from config.jobs.models import Outbox
from reserve import rotation
from reserve.models import RotationPolicy
from reserve.rotation import policies
from reserve.rotation.policies import BadPolicy, PolicyExists, PolicyNotFound, PolicyNotInForce
from tests.counting import the_same_at_3_and_30
from tests.reserve.rotation_world import due_lot, policies_of, policy
from tests.world import World


def propose(world: World, who: str = "dee", **given: object) -> dict[str, int]:
    facts = {
        "material": "nd-oxide",
        "driver": "retest",
        "method": "retest",
        "ahead_months": 9,
        "source": "DoDM 4140.27",
    }
    return rotation.propose_policy(by=world.by(who), **(facts | given))  # type: ignore[arg-type]


def test_it_is_in_force_once_a_second_manager_agrees(world: World) -> None:
    asked = propose(world)
    (row,) = policies.listing(user=world.aud)
    assert (row.state, row.request, row.proposed_by) == ("pending", asked["request"], "Dee")
    with pytest.raises(ties.OwnRequest):
        requests.approve(by=world.by("dee"), request_id=asked["request"])
    requests.approve(by=world.by("eve"), request_id=asked["request"])
    (row,) = policies.listing(user=world.pia)
    assert (row.state, row.request, row.approved_by, row.approved_at) == ("in force", None, "Eve", world.now)
    assert Outbox.objects.filter(topic="reserve.policies").count() == 1


@pytest.mark.parametrize("decide", ["refuse", "withdraw"])
def test_a_proposal_that_came_to_nothing_makes_room_for_another(world: World, decide: str) -> None:
    asked = propose(world)
    with pytest.raises(PolicyExists):
        propose(world)
    if decide == "refuse":
        requests.refuse(by=world.by("eve"), request_id=asked["request"], note="Too early")
    else:
        requests.withdraw(by=world.by("dee"), request_id=asked["request"])
    assert policies.listing(user=world.dee) == []
    assert [row.state for row in policies.listing(user=world.dee, ended=True)] == ["ended"]
    propose(world)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"material": "gold"}, "material"),
        ({"driver": "whim"}, "driver"),
        ({"method": "hope"}, "method"),
        ({"driver": "expiry", "method": "retest"}, "method"),
        ({"driver": "expiry", "method": "inspect"}, "method"),
        ({"ahead_months": 0}, "ahead_months"),
        ({"ahead_months": 37}, "ahead_months"),
    ],
)
def test_it_refuses_what_cannot_be_worked_by(world: World, given: dict[str, Any], field: str) -> None:
    with pytest.raises(BadPolicy) as refused:
        propose(world, **given)
    assert refused.value.field == field
    assert not RotationPolicy.objects.exists()


@pytest.mark.parametrize("source", ["", "  ", "\x00", "x" * 301])
def test_it_needs_a_source(world: World, source: str) -> None:
    with pytest.raises(BadText):
        propose(world, source=source)


@pytest.mark.parametrize("who", ["ana", "aud", "adm"])
def test_only_managers_and_procurement_write_policies(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        propose(world, who)
    first = policy(world)
    with pytest.raises(NotAllowed):
        rotation.end_policy(by=world.by(who), policy_id=first, reason="No")


@pytest.mark.parametrize("who", ["ana", "adm"])
def test_who_may_not_read_them(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        policies.listing(user=getattr(world, who))


def test_ending_takes_two_and_once(world: World) -> None:
    first = policy(world)
    due_lot(world)
    rotation.plan(now=world.now)
    asked = rotation.end_policy(by=world.by("eve"), policy_id=first, reason="A better method")
    (row,) = policies.listing(user=world.dee)
    assert (row.state, row.request, row.open_rows) == ("to be ended", asked["request"], 1)
    with pytest.raises(PolicyNotInForce, match="already to be ended"):
        rotation.end_policy(by=world.by("dee"), policy_id=first, reason="Again")
    requests.approve(by=world.by("dee"), request_id=asked["request"])
    with pytest.raises(PolicyNotInForce, match="ended"):
        rotation.end_policy(by=world.by("dee"), policy_id=first, reason="Again")


def test_what_is_not_in_force_cannot_be_ended(world: World) -> None:
    pending = propose(world)
    with pytest.raises(PolicyNotInForce, match="pending"):
        rotation.end_policy(by=world.by("dee"), policy_id=pending["policy"], reason="No")
    with pytest.raises(PolicyNotFound):
        rotation.end_policy(by=world.by("dee"), policy_id=999_999, reason="No")


def test_an_end_that_is_refused_leaves_it_in_force(world: World) -> None:
    first = policy(world)
    asked = rotation.end_policy(by=world.by("dee"), policy_id=first, reason="No")
    requests.refuse(by=world.by("eve"), request_id=asked["request"], note="Keep it")
    assert [row.state for row in policies.listing(user=world.dee)] == ["in force"]


def test_the_database_holds_it_too(world: World) -> None:
    first = RotationPolicy.objects.get(pk=policy(world))
    for change in ({"approved_by": world.dee}, {"ahead_months": 0}, {"ahead_months": 37}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RotationPolicy.objects.filter(pk=first.pk).update(**change)
    first.pk = None
    with pytest.raises(IntegrityError, match="rotation_policy_one_per_material_and_driver"), transaction.atomic():
        first.save(force_insert=True)


def test_the_list_asks_the_same_number_of_queries_at_3_and_at_30(world: World) -> None:
    the_same_at_3_and_30(
        "reserve.rotation.policies",
        make=lambda more: policies_of(world, more),
        read=lambda: policies.listing(user=world.dee),
    )

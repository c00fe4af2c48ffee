"""Asking for an issue, and making it when two managers agree."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.accounts import ties
from config.accounts.matrix import NotAllowed
from config.approvals import requests
from config.approvals.models import Decision, Request
from config.audit import commands, edge
from inventory import ledger, units
from inventory.ledger import refusals
from inventory.models import Balance, Movement, Position
from tests.inventory.everything import allocate, freeze
from tests.inventory.proof import found, once, refused
from tests.world import World


def ask(world: World, lot: str, kg: str = "4", who: str = "pia", **given: Any) -> int:
    asked = {"origin": "ANT-S1", "reason": "Ordered", **given}
    return int(ledger.ask_issue(by=world.by(who), lot=lot, net=units.enter(kg), **asked)["request"])


def agree(world: World, request: int, who: str) -> Any:
    return requests.approve(by=world.by(who), request_id=request)


def test_it_is_made_when_two_managers_agree(world: World) -> None:
    lot = world.stock("10")
    request = ask(world, lot)
    first = agree(world, request, "dee")
    assert (first["state"], first["agreed"], first["needed"]) == ("pending", 1, 2)
    assert Balance.objects.get().net_mg == 10_000_000
    answer = once(requests.approve, by=world.by("eve"), request_id=request)
    movement = Movement.objects.get(kind="issue")
    assert (answer["state"], answer["result"]["movement"]) == ("approved", movement.pk)
    assert (movement.destination.code, movement.net_mg, movement.actor) == ("ANT-CONS", 4_000_000, world.eve)
    assert Balance.objects.get().net_mg == 6_000_000
    assert Position.objects.get(condition="A").net_mg == 6_000_000
    assert found() == []


def test_one_manager_is_not_two(world: World) -> None:
    request = ask(world, world.stock("10"))
    agree(world, request, "dee")
    with refused(ties.AlreadyDecided):
        agree(world, request, "dee")
    assert Decision.objects.count() == 1


def test_a_manager_who_asks_is_neither_of_the_two(world: World) -> None:
    request = ask(world, world.stock("10"), who="dee")
    with refused(ties.OwnRequest):
        agree(world, request, "dee")
    agree(world, request, "eve")
    assert Request.objects.get().state == "pending"


def test_one_refusal_ends_it(world: World) -> None:
    request = ask(world, world.stock("10"))
    agree(world, request, "dee")
    requests.refuse(by=world.by("eve"), request_id=request, note="Not now")
    assert Request.objects.get().state == "refused"
    assert not Movement.objects.filter(kind="issue").exists()
    assert found() == []


def test_the_door_alone_issues_nothing_without_agreement(world: World) -> None:
    """Round the requests, inside some other command: the database asks for the two managers."""
    lot = world.stock("10")

    def act(opened: commands.Opened) -> commands.Answer:
        return ledger.issue(opened=opened, lot=lot, origin="ANT-S1", net=units.enter("1"), reason="Try")

    with pytest.raises(IntegrityError, match="two_people_agreed"), transaction.atomic():
        commands.run(world.by("dee"), kind="test.issue", request={}, act=act)
    assert Balance.objects.get().net_mg == 10_000_000


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"kg": "10.000001"}, refusals.InsufficientStock),
        ({"origin": "ANT-S2"}, refusals.InsufficientStock),
        ({"origin": "ANT-QUAR"}, refusals.WrongPlace),
        ({"origin": "ANT-TO-BRA"}, refusals.WrongPlace),
        ({"origin": "NO-SUCH"}, refusals.LocationNotFound),
        ({"lot": "RE-99-1"}, refusals.LotNotFound),
        ({"who": "cem"}, refusals.LotNotFound),
        ({"who": "aud"}, NotAllowed),
        ({"who": "adm"}, NotAllowed),
        ({"reason": ""}, edge.BadText),
    ],
)
def test_it_refuses_to_ask(world: World, given: dict[str, Any], refusal: type[Any]) -> None:
    lot = world.stock("10")
    with refused(refusal):
        ask(world, **{"lot": lot, **given})


def test_it_refuses_to_ask_for_what_is_allocated(world: World) -> None:
    lot = world.stock("10")
    allocate(world, lot, 7_000_000)
    with refused(refusals.InsufficientStock, free_kg="3"):
        ask(world, lot)


def test_what_is_gone_when_the_second_agrees_leaves_the_first_word_standing(world: World) -> None:
    lot = world.stock("10")
    request = ask(world, lot, "9")
    agree(world, request, "dee")
    ledger.sample(by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("2"))
    with refused(refusals.InsufficientStock):
        agree(world, request, "eve")
    assert (Request.objects.get().state, Decision.objects.count()) == ("pending", 1)


def test_it_refuses_a_frozen_lot(world: World) -> None:
    lot = world.stock("10")
    request = ask(world, lot)
    agree(world, request, "dee")
    freeze(world, lot)
    with refused(refusals.Frozen):
        agree(world, request, "eve")
    with refused(refusals.Frozen):
        ask(world, lot)

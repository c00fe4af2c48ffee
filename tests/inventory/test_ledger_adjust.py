"""Asking for an adjustment, and making it when another person agrees."""

from datetime import timedelta
from typing import Any

import pytest

from config.accounts import ties
from config.accounts.matrix import NotAllowed
from config.approvals import requests
from config.approvals.models import Decision, Request
from config.audit import edge
from config.audit.refused import Stale
from inventory import ledger, units
from inventory.ledger import refusals
from inventory.models import Balance, Movement, Position
from tests.inventory.everything import allocate, freeze
from tests.inventory.proof import found, once, refused
from tests.world import World


def ask(world: World, lot: str, kg: str = "2", who: str = "ana", **given: Any) -> int:
    asked = {"location": "ANT-S1", "gain": False, "reason": "Scale was off", **given}
    return int(ledger.ask_adjust(by=world.by(who), lot=lot, net=units.enter(kg), **asked)["request"])


def agree(world: World, request: int, who: str = "dee") -> Any:
    return requests.approve(by=world.by(who), request_id=request)


def net_mg(lot: str) -> int:
    return Balance.objects.get(lot__number=lot, location__code="ANT-S1").net_mg


@pytest.mark.parametrize(("gain", "held", "outside"), [(True, 12_000_000, "ANT-GAIN"), (False, 8_000_000, "ANT-LOSS")])
def test_it_is_made_when_another_person_agrees(world: World, gain: bool, held: int, outside: str) -> None:
    lot = world.stock("10")
    request = ask(world, lot, gain=gain)
    assert net_mg(lot) == 10_000_000
    answer = once(requests.approve, by=world.by("dee"), request_id=request)
    assert net_mg(lot) == held
    movement = Movement.objects.get(kind="adjust")
    assert outside in (movement.origin.code, movement.destination.code)
    assert (movement.pk, movement.actor) == (answer["result"]["movement"], world.dee)
    assert movement.reason == "Scale was off"
    assert Request.objects.get().state == "approved"
    assert Position.objects.get(condition="A").net_mg == held
    assert found() == []


def test_it_bears_the_moment_of_asking_unless_another_is_given(world: World) -> None:
    lot = world.stock("10")
    first, second = ask(world, lot), ask(world, lot, occurred_at=world.now - timedelta(0))
    asked_at = world.now
    world.later(days=2)
    for request in (first, second):
        agree(world, request)
    assert set(Movement.objects.filter(kind="adjust").values_list("occurred_at", flat=True)) == {asked_at}
    assert found() == []


def test_what_was_entered_is_what_is_done(world: World) -> None:
    """The milligrams that were agreed to, in whatever unit; also one that this material could not be entered in anew."""
    lot = world.stock("1000")
    request = ledger.ask_adjust(
        by=world.by("ana"),
        lot=lot,
        location="ANT-S1",
        net=units.enter("1", "flask", element_symbols=("Hg",)),
        gain=False,
        reason="Spilt",
    )["request"]
    agree(world, request)
    movement = Movement.objects.get(kind="adjust")
    assert (movement.net_mg, movement.entered_unit) == (34_473_020, "flask")


def test_a_refused_one_is_never_made(world: World) -> None:
    lot = world.stock("10")
    request = ask(world, lot)
    requests.refuse(by=world.by("dee"), request_id=request, note="Weigh again")
    with refused(requests.AlreadySettled):
        agree(world, request, who="eve")
    assert net_mg(lot) == 10_000_000


# ---- refused when asked ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"kg": "10.000001"}, refusals.InsufficientStock),
        ({"location": "ANT-S2"}, refusals.InsufficientStock),
        ({"location": "BRA-S1"}, refusals.LocationNotFound),
        ({"location": "ANT-GAIN"}, refusals.WrongPlace),
        ({"lot": "RE-99-1"}, refusals.LotNotFound),
        ({"who": "cem"}, refusals.LotNotFound),
        ({"who": "pia"}, NotAllowed),
        ({"who": "aud"}, NotAllowed),
        ({"reason": ""}, edge.BadText),
        ({"reason": "  "}, edge.BadText),
        ({"reason": "a\x00b"}, edge.BadText),
        ({"seen_seq": 1}, Stale),
    ],
)
def test_it_refuses_to_ask(world: World, given: dict[str, Any], refusal: type[Any]) -> None:
    lot = world.stock("10")
    with refused(refusal):
        ask(world, **{"lot": lot, **given})


@pytest.mark.parametrize("gain", [True, False])
@pytest.mark.parametrize(
    ("ahead", "refusal"),
    [(timedelta(minutes=6), edge.InTheFuture), (-timedelta(microseconds=1), refusals.BeforeReceipt)],
)
def test_it_refuses_to_ask_for_a_moment_out_of_bounds(
    world: World, ahead: timedelta, refusal: type[Any], gain: bool
) -> None:
    lot = world.stock("10")
    with refused(refusal):
        ask(world, lot, gain=gain, occurred_at=world.now + ahead)


def test_it_refuses_to_ask_for_what_is_allocated(world: World) -> None:
    lot = world.stock("10")
    allocate(world, lot, 9_000_000)
    with refused(refusals.InsufficientStock):
        ask(world, lot)


def test_it_refuses_to_ask_for_a_frozen_lot(world: World) -> None:
    lot = world.stock("10")
    freeze(world, lot)
    with refused(refusals.Frozen):
        ask(world, lot)


# ---- refused when agreed to ------------------------------------------------------------------------------------------


def test_it_refuses_ones_own_request(world: World) -> None:
    lot = world.stock("10")
    request = ask(world, lot, who="dee")
    with refused(ties.OwnRequest):
        agree(world, request, who="dee")


def test_it_refuses_ones_own_request_in_whatever_role_one_has_come_to(world: World) -> None:
    lot = world.stock("10")
    request = ask(world, lot)
    world.ana.roles = ["warehouse", "manager"]
    world.ana.save()
    with refused(ties.OwnRequest):
        agree(world, request, who="ana")


@pytest.mark.parametrize("who", ["ben", "pia", "aud", "adm"])
def test_it_refuses_the_agreement_of_other_roles(world: World, who: str) -> None:
    lot = world.stock("10")
    request = ask(world, lot)
    with pytest.raises((NotAllowed, requests.RequestNotFound)):
        agree(world, request, who=who)
    assert net_mg(lot) == 10_000_000
    assert not Decision.objects.exists()


def test_a_request_that_cannot_be_done_any_more_stays_open(world: World) -> None:
    lot = world.stock("10")
    request = ask(world, lot, "9")
    ledger.sample(by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("2"))
    with refused(refusals.InsufficientStock, free_kg="8"):
        agree(world, request)
    assert (Request.objects.get().state, Decision.objects.count()) == ("pending", 0)


def test_a_request_dated_where_a_later_day_would_be_negative_stays_open(world: World) -> None:
    lot = world.stock("10", at=world.now - timedelta(days=9))
    at = world.now - timedelta(days=5)
    ledger.transfer(
        by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-S2", net=units.enter("9"), occurred_at=at
    )
    world.later(hours=1)
    ledger.transfer(by=world.by("ana"), lot=lot, origin="ANT-S2", destination="ANT-S1", net=units.enter("9"))
    request = ask(world, lot, occurred_at=at - timedelta(days=1))
    with refused(refusals.NegativeOnADay, location="ANT-S1"):
        agree(world, request)
    assert Request.objects.get().state == "pending"


def test_it_refuses_an_adjustment_of_a_lot_that_was_frozen_meanwhile(world: World) -> None:
    lot = world.stock("10")
    request = ask(world, lot)
    freeze(world, lot)
    with refused(refusals.Frozen):
        agree(world, request)

"""Asking for a movement to be reversed, and reversing it when another person agrees."""

from datetime import timedelta
from typing import Any

import pytest

from config.accounts import ties
from config.accounts.matrix import NotAllowed
from config.approvals import requests
from config.approvals.models import Request
from config.audit import edge
from inventory import ledger, units
from inventory.ledger import refusals
from inventory.models import Balance, Lot, Movement, PositionEntry
from tests.inventory.everything import allocate, approved, freeze
from tests.inventory.proof import found, once, refused
from tests.world import World


def ask(world: World, movement: int, who: str = "ana", reason: str = "Wrong lot") -> int:
    return int(ledger.ask_reverse(by=world.by(who), movement_id=movement, reason=reason)["request"])


def agree(world: World, request: int, who: str = "dee") -> Any:
    return requests.approve(by=world.by(who), request_id=request)


def held(lot: str) -> dict[str, int]:
    rows = Balance.objects.filter(lot__number=lot, net_mg__gt=0).select_related("location")
    return {row.location.code: row.net_mg for row in rows}


def transfer(world: World, lot: str, kg: str = "4", **given: Any) -> int:
    way: dict[str, Any] = {"origin": "ANT-S1", "destination": "ANT-QUAR", **given}
    return int(ledger.transfer(by=world.by("ana"), lot=lot, net=units.enter(kg), **way)["movement"])


def test_it_takes_the_mistake_out_of_every_day_and_leaves_what_was_believed(world: World) -> None:
    start = world.now
    lot = world.stock("10")
    world.later(days=1)
    movement = transfer(world, lot)
    believed = world.now
    world.later(days=9)
    answer = once(requests.approve, by=world.by("dee"), request_id=ask(world, movement))
    assert held(lot) == {"ANT-S1": 10_000_000}
    reversal = Movement.objects.get(pk=answer["result"]["movement"])
    assert (reversal.kind, reversal.reverses_id, reversal.occurred_at) == ("reverse", movement, believed)
    assert (reversal.origin.code, reversal.destination.code) == ("ANT-QUAR", "ANT-S1")

    def on(**until: Any) -> dict[str, int]:
        entries = PositionEntry.objects.filter(element=None, **until)
        masses = {place: sum(e.mass_mg for e in entries if e.place == place) for place in ("store", "quarantine")}
        return {place: mass for place, mass in masses.items() if mass}

    assert on(occurred_at__lte=start + timedelta(days=5)) == {"store": 10_000_000}
    assert on(occurred_at__lte=start + timedelta(days=5), recorded_at__lte=believed) == {
        "store": 6_000_000,
        "quarantine": 4_000_000,
    }
    assert found() == []


@pytest.mark.parametrize("kind", ["sample", "issue", "loss", "gain", "receive"])
def test_any_kind_is_reversed_also_where_an_end_is_the_world_outside(world: World, kind: str) -> None:
    lot = world.stock("10")
    at: dict[str, Any] = {"lot": lot, "net": units.enter("2"), "reason": "Try"}
    if kind == "sample":
        movement = ledger.sample(by=world.by("ana"), origin="ANT-S1", **at)["movement"]
    elif kind == "issue":
        movement = approved(world, ledger.ask_issue(by=world.by("pia"), origin="ANT-S1", **at), "dee", "eve")[
            "movement"
        ]
    elif kind == "receive":
        movement = Movement.objects.get().pk
    else:
        asked = ledger.ask_adjust(by=world.by("ana"), location="ANT-S1", gain=kind == "gain", **at)
        movement = approved(world, asked, "dee")["movement"]
    world.later(hours=1)
    agree(world, ask(world, int(str(movement))))
    assert held(lot) == ({} if kind == "receive" else {"ANT-S1": 10_000_000})
    assert found() == []


def test_a_receipt_is_reversed_whole_and_the_lot_stays_on_record(world: World) -> None:
    lot = world.stock("10")
    agree(world, ask(world, Movement.objects.get().pk))
    assert Lot.objects.get(number=lot).condition == "A"
    with refused(refusals.InsufficientStock):
        transfer(world, lot)


@pytest.mark.parametrize("movement", [999_999_999, 2**63, -1])
def test_it_refuses_a_movement_that_is_not_there(world: World, movement: int) -> None:
    with refused(refusals.MovementNotFound):
        ask(world, movement)


def test_it_refuses_a_movement_of_another_site(world: World) -> None:
    movement = transfer(world, world.stock("10"))
    with refused(refusals.MovementNotFound):
        ask(world, movement, who="cem")


@pytest.mark.parametrize("who", ["pia", "aud"])
def test_it_refuses_other_roles(world: World, who: str) -> None:
    movement = transfer(world, world.stock("10"))
    with refused(NotAllowed):
        ask(world, movement, who=who)


@pytest.mark.parametrize("reason", ["", "a\x00b", "x" * 1001])
def test_it_refuses_without_a_reason(world: World, reason: str) -> None:
    movement = transfer(world, world.stock("10"))
    with refused(edge.BadText):
        ask(world, movement, reason=reason)


def test_it_refuses_to_reverse_twice(world: World) -> None:
    movement = transfer(world, world.stock("10"))
    waiting = ask(world, movement, who="ben")
    reversal = agree(world, ask(world, movement))["result"]["movement"]
    with refused(refusals.AlreadyReversed, movement=movement, by=reversal):
        ask(world, movement)
    with refused(refusals.AlreadyReversed):
        agree(world, waiting, who="eve")
    assert Movement.objects.filter(kind="reverse").count() == 1


def test_it_refuses_to_reverse_a_reversal(world: World) -> None:
    movement = transfer(world, world.stock("10"))
    reversal = agree(world, ask(world, movement))["result"]["movement"]
    with refused(refusals.NotReversible):
        ask(world, reversal)


def test_it_refuses_what_is_no_longer_where_it_was_brought(world: World) -> None:
    lot = world.stock("10")
    movement = transfer(world, lot)
    world.later(hours=1)
    ledger.sample(by=world.by("ana"), lot=lot, origin="ANT-QUAR", net=units.enter("1"))
    request = ask(world, movement)
    with refused(refusals.InsufficientStock):
        agree(world, request)
    assert Request.objects.get().state == "pending"


def test_it_refuses_what_was_gone_on_a_day_between(world: World) -> None:
    lot = world.stock("10")
    world.later(days=1)
    movement = transfer(world, lot)
    world.later(days=1)
    transfer(world, lot, origin="ANT-QUAR", destination="ANT-S2")
    world.later(days=1)
    transfer(world, lot, origin="ANT-S2", destination="ANT-QUAR")
    request = ask(world, movement)
    with refused(refusals.NegativeOnADay, location="ANT-QUAR", day="2026-11-04"):
        agree(world, request)


def test_it_refuses_what_is_allocated_there(world: World) -> None:
    lot = world.stock("10")
    movement = transfer(world, lot)
    allocate(world, lot, 1_000_000, location="ANT-QUAR")
    request = ask(world, movement)
    with refused(refusals.InsufficientStock):
        agree(world, request)


def test_it_refuses_ones_own_request(world: World) -> None:
    movement = transfer(world, world.stock("10"))
    request = ask(world, movement, who="dee")
    with refused(ties.OwnRequest):
        agree(world, request)


def test_it_refuses_a_frozen_lot(world: World) -> None:
    lot = world.stock("10")
    movement = transfer(world, lot)
    request = ask(world, movement)
    freeze(world, lot)
    with refused(refusals.Frozen):
        agree(world, request)
    with refused(refusals.Frozen):
        ask(world, movement)

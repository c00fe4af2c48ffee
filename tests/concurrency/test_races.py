"""Two people on one lot at once: whoever comes second sees what the first did, or is refused by name."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from config.approvals import requests
from config.audit.refused import Stale
from inventory import ledger, units
from inventory.ledger.refusals import AlreadyReversed, DuplicateLotNumber
from inventory.models import Assay, ContainedPosition, Lot, Movement
from tests.concurrency.together import finish, together, waiting
from tests.inventory.proof import found
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

ASSAY = ledger.AssayIn(fractions={"Nd": Decimal("0.6"), "Pr": Decimal("0.2")}, lab="Lab A")


def after(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """What the second gets, who came while the first had not committed yet."""
    with transaction.atomic():
        first()
        with waiting(second) as other:
            pass
    return finish(other)


def test_a_transfer_moves_contained_mass_by_the_assay_that_came_into_force_while_it_waited(world: World) -> None:
    lot = world.stock("1000", material="ndpr-oxide")
    ana, ben = world.by("ana"), world.by("ben")
    way: dict[str, Any] = {"lot": lot, "origin": "ANT-S1", "destination": "ANT-QUAR", "net": units.enter("400")}
    after(lambda: ledger.record_assay(by=ben, lot=lot, assay=ASSAY), lambda: ledger.transfer(by=ana, **way))
    held = {(p.element.symbol, p.place): p.contained_mg for p in ContainedPosition.objects.filter(condition="A")}
    assert held == {
        ("Nd", "store"): 360_000_000,
        ("Nd", "quarantine"): 240_000_000,
        ("Pr", "store"): 120_000_000,
        ("Pr", "quarantine"): 80_000_000,
    }
    assert found() == []


def test_a_child_has_the_assay_that_came_into_force_while_the_split_waited(world: World) -> None:
    lot = world.stock("1000", material="ndpr-oxide")
    ana, ben = world.by("ana"), world.by("ben")
    split: dict[str, Any] = {"lot": lot, "location": "ANT-S1", "parts": [units.enter("100")]}
    answer = after(lambda: ledger.record_assay(by=ben, lot=lot, assay=ASSAY), lambda: ledger.split(by=ana, **split))
    child = Lot.objects.get(number=answer["children"][0])
    assert child.assay is not None
    assert child.assay.fractions == {"Nd": "0.6", "Pr": "0.2"}
    assert found() == []


def test_a_lot_is_accepted_on_the_assay_that_was_recorded_while_the_acceptance_waited(world: World) -> None:
    lot = world.receive("1000", material="re-concentrate")
    dee, ben = world.by("dee"), world.by("ben")
    assay = ledger.AssayIn(fractions={"Nd": Decimal("0.1")}, lab="Lab A")
    answer = after(
        lambda: ledger.record_assay(by=ben, lot=lot, assay=assay),
        lambda: ledger.set_condition(by=dee, lot=lot, condition="A", reason="In specification"),
    )
    assert answer == {"lot": lot, "condition": "A"}
    assert Assay.objects.filter(lot__number=lot).count() == 2
    assert found() == []


def test_of_two_forms_opened_together_the_second_is_stale(world: World) -> None:
    lot = world.stock("1000")
    seen = Lot.objects.get(number=lot).last_seq
    ana, ben = world.by("ana"), world.by("ben")
    way: dict[str, Any] = {"lot": lot, "origin": "ANT-S1", "net": units.enter("1"), "seen_seq": seen}
    outcome = after(lambda: ledger.sample(by=ana, **way), lambda: ledger.sample(by=ben, **way))
    assert isinstance(outcome, Stale)
    assert Movement.objects.filter(kind="sample").count() == 1


def test_of_two_receipts_with_one_number_the_second_is_refused(world: World) -> None:
    bys = [world.by("ana"), world.by("ben")]

    def receive(by: Any, number: str) -> Any:
        arrival = ledger.Arrival(material="nd-oxide", location="ANT-S1", net=units.enter("1"), lot_number=number)
        return ledger.receive(by=by, arrival=arrival)

    outcome = after(lambda: receive(bys[0], "Lot 7"), lambda: receive(bys[1], "LOT ７"))
    assert isinstance(outcome, DuplicateLotNumber)
    assert Lot.objects.count() == 1


def test_splits_that_ask_for_the_same_numbers_in_opposite_orders_do_not_deadlock(world: World) -> None:
    lots = [world.stock("1000"), world.stock("1000")]
    orders = (["X-1", "X-2"], ["X-2", "X-1"])

    def split(by: Any, lot: str, numbers: list[str]) -> Any:
        return ledger.split(by=by, lot=lot, location="ANT-S1", parts=[units.enter("1")] * 2, numbers=numbers)

    ana, ben = world.by("ana"), world.by("ben")
    outcomes = together(lambda: split(ana, lots[0], orders[0]), lambda: split(ben, lots[1], orders[1]))
    assert {type(outcome) for outcome in outcomes} == {dict, DuplicateLotNumber}
    assert Lot.objects.count() == 4


def test_a_movement_is_reversed_once_by_two_requests(world: World) -> None:
    lot = world.stock("1000")
    movement = ledger.sample(by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("1"))["movement"]
    asked = [
        ledger.ask_reverse(by=world.by(who), movement_id=movement, reason="Wrong lot")["request"]
        for who in ("ana", "ben")
    ]
    dee, eve = world.by("dee"), world.by("eve")
    outcome = after(
        lambda: requests.approve(by=dee, request_id=asked[0]), lambda: requests.approve(by=eve, request_id=asked[1])
    )
    assert isinstance(outcome, AlreadyReversed)
    assert Movement.objects.filter(kind="reverse").count() == 1
    assert found() == []


def test_a_request_is_settled_once_by_two_managers(world: World) -> None:
    lot = world.stock("1000")
    asked = ledger.ask_adjust(
        by=world.by("ana"), lot=lot, location="ANT-S1", net=units.enter("1"), gain=False, reason="Scale"
    )["request"]
    dee, eve = world.by("dee"), world.by("eve")
    outcome = after(
        lambda: requests.approve(by=dee, request_id=asked), lambda: requests.approve(by=eve, request_id=asked)
    )
    assert isinstance(outcome, requests.AlreadySettled)
    assert Movement.objects.filter(kind="adjust").count() == 1

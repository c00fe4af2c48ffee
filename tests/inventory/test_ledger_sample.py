"""Drawing a sample."""

from datetime import timedelta
from typing import Any

import pytest

from config.accounts.matrix import NotAllowed
from config.audit import edge
from config.audit.refused import Stale
from inventory import ledger, units
from inventory.ledger import refusals
from inventory.models import Balance, Movement
from tests.inventory.everything import freeze
from tests.inventory.proof import found, once, refused
from tests.world import World


def draw(world: World, lot: str, kg: str = "0.25", who: str = "ana", **given: Any) -> Any:
    return ledger.sample(by=world.by(who), lot=lot, net=units.enter(kg), **{"origin": "ANT-S1", **given})


def test_its_mass_leaves_the_lot_for_the_sites_samples(world: World) -> None:
    lot = world.stock("10")
    once(ledger.sample, by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("250", "g"), reason="Routine")
    movement = Movement.objects.get(kind="sample")
    assert (movement.destination.code, movement.net_mg, movement.entered_unit) == ("ANT-SAMP", 250_000, "g")
    assert Balance.objects.get(lot__number=lot).net_mg == 9_750_000
    assert not Balance.objects.filter(location__code="ANT-SAMP").exists()
    assert found() == []


def test_the_last_milligram_can_be_drawn(world: World) -> None:
    lot = world.stock("0.000001")
    draw(world, lot, "0.000001")
    assert Balance.objects.get(lot__number=lot).net_mg == 0
    assert found() == []


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"kg": "10.000001"}, refusals.InsufficientStock),
        ({"origin": "ANT-S2"}, refusals.InsufficientStock),
        ({"origin": "BRA-S1"}, refusals.LocationNotFound),
        ({"origin": "ANT-SUPP"}, refusals.WrongPlace),
        ({"lot": "RE-99-1"}, refusals.LotNotFound),
        ({"who": "cem"}, refusals.LotNotFound),
        ({"who": "dee"}, NotAllowed),
        ({"who": "aud"}, NotAllowed),
        ({"reason": "a\x00b"}, edge.BadText),
        ({"seen_seq": 1}, Stale),
    ],
)
def test_it_refuses(world: World, given: dict[str, Any], refusal: type[Any]) -> None:
    lot = world.stock("10")
    with refused(refusal):
        draw(world, **{"lot": lot, **given})


@pytest.mark.parametrize(
    ("ahead", "refusal"),
    [(timedelta(minutes=6), edge.InTheFuture), (-timedelta(microseconds=1), refusals.BeforeReceipt)],
)
def test_it_refuses_a_moment_out_of_bounds(world: World, ahead: timedelta, refusal: type[Any]) -> None:
    lot = world.stock("10")
    with refused(refusal):
        draw(world, lot, occurred_at=world.now + ahead)


def test_it_refuses_what_would_make_a_later_day_negative(world: World) -> None:
    lot = world.stock("10", at=world.now - timedelta(days=9))
    draw(world, lot, "10", occurred_at=world.now - timedelta(days=1))
    with refused(refusals.InsufficientStock):
        draw(world, lot, "1", occurred_at=world.now - timedelta(days=2))


def test_it_refuses_a_frozen_lot(world: World) -> None:
    lot = world.stock("10")
    freeze(world, lot)
    with refused(refusals.Frozen):
        draw(world, lot)

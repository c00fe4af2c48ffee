"""Earmarking mass of a lot, and releasing it."""

from typing import Any

import pytest

from config.audit.commands import Answer, Opened, run
from inventory import ledger, units
from inventory.ledger import refusals
from inventory.ledger.post import PostedTwice
from inventory.models import AllocationChange, Balance, ContainedPosition, Position
from tests.inventory.everything import allocate, freeze
from tests.inventory.proof import found, refused
from tests.world import World


def free() -> dict[str, int]:
    return {row.condition: row.free_mg for row in Position.objects.filter(net_mg__gt=0)}


def test_it_stays_and_is_not_free_any_more(world: World) -> None:
    lot = world.stock("10")
    answer = allocate(world, lot, 4_000_000)
    assert answer == {"lot": lot, "location": "ANT-S1", "delta_kg": "4"}
    assert Balance.objects.get().allocated_mg == 4_000_000
    position = Position.objects.get(condition="A")
    assert (position.net_mg, position.free_mg) == (10_000_000, 6_000_000)
    contained = ContainedPosition.objects.get(condition="A")
    assert (contained.contained_mg, contained.free_mg) == (8_530_679, 5_118_408)
    assert found() == []


def test_it_is_released_in_parts(world: World) -> None:
    lot = world.stock("10")
    allocate(world, lot, 4_000_000)
    world.later(hours=1)
    allocate(world, lot, -1_000_000)
    allocate(world, lot, -3_000_000)
    assert Balance.objects.get().allocated_mg == 0
    assert free() == {"A": 10_000_000}
    assert AllocationChange.objects.count() == 3
    assert found() == []


def test_it_goes_with_the_lots_condition(world: World) -> None:
    lot = world.stock("10")
    allocate(world, lot, 4_000_000)
    ledger.set_condition(by=world.by("dee"), lot=lot, condition="L")
    assert free() == {"L": 6_000_000}
    assert found() == []


@pytest.mark.parametrize(
    ("delta_mg", "given", "refusal"),
    [
        (10_000_001, {}, refusals.InsufficientStock),
        (1, {"location": "ANT-S2"}, refusals.InsufficientStock),
        (-1, {}, refusals.NotAllocated),
        (1, {"location": "NO-SUCH"}, refusals.LocationNotFound),
        (1, {"location": "ANT-CONS"}, refusals.WrongPlace),
        (1, {"lot": "RE-99-1"}, refusals.LotNotFound),
    ],
)
def test_it_refuses(world: World, delta_mg: int, given: dict[str, Any], refusal: type[Any]) -> None:
    lot = world.stock("10")
    with refused(refusal):
        allocate(world, **{"lot": lot, "delta_mg": delta_mg, **given})


def test_it_refuses_what_is_allocated_already(world: World) -> None:
    lot = world.stock("10")
    allocate(world, lot, 6_000_000)
    with refused(refusals.InsufficientStock, free_kg="4", held_kg="10", asked_kg="5"):
        allocate(world, lot, 5_000_000)


def test_it_refuses_a_frozen_lot(world: World) -> None:
    lot = world.stock("10")
    freeze(world, lot)
    with refused(refusals.Frozen):
        allocate(world, lot, 1)


def test_a_command_posts_once_with_all_its_entries(world: World) -> None:
    """A second post would take locks behind those of the first, and two such commands could wait in a circle."""
    lots = [world.stock("10"), world.stock("10")]

    def act(opened: Opened) -> Answer:
        for lot in lots:
            ledger.allocate(opened=opened, lot=lot, location="ANT-S1", delta_mg=1, reason="")
        return {}

    with pytest.raises(PostedTwice):
        run(world.by("dee"), kind="test.twice", request={}, act=act)


def test_doors_in_one_command_share_its_record(world: World) -> None:
    lot = world.stock("10")

    def act(opened: Opened) -> Answer:
        return ledger.sample(by=opened, lot=lot, origin="ANT-S1", net=units.enter("1"))

    answer = run(world.by("ana"), kind="test.nested", request={"lot": lot}, act=act)
    assert answer["lot"] == lot
    assert found() == []

"""Movements, to read."""

import pytest

from config.audit.edge import BadText
from config.audit.keyset import BadCursor
from inventory import ledger, movements, units
from inventory.ledger.refusals import LotNotFound, MovementNotFound
from tests.counting import the_same_at_3_and_30
from tests.world import World


def test_it_lists_them_newest_first_with_what_was_typed(world: World) -> None:
    number = world.stock("1000")
    answer = ledger.transfer(
        by=world.by("ana", now=world.later(hours=1)),
        lot=number,
        origin="ANT-S1",
        destination="ANT-S2",
        net=units.enter("10", "lb"),
        reason="Rain",
    )
    moved, received = movements.listing(user=world.dee).rows
    assert (moved.id, moved.lot, moved.kind_name, moved.who) == (answer["movement"], number, "Transfer", "Ana")
    assert (moved.origin, moved.destination, moved.reason) == ("ANT-S1", "ANT-S2", "Rain")
    assert (moved.net_mg, str(moved.entered_quantity), moved.entered_unit) == (4_535_924, "10.000000000000", "lb")
    assert (received.origin, received.origin_kind, received.reversible) == ("ANT-SUPP", "supplier", True)


def test_it_narrows_to_a_lot_and_a_kind(world: World) -> None:
    number, _other = world.stock("10"), world.stock("20")
    ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("1"))
    assert [row.kind for row in movements.listing(user=world.ana, lot=number).rows] == ["sample", "receive"]
    assert [row.lot for row in movements.listing(user=world.ana, kind="sample").rows] == [number]


def test_it_shows_only_movements_from_or_to_the_person_s_sites(world: World) -> None:
    number = world.stock("10")
    sent = ledger.transfer(
        by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("2")
    )
    assert [row.id for row in movements.listing(user=world.cem).rows] == [sent["movement"]]
    assert [row.id for row in movements.listing(user=world.cem, lot=number).rows] == [sent["movement"]]
    assert movements.listing(user=world.adm).rows == []


def test_it_pages(world: World) -> None:
    for _ in range(3):
        world.receive("1")
    first = movements.listing(user=world.ana, size=2)
    second = movements.listing(user=world.ana, size=2, cursor=first.next)
    assert (len(first.rows), len(second.rows), second.next, first.count) == (2, 1, "", 3)
    assert movements.listing(user=world.ana, size=2, cursor=second.previous).rows == first.rows


def test_it_refuses_a_foreign_lot_and_what_cannot_be_read(world: World) -> None:
    number = world.stock("10")
    with pytest.raises(LotNotFound):
        movements.listing(user=world.cem, lot=number)
    with pytest.raises(BadText):
        movements.listing(user=world.ana, lot="a\x00b")
    with pytest.raises(BadCursor):
        movements.listing(user=world.ana, cursor="x")


def test_one_is_absent_where_it_is_foreign(world: World) -> None:
    world.stock("10")
    (received,) = movements.listing(user=world.ana).rows
    assert movements.one(user=world.ana, movement_id=received.id) == received
    for who, asked in (("cem", received.id), ("ana", 10**30)):
        with pytest.raises(MovementNotFound):
            movements.one(user=world.people[who], movement_id=asked)


def test_it_makes_the_same_queries_at_3_and_at_30(world: World) -> None:
    the_same_at_3_and_30(
        "inventory.movements.listing",
        make=lambda more: [world.receive("1") for _ in range(more)],
        read=lambda: movements.listing(user=world.ana),
    )

"""The rows of balances under the lots' locks: what movements do to the rounds there, and writing them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.db import connection

from inventory.models import Balance, Place

if TYPE_CHECKING:
    from inventory.ledger.post import Move

OUTSIDE_THE_BOOKS = {Place.GAIN, Place.LOSS}


def follow(rows: Mapping[tuple[int, int], Balance], moves: Iterable["Move"]) -> None:
    """Take the movements, in order, into the balances: mass, arrival at an empty place, and what they explain of a variance.

    A movement recorded after a count explains what it found if it happened before, and so stood in no book yet; or if it
    corrects the book: an adjustment, or its reversal. Any other moved book and stock alike.
    """
    for move in moves:
        for place, delta_mg in ((move.origin, -move.net_mg), (move.destination, move.net_mg)):
            if place.holds:
                _take(rows[move.lot_id, place.pk], move, delta_mg)


def _take(row: Balance, move: "Move", delta_mg: int) -> None:
    if not row.net_mg:
        row.arrived_at = move.at
    row.net_mg += delta_mg
    corrects = {move.origin.kind, move.destination.kind} & OUTSIDE_THE_BOOKS
    if row.counted_at and (corrects or move.at < row.counted_at):
        row.variance_mg -= delta_mg


def save(rows: Iterable[Balance]) -> None:
    """Write what the ledger keeps of these balances, in one statement."""
    lines = [(row.pk, row.net_mg, row.allocated_mg, row.arrived_at, row.counted_at, row.variance_mg) for row in rows]
    if not lines:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE inventory_balance AS balance SET net_mg = new.net_mg, allocated_mg = new.allocated_mg,
                arrived_at = new.arrived_at, counted_at = new.counted_at, variance_mg = new.variance_mg
            FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::bigint[])
                AS new(id, net_mg, allocated_mg, arrived_at, counted_at, variance_mg)
            WHERE balance.id = new.id
            """,
            [list(column) for column in zip(*lines, strict=True)],
        )

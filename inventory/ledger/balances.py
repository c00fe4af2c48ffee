"""The rows of balances under the lots' locks: what movements do to the rounds there, and writing them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Subquery

from inventory.models import Balance, Count, LotFact, Place

if TYPE_CHECKING:
    from inventory.ledger.post import Move

OUTSIDE_THE_BOOKS = {Place.GAIN, Place.LOSS}


def follow(rows: Mapping[tuple[int, int], Balance], moves: Iterable["Move"]) -> None:
    """Take the movements, in order, into the balances: mass, arrival at an empty place, and what they explain of a variance.

    A movement recorded after a count explains what it found if it happened before, and so stood in no book yet; or if it
    reverses one that the book held. One that corrects the book settles a variance as far as it goes, its reversal opens it
    again. Any other moved book and stock alike.
    """
    for move in moves:
        for place, delta_mg in ((move.origin, -move.net_mg), (move.destination, move.net_mg)):
            if place.holds:
                _take(rows[move.lot_id, place.pk], move, delta_mg)


def _take(row: Balance, move: "Move", delta_mg: int) -> None:
    if not row.net_mg:
        row.arrived_at = move.at
    row.net_mg += delta_mg
    if row.counted_at is None:
        return
    if move.at < row.counted_at or (move.at == row.counted_at and _was_booked(row, move.reverses_id)):
        row.variance_mg -= delta_mg
    elif {move.origin.kind, move.destination.kind} & OUTSIDE_THE_BOOKS:
        open_mg = row.variance_mg
        row.variance_mg = _between(open_mg, open_mg - delta_mg, _found(row) if move.reverses_id else 0)


def _was_booked(row: Balance, movement_id: int | None) -> bool:
    """Whether a movement of the very moment of the last count there was recorded before it."""
    if movement_id is None:
        return False
    facts = LotFact.objects.filter(lot=row.lot_id)
    there = Count.objects.filter(lot=row.lot_id, location=row.location_id).values("pk")
    seq = facts.filter(kind="movement", row_id=movement_id).values("seq")
    return facts.filter(kind="count", row_id__in=there, seq__gt=Subquery(seq)).exists()


def _between(open_mg: int, wanted_mg: int, end_mg: int) -> int:
    """What is wanted, as far as it lies on the way from what is open now to the end."""
    low_mg, high_mg = sorted((open_mg, end_mg))
    return min(max(wanted_mg, low_mg), high_mg)


def _found(row: Balance) -> int:
    """What the last count there found beyond the book."""
    last = Count.objects.filter(lot_id=row.lot_id, location_id=row.location_id).latest("pk")
    return last.counted_mg - last.book_mg


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

"""Position entries: what each event of a lot changed, and the positions that are their sum."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from config.audit.commands import Opened
from inventory.ledger.state import (
    NOTHING,
    Allocated,
    Amount,
    Assayed,
    Event,
    Judged,
    Key,
    LotState,
    Moved,
    PlaceAt,
    Rollup,
    difference,
    replay,
    total,
)
from inventory.models import AllocationChange, Assay, ConditionChange, Element, Lot, LotFact, Movement, PositionEntry


class Row(NamedTuple):
    lot_id: int
    at: datetime
    key: Key
    amount: Amount


def rows(lot_id: int, at: datetime, change: Rollup) -> list[Row]:
    """The entries that a change of one lot's rollup leaves, by key."""
    return [Row(lot_id, at, key, amount) for key, amount in sorted(change.items())]


def corrections(lot: Lot, places: Mapping[int, PlaceAt]) -> list[Row]:
    """Entries that bring the lot's recorded history to what a replay of its facts gives. Raises Overdrawn."""
    replayed = replay(LotState(lot.material_id), history(lot.pk), places)
    recorded = _recorded(lot.pk)
    found: list[Row] = []
    for at in sorted({*replayed, *recorded}):
        found += rows(lot.pk, at, difference(replayed.get(at, {}), recorded.get(at, {})))
    return found


def history(lot_id: int, *, seen: Q | None = None) -> list[tuple[datetime, Event]]:
    """Every fact of a lot that moves a position, ordered by moment and, within it, by its number in the chain.

    `seen` narrows to what had happened, or was known, at some moment: a condition on occurred_at and recorded_at.
    """
    of_lot = Q(lot_id=lot_id) & (seen or Q())
    seq = {
        (kind, row): number
        for kind, row, number in LotFact.objects.filter(lot_id=lot_id).values_list("kind", "row_id", "seq")
    }
    ids = dict(Element.objects.values_list("symbol", "id"))
    found: list[tuple[datetime, int, Event]] = []
    for m in Movement.objects.filter(of_lot):
        found.append((m.occurred_at, seq["movement", m.pk], Moved(m.origin_id, m.destination_id, m.net_mg)))
    for c in ConditionChange.objects.filter(of_lot):
        found.append((c.occurred_at, seq["condition", c.pk], Judged(c.condition, c.verdict)))
    for a in Assay.objects.filter(of_lot):
        fractions = {ids[symbol]: Decimal(value) for symbol, value in a.fractions.items()}
        found.append((a.occurred_at, seq["assay", a.pk], Assayed(a.moisture, fractions)))
    for e in AllocationChange.objects.filter(of_lot):
        found.append((e.occurred_at, seq["allocation", e.pk], Allocated(e.location_id, e.delta_mg)))
    found.sort(key=lambda item: item[:2])
    return [(at, event) for at, _, event in found]


def _recorded(lot_id: int) -> dict[datetime, Rollup]:
    recorded: dict[datetime, Rollup] = {}
    for entry in PositionEntry.objects.filter(lot_id=lot_id):
        key = Key(entry.material_id, entry.element_id or 0, entry.site_id, entry.place, entry.condition, entry.verdict)
        at = recorded.setdefault(entry.occurred_at, {})
        old = at.get(key, NOTHING)
        at[key] = Amount(old.mass_mg + entry.mass_mg, old.free_mg + entry.free_mg, old.lots + entry.lots)
    return recorded


def write(opened: Opened, found: Iterable[Row]) -> None:
    """Append the entries, then add their sum to the positions, net before contained, each by key."""
    found = list(found)
    if not found:
        return
    columns = [
        (row.lot_id, row.at, *row.key._replace(element_id=row.key.element_id or None), *row.amount)  # type: ignore[arg-type]  # 0 is NULL in the table
        for row in found
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO inventory_positionentry (lot_id, occurred_at, material_id, element_id, site_id, place,
                condition, verdict, mass_mg, free_mg, lots, recorded_at, command_id)
            SELECT new.*, %s, %s FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[], %s::bigint[], %s::bigint[],
                %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::smallint[]) AS new
            """,
            [opened.now, opened.command_id, *(list(column) for column in zip(*columns, strict=True))],
        )
    sums = total({row.key: row.amount} for row in found)
    changed = sorted((key, amount) for key, amount in sums.items() if amount != NOTHING)
    _add_net([(key, amount) for key, amount in changed if not key.element_id])
    _add_contained([(key, amount) for key, amount in changed if key.element_id])


# PostgreSQL tests CHECKs on the proposed row before it sees the conflict, so a negative change must not stand in it: the
# row proposed is what a new key would hold (never negative), and the change itself is read from the statement's list. A
# new key whose change is negative is counted: its entries and its position have drifted apart, and nothing is written.


class Adrift(RuntimeError):
    def __init__(self) -> None:
        super().__init__("A position that is not there would become negative. Run manage.py verify_ledger.")


def _add_net(changed: list[tuple[Key, Amount]]) -> None:
    columns = [
        (key.material_id, key.site_id, key.place, key.condition, key.verdict, *amount) for key, amount in changed
    ]
    _add(
        """
        WITH new AS MATERIALIZED (
            SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[],
                %s::bigint[], %s::bigint[])
                AS new(material_id, site_id, place, condition, verdict, net_mg, free_mg, lots)
        ), written AS (
            INSERT INTO inventory_position AS old
                (material_id, site_id, place, condition, verdict, net_mg, free_mg, lots)
            SELECT material_id, site_id, place, condition, verdict,
                greatest(net_mg, free_mg, 0), greatest(free_mg, 0), greatest(lots, 0) FROM new
            ORDER BY material_id, site_id, place, condition, verdict
            ON CONFLICT (material_id, site_id, place, condition, verdict) DO UPDATE SET (net_mg, free_mg, lots) = (
                SELECT old.net_mg + new.net_mg, old.free_mg + new.free_mg, old.lots + new.lots FROM new
                WHERE (new.material_id, new.site_id, new.place, new.condition, new.verdict)
                    = (excluded.material_id, excluded.site_id, excluded.place, excluded.condition, excluded.verdict))
            RETURNING material_id, site_id, place, condition, verdict, net_mg, free_mg, lots, xmax = 0 AS fresh
        )
        SELECT count(*) FROM written JOIN new USING (material_id, site_id, place, condition, verdict)
        WHERE fresh AND (written.net_mg, written.free_mg, written.lots) <> (new.net_mg, new.free_mg, new.lots)
        """,
        columns,
    )


def _add_contained(changed: list[tuple[Key, Amount]]) -> None:
    columns = [
        (k.element_id, k.material_id, k.site_id, k.place, k.condition, k.verdict, a.mass_mg, a.free_mg)
        for k, a in changed
    ]
    _add(
        """
        WITH new AS MATERIALIZED (
            SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[],
                %s::bigint[], %s::bigint[])
                AS new(element_id, material_id, site_id, place, condition, verdict, contained_mg, free_mg)
        ), written AS (
            INSERT INTO inventory_containedposition AS old (element_id, material_id, site_id, place, condition, verdict,
                contained_mg, free_mg)
            SELECT element_id, material_id, site_id, place, condition, verdict,
                greatest(contained_mg, free_mg, 0), greatest(free_mg, 0) FROM new
            ORDER BY element_id, material_id, site_id, place, condition, verdict
            ON CONFLICT (element_id, material_id, site_id, place, condition, verdict)
            DO UPDATE SET (contained_mg, free_mg) = (
                SELECT old.contained_mg + new.contained_mg, old.free_mg + new.free_mg FROM new
                WHERE (new.element_id, new.material_id, new.site_id, new.place, new.condition, new.verdict)
                    = (excluded.element_id, excluded.material_id, excluded.site_id, excluded.place, excluded.condition,
                       excluded.verdict))
            RETURNING element_id, material_id, site_id, place, condition, verdict, contained_mg, free_mg,
                xmax = 0 AS fresh
        )
        SELECT count(*) FROM written JOIN new USING (element_id, material_id, site_id, place, condition, verdict)
        WHERE fresh AND (written.contained_mg, written.free_mg) <> (new.contained_mg, new.free_mg)
        """,
        columns,
    )


def _add(statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
        if cursor.fetchone()[0]:
            raise Adrift

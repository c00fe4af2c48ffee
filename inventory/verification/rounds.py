"""Counts were held against the book of their moment, and what balances say of rounds follows from the facts. In SQL alone."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from inventory.verification.difference import MOST, Difference, Tally, lot_name, select


def differing(tally: Tally) -> Iterator[Difference]:
    """Each count's book mass = the movements recorded before it; arrival, last count and variance of each balance."""
    tally.count("counts", "SELECT count(*) FROM inventory_count")
    for row in select(_BOOKS):
        where = f"{lot_name(row)} at {row['location']}"
        text = (
            f"count {row['id']}: {where}: book mass is {row['book_mg']} mg, its movements came to {row['moved_mg']} mg"
        )
        yield Difference("rounds", text, row["lot_id"])
    yield from islice(_balances(), MOST)


def _balances() -> Iterator[Difference]:
    for row in select(_BALANCES):
        row["variance_mg"] = _variance(row["found_mg"], json.loads(row["since"] or "[]"))
        for what in ("arrived_at", "counted_at", "variance_mg"):
            if row[what] != row[f"own_{what}"]:
                where = f"{lot_name(row)} at {row['location']}"
                text = f"balance: {where}: {what} is {row[f'own_{what}']}, its facts say {row[what]}"
                yield Difference("rounds", text, row["lot_id"])


def _variance(found_mg: int, since: list[dict[str, Any]]) -> int:
    """What is open of what a count found, after what was recorded since: what came late, and corrections of the book."""
    open_mg = found_mg
    for move in since:
        end_mg = found_mg if move["reversal"] else 0
        after_mg = open_mg - move["mg"]
        if move["late"]:
            open_mg = after_mg
        elif open_mg < end_mg:
            open_mg = max(open_mg, min(after_mg, end_mg))
        else:
            open_mg = min(open_mg, max(after_mg, end_mg))
    return open_mg


# A lot's movements are numbered in the order in which they were recorded: its lock is held meanwhile.
_MOVED = """
    moved AS (
        SELECT m.*, sum(m.mg) OVER (PARTITION BY m.lot_id, m.location_id ORDER BY m.id) AS after_mg FROM (
            SELECT id, lot_id, destination_id AS location_id, net_mg AS mg, kind, reverses_id, occurred_at
            FROM inventory_movement
            UNION ALL
            SELECT id, lot_id, origin_id, -net_mg, kind, reverses_id, occurred_at FROM inventory_movement) m
        JOIN inventory_location l ON l.id = m.location_id AND l.kind = ANY(%(holding)s)
    ), counted AS (
        SELECT c.*, f.seq FROM inventory_count c LEFT JOIN inventory_lotfact f ON f.kind = 'count' AND f.row_id = c.id
    ), beside AS (
        SELECT c.id AS count_id, m.*, f.seq < c.seq AS booked,
            m.occurred_at < c.occurred_at OR EXISTS (
                SELECT 1 FROM inventory_lotfact r WHERE r.kind = 'movement' AND r.row_id = m.reverses_id AND r.seq < c.seq
            ) AS late, m.kind = 'adjust' OR EXISTS (
                SELECT 1 FROM inventory_movement o WHERE o.id = m.reverses_id AND o.kind = 'adjust') AS corrects
        FROM counted c JOIN moved m USING (lot_id, location_id)
        JOIN inventory_lotfact f ON f.kind = 'movement' AND f.row_id = m.id
    )
"""
_BOOKS = f"""
    WITH {_MOVED}, booked AS (
        SELECT count_id, sum(mg)::bigint AS mg FROM beside WHERE booked GROUP BY 1
    )
    SELECT c.id, c.lot_id, c.book_mg, coalesce(b.mg, 0) AS moved_mg, lot.number, l.code AS location
    FROM inventory_count c LEFT JOIN booked b ON b.count_id = c.id LEFT JOIN inventory_lot lot ON lot.id = c.lot_id
    LEFT JOIN inventory_location l ON l.id = c.location_id
    WHERE c.book_mg <> coalesce(b.mg, 0)
    ORDER BY c.lot_id, c.id LIMIT %(most)s
"""
_BALANCES = f"""
    WITH {_MOVED}, came AS (
        SELECT DISTINCT ON (lot_id, location_id) lot_id, location_id, occurred_at AS at FROM moved
        WHERE mg > 0 AND after_mg = mg ORDER BY lot_id, location_id, id DESC
    ), last AS (
        SELECT DISTINCT ON (lot_id, location_id) * FROM counted ORDER BY lot_id, location_id, id DESC
    ), since AS (
        SELECT count_id, jsonb_agg(
            jsonb_build_object('mg', mg, 'late', late, 'reversal', kind = 'reverse') ORDER BY id)::text AS since
        FROM beside WHERE (late OR corrects) AND NOT booked GROUP BY 1
    ), said AS (
        SELECT b.lot_id, b.location_id, b.arrived_at AS own_arrived_at, b.counted_at AS own_counted_at,
            b.variance_mg AS own_variance_mg, came.at AS arrived_at, last.occurred_at AS counted_at,
            coalesce(last.counted_mg - last.book_mg, 0) AS found_mg, e.since
        FROM inventory_balance b LEFT JOIN came USING (lot_id, location_id) LEFT JOIN last USING (lot_id, location_id)
        LEFT JOIN since e ON e.count_id = last.id
    )
    SELECT s.*, lot.number, l.code AS location
    FROM said s LEFT JOIN inventory_lot lot ON lot.id = s.lot_id LEFT JOIN inventory_location l ON l.id = s.location_id
    WHERE (own_arrived_at, own_counted_at, own_variance_mg) IS DISTINCT FROM (arrived_at, counted_at, found_mg)
        OR since IS NOT NULL
    ORDER BY s.lot_id, s.location_id
"""

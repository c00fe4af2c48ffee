"""Every lot's chain of facts: each hash recomputed, each row compared with what its fact says of it."""

import hashlib
from collections.abc import Iterator
from itertools import islice

from django.db import connection

from inventory.verification.difference import MOST, Difference, Tally, lot_name, select

ROWS_AT_A_TIME = 10_000

# kind of fact -> (table, column that holds the lot)
TABLES = {
    "lot": ("inventory_lot", "id"),
    "parent": ("inventory_lotparent", "lot_id"),
    "movement": ("inventory_movement", "lot_id"),
    "condition": ("inventory_conditionchange", "lot_id"),
    "assay": ("inventory_assay", "lot_id"),
    "retest": ("inventory_retest", "lot_id"),
    "allocation": ("inventory_allocationchange", "lot_id"),
    "count": ("inventory_count", "lot_id"),
    "freeze": ("inventory_freeze", "lot_id"),
}


def links(tally: Tally) -> Iterator[Difference]:
    """Facts of each lot are numbered without a gap, and each hash is that of the fact and of the hash before it."""
    for lot_id, what in islice(_broken(tally), MOST):
        (row,) = select(_NAME, lot=lot_id)
        yield Difference("chains", f"chain: {lot_name(row)}: {what}", lot_id)


_NAME = "SELECT l.id AS lot_id, lot.number FROM (SELECT %(lot)s::bigint AS id) l LEFT JOIN inventory_lot lot USING (id)"


def _broken(tally: Tally) -> Iterator[tuple[int, str]]:
    connection.ensure_connection()
    current, previous, expected = 0, b"", 1
    # A cursor on the server: the facts of a million movements pass through, and never stand in memory together.
    with connection.connection.cursor(name="verify_chains", binary=True) as cursor:
        cursor.itersize = ROWS_AT_A_TIME
        cursor.execute(
            "SELECT lot_id, seq, hash, convert_to(concat_ws(E'\\n', lot_id, seq, kind, row_id, body), 'UTF8')"
            " FROM inventory_lotfact ORDER BY lot_id, seq"
        )
        for lot_id, seq, digest, fact in cursor:
            tally.rows["facts in chains"] += 1
            if lot_id != current:
                current, previous, expected = lot_id, b"", 1
            if seq != expected:
                gap = (
                    f"fact {expected} is missing"
                    if seq == expected + 1
                    else f"facts {expected} to {seq - 1} are missing"
                )
                yield lot_id, gap if seq > expected else f"fact {seq} comes after fact {expected - 1}"
            if hashlib.sha256(b"%s\n%s" % (previous.hex().encode(), fact)).digest() != digest:
                kind = fact.split(b"\n", 3)[2].decode()
                yield lot_id, f"fact {seq} ({kind}) does not match its hash"
            previous, expected = digest, seq + 1


def rows(tally: Tally) -> Iterator[Difference]:
    """Each row of the ledger has the fact that was made of it, and each fact its row, which still says the same."""
    for kind, (table, lot) in TABLES.items():
        tally.count("rows with a fact", f"SELECT count(*) FROM {table}")
        for row in select(_rows(kind, table, lot)):
            what = f"{kind} {row['row_id']}" if kind != "lot" else "its own row"
            at = f" (fact {row['seq']})" if row["seq"] else ""
            yield Difference("facts", f"{kind}: {lot_name(row)}: {what}{at} {row['how']}", row["lot_id"])


def _rows(kind: str, table: str, lot: str) -> str:
    # The names come from the table above, never from outside. The text is compared first: it is cheap, and equal as a
    # rule. Only a column that came later makes the row say more than its fact.
    said = "inventory_json(f.body)" + (" - 'first_retest_due_on'" if kind == "lot" else "")
    same = f"CASE WHEN f.body = to_jsonb(r)::text THEN true ELSE coalesce(to_jsonb(r) @> ({said}), false) END"
    return f"""
        SELECT found.*, lot.number FROM (
            SELECT coalesce(f.lot_id, r.{lot}) AS lot_id, coalesce(r.id, f.row_id) AS row_id, f.seq,
                CASE WHEN r.id IS NULL THEN 'was deleted' WHEN f.id IS NULL THEN 'has no fact'
                     WHEN f.lot_id <> r.{lot} THEN 'was given to another lot' ELSE 'was edited' END AS how
            FROM (SELECT id, lot_id, seq, row_id, body FROM inventory_lotfact WHERE kind = '{kind}') f
            FULL JOIN {table} r ON r.id = f.row_id
            WHERE r.id IS NULL OR f.id IS NULL OR f.lot_id <> r.{lot} OR NOT ({same})
        ) found LEFT JOIN inventory_lot lot ON lot.id = found.lot_id
        ORDER BY found.lot_id, found.seq, found.row_id LIMIT %(most)s
    """


def heads(tally: Tally) -> Iterator[Difference]:
    """Each lot's own columns are the latest word of its facts, and its chain ends where the lot says."""
    tally.count("lots", "SELECT count(*) FROM inventory_lot")
    for row in select(_HEADS):
        for what in ("last_seq", "condition", "verdict", "assay_id", "retest_due_on", "latest_at", "frozen"):
            if row[what] != row[f"own_{what}"]:
                text = f"lot: {lot_name(row)}: {what} is {row[f'own_{what}']}, its facts say {row[what]}"
                yield Difference("lots", text, row["lot_id"])


_HEADS = """
    WITH last AS (
        SELECT lot_id, max(seq) AS seq FROM inventory_lotfact GROUP BY 1
    ), judged AS (
        SELECT DISTINCT ON (lot_id) lot_id, condition, verdict FROM inventory_conditionchange
        ORDER BY lot_id, occurred_at DESC, id DESC
    ), analysed AS (
        SELECT DISTINCT ON (lot_id) lot_id, id FROM inventory_assay ORDER BY lot_id, occurred_at DESC, id DESC
    ), retested AS (
        SELECT DISTINCT ON (lot_id) lot_id, next_due_on FROM inventory_retest ORDER BY lot_id, id DESC
    ), first AS (
        SELECT lot_id, substring(body FROM '"first_retest_due_on": "([0-9-]{10})"')::date AS due_on
        FROM inventory_lotfact WHERE kind = 'lot'
    ), moments AS (
        SELECT lot_id, max(at) AS at FROM (
            SELECT id AS lot_id, received_at AS at FROM inventory_lot
            UNION ALL SELECT lot_id, max(occurred_at) FROM inventory_movement GROUP BY 1
            UNION ALL SELECT lot_id, max(occurred_at) FROM inventory_conditionchange GROUP BY 1
            UNION ALL SELECT lot_id, max(occurred_at) FROM inventory_assay GROUP BY 1
            UNION ALL SELECT lot_id, max(occurred_at) FROM inventory_allocationchange GROUP BY 1
            UNION ALL SELECT lot_id, max(occurred_at) FROM inventory_count GROUP BY 1) m
        GROUP BY 1
    ), held AS (
        SELECT DISTINCT ON (lot_id) lot_id, frozen FROM inventory_freeze ORDER BY lot_id, id DESC
    ), said AS (
        SELECT lot.id AS lot_id, lot.number, lot.last_seq AS own_last_seq, lot.condition AS own_condition,
            lot.verdict AS own_verdict, lot.assay_id AS own_assay_id, lot.retest_due_on AS own_retest_due_on,
            lot.latest_at AS own_latest_at, coalesce(last.seq, 0) AS last_seq, judged.condition, judged.verdict,
            analysed.id AS assay_id, moments.at AS latest_at,
            lot.frozen_at IS NOT NULL AS own_frozen, coalesce(held.frozen, false) AS frozen,
            CASE WHEN retested.lot_id IS NULL THEN first.due_on ELSE retested.next_due_on END AS retest_due_on
        FROM inventory_lot lot LEFT JOIN last ON last.lot_id = lot.id LEFT JOIN judged ON judged.lot_id = lot.id
        LEFT JOIN analysed ON analysed.lot_id = lot.id LEFT JOIN retested ON retested.lot_id = lot.id
        LEFT JOIN first ON first.lot_id = lot.id LEFT JOIN moments ON moments.lot_id = lot.id
        LEFT JOIN held ON held.lot_id = lot.id
    )
    SELECT * FROM said
    WHERE (own_last_seq, own_condition, own_verdict, own_latest_at) IS DISTINCT FROM
            (last_seq, condition, verdict, latest_at)
        OR own_assay_id IS DISTINCT FROM assay_id OR own_frozen <> frozen OR own_retest_due_on IS DISTINCT FROM retest_due_on
    ORDER BY lot_id LIMIT %(most)s
"""

"""What a copy has to have in common with what was copied: rows of every table, heads of chains, sums, the last numbers."""

from collections.abc import Iterator, Mapping

from django.db import connection
from psycopg import sql

from inventory.verification.difference import select

Fingerprint = dict[str, str | int | None]

# The digests are of 1024 lots each, so that no text grows with the ledger.
_HEADS = """
    SELECT encode(sha256(coalesce(string_agg(part, ''::bytea ORDER BY bucket), ''::bytea)), 'hex') AS "heads of the lots' chains"
    FROM (
        SELECT lot_id / 1024 AS bucket,
            sha256(string_agg(sha256(convert_to(concat_ws(' ', lot_id, seq, encode(hash, 'hex')), 'UTF8')), ''::bytea
                ORDER BY lot_id)) AS part
        FROM (SELECT DISTINCT ON (lot_id) lot_id, seq, hash FROM inventory_lotfact ORDER BY lot_id, seq DESC) heads
        GROUP BY 1) parts
"""
_NUMBERS = """
    SELECT (SELECT max(id) FROM audit_command) AS "last command",
        (SELECT max(seq) FROM audit_registryfact) AS "last fact of the registry",
        (SELECT encode(hash, 'hex') FROM audit_registryfact ORDER BY seq DESC LIMIT 1) AS "head of the registry's chain",
        (SELECT max(seq) FROM inventory_anchor) AS "last anchor",
        (SELECT encode(hash, 'hex') FROM inventory_anchor ORDER BY seq DESC LIMIT 1) AS "hash of the last anchor",
        (SELECT sum(net_mg)::bigint FROM inventory_balance) AS "mass in balances, mg",
        (SELECT sum(allocated_mg)::bigint FROM inventory_balance) AS "allocated in balances, mg",
        (SELECT sum(net_mg)::bigint FROM inventory_position) AS "mass in positions, mg",
        (SELECT sum(free_mg)::bigint FROM inventory_position) AS "free in positions, mg",
        (SELECT sum(contained_mg)::bigint FROM inventory_containedposition) AS "contained in positions, mg"
"""
_TABLES = """
    SELECT c.relname AS name FROM pg_class c
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace ORDER BY 1
"""


def take() -> Fingerprint:
    """The fingerprint of the database at this instant: what is counted, by the words people read. Inside one snapshot."""
    found: Fingerprint = {f"rows in {name}": rows for name, rows in _rows()}
    for statement in (_HEADS, _NUMBERS):
        found |= next(iter(select(statement)))
    return found


def differing(was: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """A sentence for each thing that is not as it was."""
    return [
        f"{what}: {was.get(what, 'nothing')} in the backup, {now.get(what, 'nothing')} here"
        for what in sorted({*was, *now})
        if was.get(what) != now.get(what)
    ]


def _rows() -> Iterator[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            yield name, cursor.fetchone()[0]

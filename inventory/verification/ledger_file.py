"""The whole ledger as lines of JSON, for a check that needs nothing of ours: docs/ledger-export.md, docs/recompute.py.

First what was recorded (anchors, registry, facts), then what the database claims that it comes to. Rows pass through from
cursors on the server: the facts of a million movements never stand in memory together.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from inventory import positions
from inventory.verification.anchors import MOMENT, moment
from inventory.verification.difference import select

VERSION = 1
ROWS_AT_A_TIME = 10_000

# In this order: a reader knows the anchors when the rows that they cover come by, and the places when lots move.
RECORDED = {
    "anchor": f"SELECT seq, {moment('made_at')} AS made_at, body, encode(hash, 'hex') AS hash FROM inventory_anchor ORDER BY seq",
    "registry": f"""
        SELECT seq, subject, subject_id, act, body, command_id, {moment("recorded_at")} AS recorded_at,
            encode(hash, 'hex') AS hash
        FROM audit_registryfact ORDER BY seq
    """,
    "fact": """
        SELECT id, lot_id AS lot, seq, kind AS fact, row_id AS row, body, encode(hash, 'hex') AS hash
        FROM inventory_lotfact ORDER BY id
    """,
}
CLAIMED = {
    "lot": """
        SELECT id AS lot, number, last_seq, condition, verdict, retest_due_on::text, expires_on::text
        FROM inventory_lot ORDER BY id
    """,
    "balance": """
        SELECT lot_id AS lot, location_id AS location, net_mg, allocated_mg FROM inventory_balance
        ORDER BY lot_id, location_id
    """,
    "position": """
        SELECT material_id AS material, site_id AS site, place, condition, verdict, net_mg, free_mg, lots
        FROM inventory_position ORDER BY 1, 2, 3, 4, 5
    """,
    "contained": """
        SELECT material_id AS material, element_id AS element, site_id AS site, place, condition, verdict, contained_mg,
            free_mg
        FROM inventory_containedposition ORDER BY 1, 2, 3, 4, 5, 6
    """,
    # The same sources as every page: positions, less what is past its last day and no job has marked yet.
    "eligible": f"""
        SELECT material_id AS material, element_id AS element, site_id AS site, sum(free_mg)::bigint AS eligible_mg,
            coalesce(sum(free_mg) FILTER (WHERE verdict = 'compliant'), 0)::bigint AS compliant_mg
        FROM (
            SELECT material_id, NULL::bigint AS element_id, site_id, verdict, place, condition, free_mg
            FROM {positions.source(contained=False, past=False)} AS net
            UNION ALL
            SELECT material_id, element_id, site_id, verdict, place, condition, free_mg
            FROM {positions.source(contained=True, past=False)} AS contained
            UNION ALL
            SELECT material_id, element_id, site_id, verdict, 'store', 'A', -free_mg FROM {positions.LAPSED} AS lapsed
        ) AS counted
        WHERE place = 'store' AND condition IN ('A', 'B', 'C') GROUP BY 1, 2, 3 ORDER BY 1, 2 NULLS FIRST, 3
    """,
}

Row = Mapping[str, Any]


class Written(NamedTuple):
    lines: int
    bytes: int


def rows(*, now: datetime, claims: Mapping[str, Sequence[Row]]) -> Iterator[dict[str, Any]]:
    """The lines of the file but the last, as dicts. `claims` are further rows by kind, of apps above. Inside one snapshot."""
    named = positions.window(as_of=now.astimezone(UTC).date(), past=False)
    statements = RECORDED | CLAIMED
    counts = {kind: _count(statement, named) for kind, statement in statements.items()}
    yield {
        "kind": "head",
        "version": VERSION,
        "made_at": now.astimezone(UTC).strftime(MOMENT),
        "as_of": named["as_of"].isoformat(),
        "counts": counts | {kind: len(found) for kind, found in claims.items()},
    }
    for kind, statement in statements.items():
        yield from _stream(kind, statement, named)
    for kind, found in claims.items():
        yield from ({"kind": kind, **row} for row in found)


def _count(statement: str, named: Mapping[str, Any]) -> int:
    (row,) = select(f"SELECT count(*) FROM ({statement}) AS counted", **named)
    return int(row["count"])


def _stream(kind: str, statement: str, named: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    connection.ensure_connection()
    with connection.connection.cursor(name=f"ledger_{kind}", binary=True) as cursor:
        cursor.itersize = ROWS_AT_A_TIME
        cursor.execute(statement, named)
        names = [column.name for column in cursor.description]
        for row in cursor:
            yield {"kind": kind, **dict(zip(names, row, strict=True))}


def write(path: Path, found: Iterable[Row]) -> Written:
    """Write the lines and a last one with their number and SHA-256. The file is its owner's alone, and whole or not there.

    Raises OSError.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            digest, lines = hashlib.sha256(), 0
            for row in found:
                line = json.dumps(row).encode() + b"\n"
                digest.update(line)
                file.write(line)
                lines += 1
            file.write(json.dumps({"kind": "end", "lines": lines, "sha256": digest.hexdigest()}).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
            written = Written(lines + 1, file.tell())
        os.replace(name, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
    return written

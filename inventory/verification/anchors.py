"""Anchors: digests of what was recorded since the last one, chained. What an exported anchor covers cannot be rewritten unseen.

An anchor covers, by their numbers, the facts of lots, the registry chain, commands, decisions, requests and position
entries. Of each kind it keeps the last number, how many rows there were, and one digest over them.
"""

import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from inventory.models import Anchor
from inventory.verification.difference import Difference, Tally, select

MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
PATIENCE_S = 600


class NotSettled(RuntimeError):
    def __init__(self) -> None:
        super().__init__("Some command has been under way for too long; the anchor is left to the next run.")


def moment(column: str) -> str:
    """SQL for a moment as text, UTC, to the microsecond: what hashes are made over."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def _text(*columns: str) -> str:
    """SQL for the canonical text of a row: its columns in this order, nothing left out where one is null."""
    return "concat_ws(E'\\n', " + ", ".join(f"coalesce(({column})::text, '')" for column in columns) + ")"


# kind -> (table, number, canonical text). Columns are named one by one: one that comes later changes no old digest.
COVERED = {
    "facts": ("inventory_lotfact", "id", _text("id", "lot_id", "seq", "encode(hash, 'hex')")),
    "registry": ("audit_registryfact", "seq", _text("seq", "encode(hash, 'hex')")),
    "commands": (
        "audit_command",
        "id",
        _text(
            *(
                "id",
                "actor_id",
                "key",
                "kind",
                "site_code",
                "request",
                "encode(fingerprint, 'hex')",
                "outcome",
                "answer",
            ),
            *(moment("occurred_at"), moment("recorded_at")),
        ),
    ),
    "decisions": (
        "approvals_decision",
        "id",
        _text("id", "request_id", "actor_id", "agreed", "note", moment("decided_at"), "command_id"),
    ),
    # Digests of decisions were made before anybody could stand in: for whom is a kind of its own.
    "stand-ins": ("approvals_decision", "id", _text("id", "delegation_id")),
    "requests": (
        "approvals_request",
        "id",
        _text(
            *("id", "kind", "subject", "site_code", "summary", "body", "reason", "requester_id", "needed"),
            *(moment("asked_at"), "command_id"),
        ),
    ),
    "entries": (
        "inventory_positionentry",
        "id",
        _text(
            *("id", "lot_id", "material_id", "element_id", "site_id", "place", "condition", "verdict"),
            *("mass_mg", "free_mg", "lots", moment("occurred_at"), moment("recorded_at"), "command_id"),
        ),
    ),
}


def make(*, now: datetime) -> Anchor | None:
    """Anchor what was recorded since the last anchor; None when that is nothing. Inside the snapshot that was verified.

    Call `settle` before the snapshot: a number given out and not yet committed would otherwise be passed over.
    """
    last = Anchor.objects.order_by("-seq").first()
    before = json.loads(last.body) if last else {}
    body = {kind: _cover(kind, before.get(kind, {}).get("last", 0), None) for kind in COVERED}
    if not any(covered["rows"] for covered in body.values()):
        return None
    anchor = Anchor.objects.create(
        seq=0, made_at=now, body=json.dumps(body, sort_keys=True, separators=(",", ":")), hash=b""
    )
    anchor.refresh_from_db()
    return anchor


def _cover(kind: str, after: int, last: int | None) -> dict[str, Any]:
    """Last number, rows and digest of one kind, from after `after` up to `last` or the end."""
    table, number, text = COVERED[kind]
    # The names come from the table above. Digests of 1024 numbers each, so that no text grows with the ledger.
    (row,) = select(
        f"""
        SELECT coalesce(max(last), %(after)s) AS last, coalesce(sum(rows), 0)::bigint AS rows,
            encode(sha256(coalesce(string_agg(part, ''::bytea ORDER BY bucket), ''::bytea)), 'hex') AS digest
        FROM (
            SELECT {number} / 1024 AS bucket, max({number}) AS last, count(*) AS rows,
                sha256(string_agg(sha256(convert_to({text}, 'UTF8')), ''::bytea ORDER BY {number})) AS part
            FROM {table} WHERE {number} > %(after)s AND (%(last)s::bigint IS NULL OR {number} <= %(last)s)
            GROUP BY 1) parts
        """,
        after=after,
        last=last,
    )
    return row


def verify(tally: Tally) -> Iterator[Difference]:
    """Anchors follow each other unbroken, and what each of them covers is still there, unchanged."""
    previous, expected, before = b"", 1, dict.fromkeys(COVERED, 0)
    for anchor in Anchor.objects.order_by("seq"):
        tally.rows["anchors"] += 1
        if anchor.seq != expected:
            yield Difference("anchors", f"anchor: anchor {expected} is missing before anchor {anchor.seq}")
        if digest(previous, anchor) != bytes(anchor.hash):
            yield Difference("anchors", f"anchor: anchor {anchor.seq} does not match its hash")
        for kind, covered in json.loads(anchor.body).items():
            now = _cover(kind, before.get(kind, 0), covered["last"])
            if now["rows"] != covered["rows"]:
                how = f"{covered['rows']} {kind} were there, now there are {now['rows']}"
            else:
                how = "" if now["digest"] == covered["digest"] else f"{kind} were edited"
            if how:
                text = f"{how} (numbers {before.get(kind, 0) + 1} to {covered['last']})"
                yield Difference("anchors", f"anchor: since anchor {anchor.seq} of {anchor.made_at:%Y-%m-%d}: {text}")
            before[kind] = covered["last"]
        previous, expected = bytes(anchor.hash), anchor.seq + 1


def digest(previous: bytes, anchor: Anchor) -> bytes:
    """The hash of an anchor, recomputed: over the previous hash in hex, its number, its moment and its body."""
    made_at = anchor.made_at.astimezone(UTC).strftime(MOMENT)
    return hashlib.sha256("\n".join([previous.hex(), str(anchor.seq), made_at, anchor.body]).encode()).digest()


def lines() -> Iterator[str]:
    """Every anchor as a line of JSON, oldest first: what is sent off the machine."""
    for anchor in Anchor.objects.order_by("seq"):
        yield json.dumps(
            {
                "seq": anchor.seq,
                "made_at": anchor.made_at.astimezone(UTC).strftime(MOMENT),
                "body": anchor.body,
                "hash": bytes(anchor.hash).hex(),
            },
            sort_keys=True,
        )


def against(exported: Iterator[str], tally: Tally) -> Iterator[Difference]:
    """Every exported anchor is still in the database as it was sent."""
    here = {json.loads(line)["seq"]: line for line in lines()}
    for line in exported:
        if not line.strip():
            continue
        tally.rows["exported anchors"] += 1
        sent = json.loads(line)
        own = here.get(sent["seq"])
        if own is None:
            yield Difference("anchors", f"anchor: exported anchor {sent['seq']} is not in the database")
        elif json.loads(own) != sent:
            yield Difference("anchors", f"anchor: exported anchor {sent['seq']} was made anew in the database")


def settle(*, patience_s: float = PATIENCE_S) -> None:
    """Wait until every command that is under way now has ended, one way or the other. Holds nobody up. Raises NotSettled.

    A command takes the lock of its key before it takes a number, so every number given out so far belongs to a
    transaction that is over or holds such a lock.
    """
    under_way = _under_way()
    end = time.monotonic() + patience_s
    while under_way:
        if time.monotonic() > end:
            raise NotSettled
        time.sleep(0.02)
        under_way &= _under_way()


def _under_way() -> set[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            # What ends in /0 is a lock that a session keeps between transactions: a job's, not a command's.
            "SELECT pid, virtualtransaction FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            " AND virtualtransaction NOT LIKE '%/0' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return {(int(pid), str(transaction)) for pid, transaction in cursor.fetchall()}

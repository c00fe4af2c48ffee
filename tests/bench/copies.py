"""A large reserve: the demo, which was made through the doors, copied in SQL until there are as many lots as asked for.

Every copy of a lot brings everything that the ledger left about it (facts, chain, balances, entries, the commands behind
them, requests and decisions, orders and deliveries), under numbers of its own and some seconds earlier. Copies stand in
the order in which they would have been recorded. `verify_ledger` recomputes all of it and finds nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import DateTimeField, Field, ForeignKey, Model

from config.approvals.models import Decision, Request
from config.audit.models import Command
from inventory import ledger, months, verification
from inventory.models import (
    AllocationChange,
    Assay,
    Balance,
    ConditionChange,
    Count,
    Freeze,
    Lot,
    LotFact,
    LotParent,
    Movement,
    PositionEntry,
    Retest,
)
from inventory.verification.chains import TABLES
from procurement import origins
from procurement.models import VOLATILE, Delivered, Order, OrderEvent, OrderLine
from reserve import flags, rotation
from reserve.models import Rotation

COPIED: tuple[type[Model], ...] = (
    Command,
    Request,
    Decision,
    Lot,
    LotParent,
    Assay,
    ConditionChange,
    Movement,
    Retest,
    AllocationChange,
    Count,
    Freeze,
    Balance,
    PositionEntry,
    Order,
    OrderLine,
    OrderEvent,
    Delivered,
    Rotation,
)
# Requests about people and targets are not a lot's.
ONLY = {
    Request: "b.kind LIKE 'inventory.%'",
    Decision: "b.request_id IN (SELECT id FROM approvals_request WHERE kind LIKE 'inventory.%')",
}
# Columns that name a row without a foreign key.
NAMES = {"command_id": Command, "retest_id": Retest}
SUPPLIER_LOT = """CASE WHEN b.supplier_lot ~ '^[A-H][0-9]{5}$'
    THEN left(b.supplier_lot, 1) || lpad((hashtext(b.supplier_lot || n) & 2147483647)::text, 7, '0')
    ELSE b.supplier_lot || '-' || n END"""


@dataclass(frozen=True)
class Copying:
    """How often everything is copied, and the highest number of each table before it is."""

    copies: int
    last: dict[type[Model], int]

    def number(self, model: type[Model], column: str) -> str:
        """SQL for the number that the n-th copy of a row gets: copies of one row follow each other, as the rows do."""
        return f"{self.last[model]} + ({column} - 1) * {self.copies} + n"

    @property
    def times(self) -> str:
        """A FROM item that gives each row b its copies n, row by row: on disk too they lie in the order of their numbers."""
        return f"CROSS JOIN LATERAL generate_series(1, {self.copies} + 0 * b.id) n"

    def values(self, model: type[Model]) -> Iterator[tuple[str, str]]:
        """Each column of a table, and SQL for its value in the n-th copy of row b."""
        for field in model._meta.concrete_fields:
            if not field.generated:
                yield str(field.column), self.value(model, field)

    def value(self, model: type[Model], field: "Field[Any, Any]") -> str:
        column = str(field.column)
        own = f"b.{column}"
        pointed = field.remote_field.model if isinstance(field, ForeignKey) else NAMES.get(column)
        special = {
            (Command, "key"): "gen_random_uuid()",
            (Lot, "number"): f"left(b.number, 6) || to_char({self.number(Lot, 'b.id')}, 'FM9999900000')",
            (Lot, "number_key"): f"left(b.number_key, 6) || to_char({self.number(Lot, 'b.id')}, 'FM9999900000')",
            (Lot, "supplier_lot"): SUPPLIER_LOT,
            (Order, "number"): f"left(b.number, 6) || to_char({self.number(Order, 'b.id')}, 'FM9999990000')",
            (Order, "flag_id"): "NULL",
            (Request, "subject"): f"""coalesce((SELECT left(l.number, 6) || to_char({self.number(Lot, "l.id")},
                'FM9999900000') FROM inventory_lot l WHERE l.number_key = lower(b.subject)), b.subject)""",
            (Request, "body"): f"""CASE WHEN b.kind = 'inventory.reverse' THEN jsonb_set(b.body, '{{movement}}',
                to_jsonb({self.number(Movement, "(b.body ->> 'movement')::bigint")})) ELSE b.body END""",
        }
        if found := special.get((model, column)):
            return found
        if field.primary_key:
            return self.number(model, own)
        if pointed in self.last:
            return self.number(pointed, own)
        return f"{own} - n * interval '1 second'" if isinstance(field, DateTimeField) else own


def make(*, lots: int, now: datetime, tell: Callable[[str], None]) -> None:
    """Copy the demo until there are about `lots` lots; then look at dates, rotations and flags, anchor and sum."""
    with transaction.atomic(), connection.cursor() as cursor:
        _make_copies(lots, cursor, tell)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    tell("looking at dates, rotations and flags")
    ledger.lapse_retests(now=now)
    rotation.plan(now=now)
    flags.scan(now=now)
    tell("anchoring and summing")
    verification.make_anchor(now=now)
    months.sum_months(now=now)
    origins.sum_origins(now=now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _make_copies(lots: int, cursor: Any, tell: Callable[[str], None]) -> None:
    """All copies or none. No trigger fires: numbers, hashes and references are made here, and verified afterwards."""
    last = {model: model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in COPIED}
    copying = Copying(lots // Lot.objects.count() - 1, last)
    if copying.copies < 1:
        return
    cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '512MB'")
    indexes = _dropped_indexes(cursor)
    for model in COPIED:
        tell(f"copying {model.__name__} {copying.copies} times")
        cursor.execute(_copy(copying, model))
    tell("linking the chains of the lots")
    cursor.execute("ANALYZE")
    _chains(copying, cursor)
    tell("making the indexes again")
    for index in indexes:
        cursor.execute(index)
    cursor.execute("SET LOCAL session_replication_role = origin")
    tell("entering orders, adding up positions")
    _register(copying, cursor)
    _add_up(copying, cursor)


def _dropped_indexes(cursor: Any) -> list[str]:
    """The indexes of the large tables that serve readers only, dropped while rows pour in; and how to make them again."""
    tables = [*(model._meta.db_table for model in COPIED), LotFact._meta.db_table]
    cursor.execute(
        """
        SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(%s)
           AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)
        """,
        [tables],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def _copy(copying: Copying, model: type[Model]) -> str:
    columns = dict(copying.values(model))
    table = model._meta.db_table
    return f"""
        INSERT INTO {table} ({", ".join(columns)})
        SELECT {", ".join(columns.values())}
        FROM (SELECT * FROM {table} b WHERE id <= {copying.last[model]} AND {ONLY.get(model, "true")} ORDER BY id) b
        {copying.times};
        SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}
    """


def _chains(copying: Copying, cursor: Any) -> None:
    """The facts of the copies, link by link: each hash is of the fact and of the hash before it, as the trigger makes it."""
    cursor.execute("SELECT max(seq), max(id) FROM inventory_lotfact")
    longest, last_fact = cursor.fetchone()
    of_kind = {model._meta.db_table: model for model in COPIED}
    lot = copying.number(Lot, "b.lot_id")
    for seq in range(1, longest + 1):
        for kind, (table, _column) in TABLES.items():
            row = copying.number(of_kind[table], "b.row_id")
            body = "to_jsonb(r)"
            if kind == "lot":  # as it was on the day: what its columns say now came later
                cut = ["number", "number_key", "supplier_lot", "received_at", "command_id"]
                own = ", ".join(f"'{name}', r.{name}" for name in cut)
                body = f"b.body::jsonb || jsonb_build_object({own})"
            cursor.execute(
                f"""
                INSERT INTO inventory_lotfact (lot_id, seq, kind, row_id, body, hash)
                SELECT lot_id, seq, kind, row_id, body, sha256(convert_to(concat_ws(E'\\n',
                    coalesce(encode(before, 'hex'), ''), lot_id, seq, kind, row_id, body), 'UTF8'))
                FROM (
                    SELECT {lot} AS lot_id, b.seq, b.kind, r.id AS row_id, ({body})::text AS body, f.hash AS before
                    FROM (SELECT * FROM inventory_lotfact b WHERE id <= {last_fact} AND seq = {seq} AND kind = '{kind}'
                          ORDER BY id) b
                    {copying.times}
                    JOIN {table} r ON r.id = {row}
                    LEFT JOIN inventory_lotfact f ON f.lot_id = {lot} AND f.seq = {seq - 1}
                ) made
                """
            )


def _add_up(copying: Copying, cursor: Any) -> None:
    """Positions are sums: with k copies, k + 1 times what they were."""
    times = f"(SELECT {copying.copies + 1} AS k) times"
    cursor.execute(
        f"UPDATE inventory_position SET (net_mg, free_mg, lots) = ROW(net_mg * k, free_mg * k, lots * k) FROM {times}"
    )
    cursor.execute(
        "UPDATE inventory_containedposition SET (contained_mg, free_mg) = ROW(contained_mg * k, free_mg * k)"
        f" FROM {times}"
    )
    cursor.execute("SELECT setval('inventory_lot_number', max(id)) FROM inventory_lot")


def _register(copying: Copying, cursor: Any) -> None:
    """Orders and their lines enter the registry's chain, which has one end: row by row."""
    cut = "".join(f" - '{column}'" for column in VOLATILE)
    for model, body in ((Order, "to_jsonb(r)"), (OrderLine, f"to_jsonb(r){cut}")):
        table, last = model._meta.db_table, copying.last[model]
        cursor.execute(
            f"SELECT count(audit_append_registry('{table}', r.id, 'insert', {body}))"
            f" FROM (SELECT * FROM {table} WHERE id > {last} ORDER BY id) r"
        )

"""Do orders and the ledger tell the same? One more check of the ledger's verification: it names, it never repairs."""

from collections.abc import Iterator

from django.db import connection

from inventory.verification import Difference, Tally
from procurement import origins

LABEL, ORIGINS = "Order lines say what arrived on them", "Origins are the sum of their entries"
_MOST = 1000

# A reversal that the sweep has yet to handle is no difference: its line follows within seconds.
_LINES = """
    SELECT format('order %%s, line %%s: %%s mg received by the books, %%s mg by its deliveries',
                  o.number, line.number, line.received_mg, coalesce(sum(d.net_mg) FILTER (WHERE back.id IS NULL), 0))
    FROM procurement_orderline line
    JOIN procurement_order o ON o.id = line.order_id
    LEFT JOIN procurement_delivered d ON d.line_id = line.id
    LEFT JOIN inventory_movement back ON back.reverses_id = d.movement_id
    WHERE NOT EXISTS (
        SELECT 1 FROM jobs_outbox work JOIN procurement_delivered waiting
            ON waiting.movement_id = (work.payload ->> 'movement')::bigint
        WHERE work.topic = 'inventory.reversed' AND work.done_at IS NULL AND waiting.line_id = line.id)
    GROUP BY o.number, line.id
    HAVING line.received_mg <> coalesce(sum(d.net_mg) FILTER (WHERE back.id IS NULL), 0)
    ORDER BY 1 LIMIT %s
"""
_DELIVERIES = """
    SELECT format('delivery %%s of order %%s, line %%s: it is not what its receipt and its command say',
                  d.id, o.number, line.number)
    FROM procurement_delivered d
    JOIN procurement_orderline line ON line.id = d.line_id
    JOIN procurement_order o ON o.id = line.order_id
    JOIN inventory_lot lot ON lot.id = d.lot_id
    LEFT JOIN inventory_movement m ON m.id = d.movement_id AND m.kind = 'receive' AND m.lot_id = d.lot_id
        AND m.net_mg = d.net_mg AND m.command_id = d.command_id AND m.occurred_at = d.occurred_at
    LEFT JOIN audit_command c ON c.id = d.command_id AND c.outcome = 'done' AND c.actor_id = d.actor_id
        AND c.recorded_at = d.recorded_at
    WHERE m.id IS NULL OR c.id IS NULL OR lot.material_id <> line.material_id
    ORDER BY d.id LIMIT %s
"""
_STATES = """
    SELECT format('order %%s: it is %%s, and its lines say otherwise', o.number, o.state)
    FROM procurement_order o JOIN procurement_orderline line ON line.order_id = o.id
    GROUP BY o.id
    HAVING o.state IN ('placed', 'part received', 'received') AND o.state <> CASE
        WHEN sum(line.received_mg) = 0 THEN 'placed' WHEN sum(line.open_mg) = 0 THEN 'received' ELSE 'part received' END
    ORDER BY 1 LIMIT %s
"""


def deliveries(tally: Tally) -> Iterator[Difference]:
    """Lines against their deliveries, deliveries against the ledger and its commands, states against lines."""
    tally.count("deliveries against orders", "SELECT count(*) FROM procurement_delivered")
    with connection.cursor() as cursor:
        for statement in (_LINES, _DELIVERIES, _STATES):
            cursor.execute(statement, [_MOST])
            yield from (Difference("orders", sentence) for (sentence,) in cursor.fetchall())


def origin_sums(tally: Tally) -> Iterator[Difference]:
    """What the nightly job summed by who delivered it = the entries it covers."""
    tally.count("sums by origin", "SELECT count(*) FROM procurement_originsum")
    for number in origins.differing():
        yield Difference("origins", f"origins: sum {number or 'that is missing'} is not what its entries come to")

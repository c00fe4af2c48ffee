"""Lots that were frozen before freezes were facts, and still are, get the fact: of the command that froze them."""

from django.db import migrations

FACTS = """
    WITH made AS (
        INSERT INTO inventory_freeze (lot_id, frozen, reason, occurred_at, recorded_at, actor_id, command_id)
        SELECT lot.id, true, '', c.recorded_at, c.recorded_at, c.actor_id, c.id
        FROM inventory_lot lot JOIN audit_command c ON c.kind = 'inventory.freeze' AND c.outcome = 'done'
            AND c.recorded_at = lot.frozen_at AND c.request -> 'lots' @> to_jsonb(lot.id)
        WHERE NOT EXISTS (SELECT 1 FROM inventory_freeze f WHERE f.lot_id = lot.id)
        ORDER BY lot.id
        RETURNING lot_id
    )
    UPDATE inventory_lot SET last_seq = last_seq + 1 FROM made WHERE id = made.lot_id
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0016_what_was_agreed_is_what_is_done")]
    operations = [migrations.RunSQL(FACTS, migrations.RunSQL.noop)]

"""What lies somewhere since before rounds were kept: when it last came there after there was nothing."""

from django.db import migrations

ARRIVALS = """
    UPDATE inventory_balance b SET arrived_at = came.at FROM (
        SELECT DISTINCT ON (lot_id, location_id) lot_id, location_id, occurred_at AS at FROM (
            SELECT id, lot_id, location_id, occurred_at, mg,
                sum(mg) OVER (PARTITION BY lot_id, location_id ORDER BY id) AS after_mg
            FROM (SELECT id, lot_id, destination_id AS location_id, occurred_at, net_mg AS mg FROM inventory_movement
                  UNION ALL SELECT id, lot_id, origin_id, occurred_at, -net_mg FROM inventory_movement) m
        ) moved
        WHERE mg > 0 AND after_mg = mg
        ORDER BY lot_id, location_id, id DESC
    ) came WHERE came.lot_id = b.lot_id AND came.location_id = b.location_id
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0018_counts_of_lots")]
    operations = [migrations.RunSQL(ARRIVALS, migrations.RunSQL.noop)]

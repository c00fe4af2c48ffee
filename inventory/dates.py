"""The dates that lots run towards, as SQL for statements of other apps, and as what a person may see."""

# Every lot that is still held: lot_id, number, material_id, condition, retest_due_on, expires_on, net_mg, and the codes of
# the sites where it lies or for which it is bound.
HELD_LOTS = """(SELECT lot.id AS lot_id, lot.number, lot.material_id, lot.condition, lot.retest_due_on, lot.expires_on,
        sum(balance.net_mg)::bigint AS net_mg,
        array_agg(DISTINCT coalesce(bound.code, site.code)) AS site_codes
    FROM inventory_lot AS lot
    JOIN inventory_balance AS balance ON balance.lot_id = lot.id AND balance.net_mg > 0
    JOIN inventory_location AS location ON location.id = balance.location_id
    JOIN inventory_site AS site ON site.id = location.site_id
    LEFT JOIN inventory_site AS bound ON bound.id = location.bound_for_id
    GROUP BY lot.id)"""

# Retests: what was found, which due date it answered, which it set.
RETESTS = "(SELECT id AS retest_id, lot_id, passed, performed_on, previous_due_on, next_due_on FROM inventory_retest)"

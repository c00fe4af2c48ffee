"""The dates that lots run towards, as SQL that statements of other apps are made of. Aliases come from the caller's own text."""

# Every lot with its dates, held or not: lot_id, number, material_id, condition, retest_due_on, expires_on, last_seq.
LOTS = (
    """(SELECT id AS lot_id, number, material_id, condition, retest_due_on, expires_on, last_seq FROM inventory_lot)"""
)

# Retests: what was found, by whom, which due date it answered, which it set.
RETESTS = """(SELECT id AS retest_id, lot_id, passed, performed_on, previous_due_on, next_due_on, lab, note, actor_id, recorded_at
    FROM inventory_retest)"""

# Accepted lots in stores whose last eligible day lies from %(from)s to before %(until)s, by site: lot_id, material_id,
# eligible_until, site_code, free_mg. What lies there and is free leaves the eligible figure after that day. OFFSET 0 keeps
# the order: from the lots of those days to where they lie; the other way round reads every balance of the sites.
LAPSING = """(SELECT lot.id AS lot_id, lot.material_id, lot.eligible_until, site.code AS site_code,
        balance.net_mg - balance.allocated_mg AS free_mg
    FROM inventory_lot AS lot
    CROSS JOIN LATERAL (SELECT location_id, net_mg, allocated_mg FROM inventory_balance
                        WHERE lot_id = lot.id AND net_mg > 0 OFFSET 0) AS balance
    JOIN inventory_location AS location ON location.id = balance.location_id AND location.kind = 'store'
    JOIN inventory_site AS site ON site.id = location.site_id
    WHERE lot.condition IN ('A', 'B', 'C') AND lot.eligible_until >= %(from)s AND lot.eligible_until < %(until)s)"""


def held(lot_id: str, codes: str = "NULL") -> str:
    """A LATERAL item of one lot: net_mg (null when nothing is held any more) and site_codes, where it lies or is bound for.

    `lot_id` is the column of the enclosing statement that names the lot. `codes` is an array of the sites whose share
    counts; null counts all.
    """
    mine = f"AND ({codes}::text[] IS NULL OR {_AT.format(codes=codes)})" if codes != "NULL" else ""
    return f"""(SELECT sum(balance.net_mg)::bigint AS net_mg,
        array_agg(DISTINCT site.code ORDER BY site.code)
            || array_remove(array_agg(DISTINCT bound.code ORDER BY bound.code), NULL) AS site_codes
    {_BALANCES} WHERE balance.lot_id = {lot_id} AND balance.net_mg > 0 {mine})"""


def lies_at(lot_id: str, codes: str) -> str:
    """A condition: the lot lies at one of the sites of the array `codes`, or is bound for one."""
    places = f"""SELECT location.id FROM inventory_location AS location
        JOIN inventory_site AS site ON site.id = location.site_id
        LEFT JOIN inventory_site AS bound ON bound.id = location.bound_for_id WHERE {_AT.format(codes=codes)}"""
    return f"""EXISTS (SELECT 1 FROM inventory_balance AS balance WHERE balance.lot_id = {lot_id} AND balance.net_mg > 0
        AND balance.location_id = ANY(ARRAY({places})) OFFSET 0)"""


_BALANCES = """FROM inventory_balance AS balance
    JOIN inventory_location AS location ON location.id = balance.location_id
    JOIN inventory_site AS site ON site.id = location.site_id
    LEFT JOIN inventory_site AS bound ON bound.id = location.bound_for_id"""
_AT = "(site.code = ANY({codes}) OR bound.code = ANY({codes}))"

"""Balances are the sum of movements, positions the sum of their entries, and both say the same. Recomputed in SQL alone."""

from collections.abc import Iterator

from inventory.verification.difference import Difference, Tally, lot_name, select


def balances(tally: Tally) -> Iterator[Difference]:
    """Net mass of each lot at each location = movements in minus out; allocated = sum of allocation changes."""
    tally.count("movements", "SELECT count(*) FROM inventory_movement")
    tally.count("balances", "SELECT count(*) FROM inventory_balance")
    for row in select(_BALANCES):
        where = f"{lot_name(row)} at {row['location'] or 'a location that is not there'}"
        if row["net_mg"] != row["moved_mg"]:
            text = f"balance: {where} holds {row['net_mg']} mg, its movements come to {row['moved_mg']} mg"
            yield Difference("balances", text, row["lot_id"])
        if row["allocated_mg"] != row["earmarked_mg"]:
            text = (
                f"balance: {where} has {row['allocated_mg']} mg allocated, its changes come to {row['earmarked_mg']} mg"
            )
            yield Difference("balances", text, row["lot_id"])


_BALANCES = """
    WITH moved AS (
        SELECT m.lot_id, m.location_id, sum(m.mg)::bigint AS mg FROM (
            SELECT lot_id, destination_id AS location_id, net_mg AS mg FROM inventory_movement
            UNION ALL SELECT lot_id, origin_id, -net_mg FROM inventory_movement) m
        JOIN inventory_location l ON l.id = m.location_id AND l.kind = ANY(%(holding)s)
        GROUP BY 1, 2
    ), earmarked AS (
        SELECT lot_id, location_id, sum(delta_mg)::bigint AS mg FROM inventory_allocationchange GROUP BY 1, 2
    ), compared AS (
        SELECT lot_id, location_id, coalesce(b.net_mg, 0) AS net_mg, coalesce(m.mg, 0) AS moved_mg,
            coalesce(b.allocated_mg, 0) AS allocated_mg, coalesce(e.mg, 0) AS earmarked_mg
        FROM inventory_balance b
        FULL JOIN moved m USING (lot_id, location_id)
        FULL JOIN earmarked e USING (lot_id, location_id)
    )
    SELECT c.*, lot.number, l.code AS location
    FROM compared c LEFT JOIN inventory_lot lot ON lot.id = c.lot_id LEFT JOIN inventory_location l ON l.id = c.location_id
    WHERE c.net_mg <> c.moved_mg OR c.allocated_mg <> c.earmarked_mg
    ORDER BY c.lot_id, c.location_id LIMIT %(most)s
"""


def entries(tally: Tally) -> Iterator[Difference]:
    """Each position = the sum of its entries."""
    tally.count("position entries", "SELECT count(*) FROM inventory_positionentry")
    for row in select(_ENTRIES):
        yield Difference(
            "entries", f"position: {_key(row)} stands at {_amount(row)}, its entries come to {_other(row)}"
        )


def positions(tally: Tally) -> Iterator[Difference]:
    """Each position = what the lots' balances, condition, verdict and assay make of it, contained mass half-even per lot."""
    tally.count("positions", "SELECT count(*) FROM inventory_position")
    tally.count("positions", "SELECT count(*) FROM inventory_containedposition")
    for row in select(_POSITIONS):
        yield Difference("positions", f"position: {_key(row)} stands at {_amount(row)}, its lots come to {_other(row)}")


def _key(row: dict[str, object]) -> str:
    what = f"{row['symbol']} in {row['material']}" if row["symbol"] else str(row["material"])
    return f"{what} at {row['site']} ({row['place']}, condition {row['condition']}, {row['verdict']})"


def _amount(row: dict[str, object]) -> str:
    return f"{row['mass_mg']} mg, {row['free_mg']} mg free, {row['lots']} lots"


def _other(row: dict[str, object]) -> str:
    return f"{row['mass2_mg']} mg, {row['free2_mg']} mg free, {row['lots2']} lots"


_STANDING = """
    SELECT material_id, 0::bigint AS element_id, site_id, place, condition, verdict, net_mg AS mass_mg, free_mg, lots
    FROM inventory_position
    UNION ALL
    SELECT material_id, element_id, site_id, place, condition, verdict, contained_mg, free_mg, 0
    FROM inventory_containedposition
"""
_COMPARE = f"""
    , compared AS (
        SELECT material_id, element_id, site_id, place, condition, verdict,
            coalesce(a.mass_mg, 0) AS mass_mg, coalesce(a.free_mg, 0) AS free_mg, coalesce(a.lots, 0) AS lots,
            coalesce(b.mass_mg, 0) AS mass2_mg, coalesce(b.free_mg, 0) AS free2_mg, coalesce(b.lots, 0) AS lots2
        FROM ({_STANDING}) a FULL JOIN other b USING (material_id, element_id, site_id, place, condition, verdict)
    )
    SELECT c.*, m.code AS material, e.symbol, s.code AS site
    FROM compared c LEFT JOIN inventory_material m ON m.id = c.material_id
    LEFT JOIN inventory_element e ON e.id = c.element_id LEFT JOIN inventory_site s ON s.id = c.site_id
    WHERE (c.mass_mg, c.free_mg, c.lots) <> (c.mass2_mg, c.free2_mg, c.lots2)
    ORDER BY m.code, e.symbol, s.code, c.place, c.condition, c.verdict LIMIT %(most)s
"""
_ENTRIES = f"""
    WITH other AS (
        SELECT material_id, coalesce(element_id, 0) AS element_id, site_id, place, condition, verdict,
            sum(mass_mg)::bigint AS mass_mg, sum(free_mg)::bigint AS free_mg, sum(lots)::bigint AS lots
        FROM inventory_positionentry GROUP BY 1, 2, 3, 4, 5, 6
    )
    {_COMPARE}
"""


def half_even(exact: str) -> str:
    """SQL for a non-negative exact numeric rounded half-even to a whole: up from the half, back where that made it odd."""
    up = f"floor({exact} + 0.5)"
    return f"({up} - CASE WHEN {up} = {exact} + 0.5 AND mod({up}, 2) = 1 THEN 1 ELSE 0 END)"


_POSITIONS = f"""
    WITH held AS (
        SELECT lot.material_id, l.site_id, l.kind AS place, lot.condition, lot.verdict, lot.assay_id, b.lot_id,
            b.net_mg, b.net_mg - b.allocated_mg AS free_mg
        FROM inventory_balance b JOIN inventory_lot lot ON lot.id = b.lot_id
        JOIN inventory_location l ON l.id = b.location_id
        WHERE b.net_mg > 0
    ), fractions AS (
        SELECT a.id AS assay_id, e.id AS element_id, (1 - a.moisture) * f.value::numeric AS share
        FROM inventory_assay a CROSS JOIN jsonb_each_text(a.fractions) f JOIN inventory_element e ON e.symbol = f.key
        WHERE a.id IN (SELECT assay_id FROM held)
    ), other AS (
        SELECT material_id, 0::bigint AS element_id, site_id, place, condition, verdict,
            sum(net_mg)::bigint AS mass_mg, sum(free_mg)::bigint AS free_mg, count(DISTINCT lot_id) AS lots
        FROM held GROUP BY 1, 3, 4, 5, 6
        UNION ALL
        SELECT material_id, element_id, site_id, place, condition, verdict,
            sum({half_even("net_mg * share")})::bigint, sum({half_even("free_mg * share")})::bigint, 0
        FROM held JOIN fractions USING (assay_id) GROUP BY 1, 2, 3, 4, 5, 6
    )
    {_COMPARE}
"""

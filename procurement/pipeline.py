"""The pipeline: what is placed and not yet delivered. It is never stock, and is always shown apart, by promised day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

# One row a line with something open; for a single statement of another app: WITH pipeline AS ({pipeline.SQL}).
SQL = """
    SELECT line.id AS line_id, o.number AS order_number, line.material_id, line.site_id, line.promised_on,
           greatest(line.ordered_mg - line.cancelled_mg - line.received_mg, 0) AS on_order_mg
    FROM procurement_orderline line JOIN procurement_order o ON o.id = line.order_id
    WHERE o.state IN ('placed', 'part received') AND line.open_mg > 0
"""


@dataclass(frozen=True)
class PipelineRow:
    """A line on its way; `on_order_mg` is ordered less received and cancelled, never below nothing."""

    line_id: int
    order: str
    line: int
    supplier: str
    material: str
    material_name: str
    site: str
    promised_on: date
    on_order_mg: int
    flag_id: int | None


def rows(
    *, materials: Sequence[str] = (), site: str = "", flag_id: int | None = None, limit: int = 500
) -> list[PipelineRow]:
    """Lines on their way, by promised day; of some materials (codes), to one site, or answering one flag. One query.

    Whoever calls has checked the act `orders.see`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH pipeline AS ({SQL})
            SELECT p.line_id, p.order_number, line.number, supplier.name, material.code, material.name, site.code,
                   p.promised_on, p.on_order_mg, o.flag_id
            FROM pipeline p
            JOIN procurement_orderline line ON line.id = p.line_id
            JOIN procurement_order o ON o.id = line.order_id
            JOIN procurement_supplier supplier ON supplier.id = o.supplier_id
            JOIN inventory_material material ON material.id = p.material_id
            JOIN inventory_site site ON site.id = p.site_id
            WHERE (%(materials)s::text[] IS NULL OR material.code = ANY(%(materials)s))
              AND (%(site)s = '' OR site.code = %(site)s)
              AND (%(flag_id)s::bigint IS NULL OR o.flag_id = %(flag_id)s)
            ORDER BY p.promised_on, p.line_id LIMIT %(limit)s
            """,
            {"materials": list(materials) or None, "site": site, "flag_id": flag_id, "limit": limit},
        )
        return [PipelineRow(*row) for row in cursor.fetchall()]

"""Who delivered what is held of an element: suppliers' countries, by stage of the material. Masses in mg.

What is known is who delivered it. Where it was mined, separated or melted is recorded nowhere yet, so nothing here says
that a sourcing rule is met; and what came without an order stays unknown, never somebody's.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from config.accounts.models import User
from inventory import positions


@dataclass(frozen=True)
class Origin:
    """Contained mass held at one stage that suppliers of one country delivered; country "" where nobody is recorded."""

    stage: str
    country: str
    mass_mg: int
    lots: int
    suppliers: int


@dataclass(frozen=True)
class Concentration:
    """How much of what is known hangs on how few: the largest country's share, and the HHI of the shares (0 to 10,000).

    `alike` is 10,000 / HHI: as concentrated as if it came from that many countries in equal parts.
    """

    country: str
    share_pct: Decimal
    hhi: int
    alike: Decimal
    known_pct: Decimal


def by_country(*, user: User, element: str, form: str = "") -> list[Origin]:
    """What is held now, anywhere the person may see, by stage and the country of who delivered it. One query.

    A lot that was split off came from whoever delivered the lot it came out of. Whoever calls has checked `orders.see`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"symbol": element, "form": form, "sites": positions.sites_of(user)})
        return [Origin(*line) for line in cursor.fetchall()]


def concentration(origins: list[Origin]) -> Concentration | None:
    """Of what is held and known, over all stages given; None where nothing is known."""
    masses: dict[str, int] = {}
    for row in origins:
        masses[row.country] = masses.get(row.country, 0) + row.mass_mg
    whole = sum(masses.values())
    known = whole - masses.pop("", 0)
    if not known:
        return None
    largest = max(masses, key=lambda country: (masses[country], country))
    squares = sum(Decimal(mass_mg * 100) ** 2 / Decimal(known) ** 2 for mass_mg in masses.values())
    return Concentration(
        country=largest,
        share_pct=Decimal(masses[largest] * 1000 // known) / 10,
        hhi=int(squares),
        alike=(Decimal(10000) / squares).quantize(Decimal("0.1")),
        known_pct=Decimal(known * 1000 // whole) / 10,
    )


_SQL = """
    WITH RECURSIVE held AS (
        SELECT entry.lot_id, entry.material_id, sum(entry.mass_mg) AS mass_mg
        FROM inventory_positionentry entry
        JOIN inventory_material m ON m.id = entry.material_id
        JOIN inventory_form f ON f.id = m.form_id AND (%(form)s = '' OR f.code = %(form)s)
        WHERE entry.element_id = (SELECT id FROM inventory_element WHERE symbol = %(symbol)s)
          AND (%(sites)s::text[] IS NULL OR entry.site_id IN (SELECT id FROM inventory_site WHERE code = ANY(%(sites)s)))
        GROUP BY entry.lot_id, entry.material_id HAVING sum(entry.mass_mg) > 0
    ),
    line AS (
        SELECT lot_id, lot_id AS ancestor_id FROM held
        UNION
        SELECT line.lot_id, parent.parent_id FROM line JOIN inventory_lotparent parent ON parent.lot_id = line.ancestor_id
    ),
    known AS (
        SELECT line.lot_id, min(supplier.country) AS country, min(supplier.id) AS supplier_id
        FROM line
        JOIN procurement_delivered delivered ON delivered.lot_id = line.ancestor_id
        JOIN procurement_orderline ordered ON ordered.id = delivered.line_id
        JOIN procurement_order o ON o.id = ordered.order_id
        JOIN procurement_supplier supplier ON supplier.id = o.supplier_id
        WHERE NOT EXISTS (SELECT 1 FROM inventory_movement r WHERE r.reverses_id = delivered.movement_id)
        GROUP BY line.lot_id HAVING count(DISTINCT supplier.country) = 1
    )
    SELECT form.stage, coalesce(known.country, ''), sum(held.mass_mg)::bigint, count(*), count(DISTINCT known.supplier_id)
    FROM held
    JOIN inventory_material material ON material.id = held.material_id
    JOIN inventory_form form ON form.id = material.form_id
    LEFT JOIN known USING (lot_id)
    GROUP BY form.stage, coalesce(known.country, '')
    ORDER BY min(form.rank), sum(held.mass_mg) DESC
"""

"""Who delivered what is held of an element: suppliers' countries, by stage of the material. Masses in mg.

What is known is who delivered it. Where it was mined, separated or melted is recorded nowhere yet, so nothing here says
that a sourcing rule is met; and what came without an order stays unknown, never somebody's.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Max

from config.jobs.schedule import Counts
from inventory import positions
from procurement.models import OriginSum


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


def by_country(*, element: str) -> list[Origin]:
    """What is held now, anywhere, by stage and the country of who delivered it. Two queries.

    A lot that was split off came from whoever delivered the lot it came out of. Whoever calls has checked `orders.see`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"symbol": element, "known_covered": _known_covered()})
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


def sum_origins(*, now: datetime) -> Counts:
    """The nightly job: sum what is held by who delivered it, as far as months are summed. Running twice changes nothing more.

    Made anew where there is more to cover, or where a sum is not what its entries come to; never up to a lower number.
    No entry up to that number can still come, and who delivered a lot is recorded with its receipt or split, so never
    changes. Readers see the old sums until the new ones are there.
    """
    kept = _known_covered()
    covered = max(kept, positions.known_covered())
    if covered == kept and not differing():
        return Counts(0, 0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procurement_originsum")
        cursor.execute(f"INSERT INTO procurement_originsum ({_COLUMNS}) {_summed('%(covered)s')}", {"covered": covered})
        return Counts(cursor.rowcount, cursor.rowcount)


def _known_covered() -> int:
    return OriginSum.objects.aggregate(last=Max("covered_entry"))["last"] or 0


def differing() -> list[int]:
    """Numbers of sums that their entries do not come to, or that are missing (0): recomputed from the entries."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH again ({_COLUMNS}) AS ({_summed(_COVERED)})
            SELECT coalesce(kept.id, 0) FROM procurement_originsum kept FULL JOIN again
              ON (kept.element_id, kept.material_id, coalesce(kept.supplier_id, 0))
                 = (again.element_id, again.material_id, coalesce(again.supplier_id, 0))
            WHERE (kept.mass_mg, kept.lots) IS DISTINCT FROM (again.mass_mg, again.lots) LIMIT 100
            """
        )
        return [row[0] for row in cursor.fetchall()]


_COLUMNS = "element_id, material_id, supplier_id, mass_mg, lots, covered_entry"
_COVERED = "(SELECT coalesce(max(covered_entry), 0) FROM procurement_originsum)"


def _delivered_by(lots: str) -> str:
    """CTEs `line` and `known`: lot_id -> supplier_id of the lots in a CTE, where all they came out of has one country.

    That its receipt was reversed later makes nobody else of a lot's supplier: what is left of it is nothing.
    """
    return f"""
    line AS (
        SELECT lot_id, lot_id AS ancestor_id FROM {lots}
        UNION
        SELECT line.lot_id, parent.parent_id FROM line JOIN inventory_lotparent parent ON parent.lot_id = line.ancestor_id
    ),
    known AS (
        SELECT line.lot_id, min(supplier.id) AS supplier_id
        FROM line
        JOIN procurement_delivered delivered ON delivered.lot_id = line.ancestor_id
        JOIN procurement_orderline ordered ON ordered.id = delivered.line_id
        JOIN procurement_order o ON o.id = ordered.order_id
        JOIN procurement_supplier supplier ON supplier.id = o.supplier_id
        GROUP BY line.lot_id HAVING count(DISTINCT supplier.country) = 1
    )"""


def _summed(covered: str) -> str:
    """A statement of _COLUMNS: the entries up to a number, by element, material and who delivered the lot."""
    return f"""
    SELECT * FROM (
        WITH RECURSIVE held AS (
            SELECT lot_id, material_id, element_id, sum(mass_mg) AS mass_mg FROM inventory_positionentry
            WHERE element_id IS NOT NULL AND id <= {covered}
            GROUP BY lot_id, material_id, element_id HAVING sum(mass_mg) <> 0
        ), {_delivered_by("held")}
        SELECT element_id, material_id, supplier_id, sum(mass_mg)::bigint, count(*), max({covered})
        FROM held LEFT JOIN known USING (lot_id) GROUP BY element_id, material_id, supplier_id
    ) summed"""


# What the nightly job summed, and what was recorded since; a lot counts where something is left of it.
_SQL = f"""
    WITH RECURSIVE element AS (SELECT id FROM inventory_element WHERE symbol = %(symbol)s),
    recent AS (
        SELECT lot_id, material_id, sum(mass_mg) AS mass_mg FROM inventory_positionentry
        WHERE element_id = (SELECT id FROM element) AND id > %(known_covered)s AND id > {_COVERED}
        GROUP BY lot_id, material_id
    ), {_delivered_by("recent")},
    standing AS (
        SELECT recent.*, (SELECT sum(entry.mass_mg) FROM inventory_positionentry entry
                          WHERE entry.lot_id = recent.lot_id AND entry.element_id = (SELECT id FROM element)) AS now_mg
        FROM recent
    ),
    summed AS (
        SELECT material_id, supplier_id, sum(mass_mg) AS mass_mg, sum(lots) AS lots FROM (
            SELECT material_id, supplier_id, mass_mg, lots FROM procurement_originsum
            WHERE element_id = (SELECT id FROM element)
            UNION ALL
            SELECT material_id, supplier_id, mass_mg, (now_mg <> 0)::int - (now_mg - mass_mg <> 0)::int
            FROM standing LEFT JOIN known USING (lot_id)
        ) part GROUP BY material_id, supplier_id HAVING sum(mass_mg) <> 0
    )
    SELECT form.stage, coalesce(supplier.country, ''), sum(mass_mg)::bigint, sum(lots)::bigint, count(DISTINCT supplier.id)
    FROM summed
    JOIN inventory_material material ON material.id = summed.material_id
    JOIN inventory_form form ON form.id = material.form_id
    LEFT JOIN procurement_supplier supplier ON supplier.id = summed.supplier_id
    GROUP BY form.stage, coalesce(supplier.country, '')
    ORDER BY min(form.rank), sum(mass_mg) DESC
"""

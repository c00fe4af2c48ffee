"""What leaves the eligible figure if nobody tests or replaces anything: by material, in the next three and six months.

Eligible here is what lies free in stores, accepted and in date, whatever its sourcing; a target that asks for proven
sourcing loses the proven part of it.
"""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import connection

from config.accounts.models import User
from inventory import dates, positions

NEAR, FAR = 3, 6


@dataclass(frozen=True)
class Leaving:
    """One material: what is eligible today, and what of it lapses within 3 and within 6 months; masses in mg, net.

    `unplanned` counts those lots of the six months that no open row of the schedule looks after; `has_policy` tells
    whether a policy of the material is in force or pending, so that it may yet plan them.
    """

    material: str
    material_name: str
    unit: str
    eligible_mg: int
    near_lots: int
    near_mg: int
    far_lots: int
    far_mg: int
    unplanned: int
    has_policy: bool


@dataclass(frozen=True)
class Outlook:
    """All materials that lose something within six months, soonest loss first."""

    near_until: date
    far_until: date
    rows: list[Leaving]

    @property
    def near_lots(self) -> int:
        return sum(row.near_lots for row in self.rows)

    @property
    def far_lots(self) -> int:
        return sum(row.far_lots for row in self.rows)

    @property
    def unplanned(self) -> int:
        return sum(row.unplanned for row in self.rows)


def ahead(*, user: User, today: date) -> Outlook:
    """What lapses if nothing is done, at the sites that the person may see. One query."""
    near, far = today + relativedelta(months=NEAR), today + relativedelta(months=FAR)
    named = {
        **positions.window(as_of=today, past=False),
        "from": today,
        "near": near,
        "until": far,
        "sites": positions.sites_of(user),
    }
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, named)
        return Outlook(near, far, [Leaving(*line) for line in cursor.fetchall()])


_MINE = "(%(sites)s::text[] IS NULL OR {site} = ANY(%(sites)s))"
_AHEAD = f"""
    WITH leaving AS (
        SELECT lot_id, material_id, eligible_until < %(near)s AS is_near, sum(free_mg)::bigint AS free_mg
        FROM {dates.LAPSING} l WHERE {_MINE.format(site="l.site_code")}
        GROUP BY lot_id, material_id, eligible_until
    ),
    summed AS (
        SELECT material_id, count(*) FILTER (WHERE is_near) AS near_lots,
               coalesce(sum(free_mg) FILTER (WHERE is_near), 0)::bigint AS near_mg,
               count(*) AS far_lots, sum(free_mg)::bigint AS far_mg,
               count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM reserve_rotation r
                                                  WHERE r.lot_id = leaving.lot_id AND r.finished_at IS NULL)) AS unplanned
        FROM leaving GROUP BY material_id
    ),
    eligible AS (
        SELECT p.material_id, sum(p.free_mg)::bigint AS free_mg
        FROM (SELECT material_id, site_id, free_mg FROM {positions.source(contained=False, past=False)} AS held
              WHERE place = 'store' AND condition IN ('A', 'B', 'C')
              UNION ALL
              SELECT material_id, site_id, -free_mg FROM {positions.LAPSED} AS lapsed WHERE element_id IS NULL) p
        JOIN inventory_site site ON site.id = p.site_id
        WHERE {_MINE.format(site="site.code")}
        GROUP BY p.material_id
    )
    SELECT material.code, material.name, material.unit, coalesce(eligible.free_mg, 0), near_lots, near_mg, far_lots, far_mg,
           unplanned, EXISTS (SELECT 1 FROM reserve_rotationpolicy p WHERE p.material_id = material.id AND p.is_active)
    FROM summed
    JOIN inventory_material material ON material.id = summed.material_id
    LEFT JOIN eligible ON eligible.material_id = summed.material_id
    ORDER BY near_mg DESC, far_mg DESC, material.code
"""

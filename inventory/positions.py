"""Positions: what is held, by material, site, place, condition and verdict; now, on any day, or as was believed on a day.

`source` and `LAPSED` are SQL for other apps that join positions in one statement of their own; parameters are named.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max

from config.accounts.matrix import Reach, reach
from config.accounts.models import User
from inventory.models import PositionMonth


@dataclass(frozen=True)
class PositionRow:
    """One position; masses in mg. `contained` maps element symbol to contained mg. `lots` is not additive over sites."""

    material: str
    material_name: str
    form: str
    stage: str
    site: str
    place: str
    condition: str
    verdict: str
    net_mg: int
    free_mg: int
    lots: int
    contained: dict[str, int] = field(default_factory=dict)


def end_of(day: date) -> datetime:
    """The moment at which a day has passed, UTC: entries before it belong to the day or to earlier ones."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)


def source(*, contained: bool, past: bool, known: bool = False) -> str:
    """A FROM item with material_id, element_id (contained only), site_id, place, condition, verdict, mass_mg, free_mg, lots.

    With `past`, the sum of entries before %(until)s: of those that were recorded before %(known_until)s if `known`, else
    of all, months that have passed by then as the nightly job summed them. Without, the rollup.
    """
    key = "material_id, site_id, place, condition, verdict"
    if not past and contained:
        return (
            f"(SELECT element_id, {key}, contained_mg AS mass_mg, free_mg, 0 AS lots FROM inventory_containedposition)"
        )
    if not past:
        return f"(SELECT {key}, net_mg AS mass_mg, free_mg, lots FROM inventory_position)"
    key = f"element_id, {key}" if contained else key
    which = f"element_id IS {'NOT NULL' if contained else 'NULL'}"
    return f"""(SELECT {key}, sum(mass_mg)::bigint AS mass_mg, sum(free_mg)::bigint AS free_mg, sum(lots)::bigint AS lots
        FROM ({_known(which) if known else _summed(which)}) entry GROUP BY {key})"""


_AMOUNTS = "material_id, element_id, site_id, place, condition, verdict, mass_mg, free_mg, lots"
# The number of the last entry that the sums by month cover. %(known_covered)s is a number that the nightly job had reached
# before the statement began: it changes no row, but tells PostgreSQL how little is left to read.
COVERED = "(SELECT coalesce(max(covered_entry), 0) FROM inventory_positionmonth)"
BEYOND_COVERED = f"id > %(known_covered)s AND id > {COVERED}"


def _known(which: str) -> str:
    return f"""SELECT {_AMOUNTS} FROM inventory_positionentry
        WHERE {which} AND occurred_at < %(until)s AND recorded_at < %(known_until)s"""


def _summed(which: str) -> str:
    """Whole months from their sums, the month of the day itself and what is newer than the sums from the entries.

    `id + 0`: almost every entry is covered, so its number is no way to find those of a month.
    """
    return f"""SELECT {_AMOUNTS} FROM inventory_positionmonth WHERE {which} AND month < %(month_of_day)s
        UNION ALL
        SELECT {_AMOUNTS} FROM inventory_positionentry
        WHERE {which} AND occurred_at >= %(month_of_day)s::timestamp AT TIME ZONE 'UTC' AND occurred_at < %(until)s
          AND id + 0 <= {COVERED}
        UNION ALL
        SELECT {_AMOUNTS} FROM inventory_positionentry WHERE {which} AND {BEYOND_COVERED} AND occurred_at < %(until)s"""


def known_covered() -> int:
    """The number of the last entry that is summed by month; 0 before the first night. One query."""
    return PositionMonth.objects.aggregate(last=Max("covered_entry"))["last"] or 0


# A FROM item: lots, each with its entries. OFFSET 0 keeps PostgreSQL from reading all entries first where few lots are meant.
OF_LOT = """inventory_lot AS lot CROSS JOIN LATERAL (
        SELECT * FROM inventory_positionentry WHERE lot_id = lot.id OFFSET 0) AS entry"""

# What lots still count in A-C although their last eligible day lies before %(as_of)s: no job has marked them yet. Their
# own entries say what they feed; a late job can so only understate what is eligible.
LAPSED = f"""(SELECT entry.material_id, entry.element_id, entry.site_id, entry.verdict,
        sum(entry.mass_mg)::bigint AS mass_mg, sum(entry.free_mg)::bigint AS free_mg
    FROM {OF_LOT}
    WHERE lot.condition IN ('A', 'B', 'C') AND lot.eligible_until < %(as_of)s
      AND entry.place = 'store' AND entry.condition IN ('A', 'B', 'C')
      AND entry.occurred_at < %(until)s AND entry.recorded_at < %(known_until)s
    GROUP BY entry.material_id, entry.element_id, entry.site_id, entry.verdict)"""

END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


def window(*, as_of: date, as_known_on: date | None = None, past: bool) -> dict[str, Any]:
    """The named parameters of `source` and `LAPSED`. One query for the past, none for now."""
    return {
        "as_of": as_of,
        "until": end_of(as_of) if past else END_OF_TIME,
        "known_until": end_of(as_known_on) if as_known_on else END_OF_TIME,
        "month_of_day": as_of.replace(day=1),
        "known_covered": known_covered() if past and not as_known_on else 0,
    }


def rows(
    *,
    user: User,
    as_of: date | None = None,
    as_known_on: date | None = None,
    element: str = "",
    form: str = "",
    site: str = "",
) -> list[PositionRow]:
    """Positions that the person may see, without those that are nothing; one query, two for a day that has passed.

    `as_of`: what was true at the end of that day. `as_known_on`: as it was recorded by the end of that day. Neither: now.
    `element` keeps materials in which it is counted.
    """
    past = as_of is not None or as_known_on is not None
    sites = sites_of(user)
    if sites is not None and not sites:
        return []
    named = {
        **window(as_of=as_of or date.max - timedelta(days=1), as_known_on=as_known_on, past=past),
        "element": element,
        "form": form,
        "site": site,
        "sites": sites,
    }
    with connection.cursor() as cursor:
        cursor.execute(_rows_sql(past, as_known_on is not None), named)
        found: dict[tuple[Any, ...], PositionRow] = {}
        for line in cursor.fetchall():
            key, symbol = line[1:7], line[10]
            if symbol is None:
                found[key] = PositionRow(*line[2:3], *line[7:10], *line[3:7], *line[11:])
            elif key in found:
                found[key].contained[symbol] = line[11]
    return list(found.values())


def sites_of(user: User) -> list[str] | None:
    """Codes of the sites whose positions the person may see; None where it is all of them."""
    match reach(user, "positions.see"):
        case Reach.ALL:
            return None
        case Reach.OWN:
            return list(user.site_codes)
    return []


_WHERE = """
    WHERE (%(form)s = '' OR form.code = %(form)s) AND (%(site)s = '' OR site.code = %(site)s)
      AND (%(sites)s::text[] IS NULL OR site.code = ANY(%(sites)s))
      AND (%(element)s = '' OR EXISTS (
          SELECT 1 FROM inventory_materialelement me JOIN inventory_element e ON e.id = me.element_id
          WHERE me.material_id = material.id AND e.symbol = %(element)s))
"""
_JOINS = """
    JOIN inventory_material AS material ON material.id = p.material_id
    JOIN inventory_form AS form ON form.id = material.form_id
    JOIN inventory_site AS site ON site.id = p.site_id
"""


def _rows_sql(past: bool, known: bool) -> str:
    """Each net mass, then what is contained of each element: in one statement, so both are of one instant."""
    select = """SELECT form.rank, material.id, material.code, site.code, p.place, p.condition, p.verdict,
            material.name, form.code, form.stage"""
    return f"""
        {select}, NULL AS symbol, p.mass_mg, p.free_mg, p.lots
        FROM {source(contained=False, past=past, known=known)} AS p {_JOINS} {_WHERE} AND (p.mass_mg <> 0 OR p.lots <> 0)
        UNION ALL
        {select}, element.symbol, p.mass_mg, p.free_mg, p.lots
        FROM {source(contained=True, past=past, known=known)} AS p {_JOINS}
        JOIN inventory_element AS element ON element.id = p.element_id
        {_WHERE} AND p.mass_mg <> 0
        ORDER BY 1, 3, 4, 5, 6, 7, symbol NULLS FIRST
    """


def eligible(*, user: User, element: str, as_of: date) -> dict[str, int]:
    """Form code -> contained mg of the element that is eligible today or on a day to come, whatever its sourcing.

    One query. In a store, in condition A, B or C, free, and in date on that day; at the sites that the person may see.
    """
    named = {**window(as_of=as_of, past=False), "element": element, "sites": sites_of(user)}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT form.code, sum(p.free_mg)::bigint
            FROM (SELECT element_id, material_id, site_id, free_mg FROM inventory_containedposition
                  WHERE place = 'store' AND condition IN ('A', 'B', 'C')
                  UNION ALL SELECT element_id, material_id, site_id, -free_mg FROM {LAPSED} AS lapsed
                  WHERE element_id IS NOT NULL) AS p {_JOINS}
            JOIN inventory_element AS element ON element.id = p.element_id AND element.symbol = %(element)s
            WHERE %(sites)s::text[] IS NULL OR site.code = ANY(%(sites)s)
            GROUP BY form.code
            """,
            named,
        )
        return dict(cursor.fetchall())


def lapsing(
    *, user: User, element: str, form: str, as_of: date, until: date, only_compliant: bool = False
) -> dict[date, int]:
    """What dates will take away from `eligible`: first of a month -> contained mg whose last eligible day lies in it.

    Last eligible days from `as_of` on and before `until`; at the sites that the person may see. One query. Read from where the
    lots lie and their assays in force, which is what their entries come to.
    """
    named: dict[str, Any] = {
        "element": element,
        "form": form,
        "as_of": as_of,
        "until_day": until,
        "sites": sites_of(user),
        "only_compliant": only_compliant,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT date_trunc('month', lot.eligible_until)::date, sum(inventory_contained_mg(
                   balance.net_mg - balance.allocated_mg, assay.moisture, (assay.fractions ->> %(element)s)::numeric))::bigint
            FROM inventory_lot AS lot
            JOIN inventory_material AS material ON material.id = lot.material_id
            JOIN inventory_form AS form ON form.id = material.form_id
            JOIN inventory_assay AS assay ON assay.id = lot.assay_id AND assay.fractions ->> %(element)s IS NOT NULL
            JOIN inventory_balance AS balance ON balance.lot_id = lot.id AND balance.net_mg > balance.allocated_mg
            JOIN inventory_location AS location ON location.id = balance.location_id AND location.kind = 'store'
            JOIN inventory_site AS site ON site.id = location.site_id
            WHERE lot.condition IN ('A', 'B', 'C')
              AND lot.eligible_until >= %(as_of)s AND lot.eligible_until < %(until_day)s
              AND form.code = %(form)s
              AND (lot.verdict = 'compliant' OR NOT %(only_compliant)s)
              AND (%(sites)s::text[] IS NULL OR site.code = ANY(%(sites)s))
            GROUP BY 1 ORDER BY 1
            """,
            named,
        )
        return dict(cursor.fetchall())

"""What was held and eligible at the end of each month, and what changed since the last one, by cause. Masses in mg.

Both read the same changes (`CHANGES`), so what a month began with and what happened since come to what there is now,
to the milligram.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction

from config.accounts.models import User
from config.jobs.schedule import Counts
from inventory import changes, positions
from inventory.ledger.conditions import LAPSED
from inventory.models import Anchor

MONTHS = 24
LOTS_NAMED = 12


def _summed(where: str) -> str:
    """A FROM item: every change that fits, by key and month: as the nightly job left it, and what was recorded since.

    Parameter %(known_covered)s as in `positions.source`. Both halves fit together: one statement reads them.
    """
    return f"""(SELECT material_id, element_id, site_id, place, condition, verdict, month, mass_mg, free_mg
    FROM inventory_positionmonth WHERE {where}
    UNION ALL
    SELECT material_id, element_id, site_id, place, condition, verdict,
           date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date, mass_mg, free_mg
    FROM inventory_positionentry
    WHERE {where} AND {positions.BEYOND_COVERED})"""


# One row a change: which month it first counts in (its first day), what it did to what is held and to what is eligible.
# A lot past its last eligible day that no job has marked yet stops counting in the month of that day's end, as
# positions.LAPSED has it. Narrowed by %(symbol)s, %(form)s, %(sites)s and %(only_compliant)s; %(today)s is the reader's.
_ELIGIBLE = """CASE WHEN place = 'store' AND condition IN ('A', 'B', 'C')
                     AND (verdict = 'compliant' OR NOT %(only_compliant)s) THEN free_mg ELSE 0 END"""
_AT_SITES = """(%(sites)s::text[] IS NULL OR site_id IN (SELECT id FROM inventory_site WHERE code = ANY(%(sites)s)))"""
_ABOUT_IT = "material_id IN (SELECT id FROM material) AND element_id = (SELECT id FROM element)"
# Past its day, and no job has marked it yet: as a rule no lot is.
_OVERDUE = "lot.condition IN ('A', 'B', 'C') AND lot.eligible_until < %(today)s"
_LAPSED = f"""
    SELECT entry.lot_id, NULL::bigint AS command_id,
           least(greatest(date_trunc('month', entry.occurred_at AT TIME ZONE 'UTC')::date,
                          date_trunc('month', lot.eligible_until + 1)::date), %(this_month)s) AS month,
           0::bigint AS held_mg, -entry.free_mg AS eligible_mg
    FROM {positions.OF_LOT}
    WHERE {_OVERDUE} AND entry.material_id IN (SELECT id FROM material) AND entry.element_id = (SELECT id FROM element)
      AND entry.place = 'store' AND entry.condition IN ('A', 'B', 'C')
      AND (entry.verdict = 'compliant' OR NOT %(only_compliant)s) AND {_AT_SITES}
"""
CHANGES = f"""
    SELECT least(month, %(this_month)s) AS month, mass_mg AS held_mg, {_ELIGIBLE} AS eligible_mg
    FROM {_summed(f"{_ABOUT_IT} AND {_AT_SITES}")} monthly
    UNION ALL SELECT month, held_mg, eligible_mg FROM ({_LAPSED}) lapsed
"""
# The changes of this month alone, with whose deed each was.
_THIS_MONTH = f"""
    SELECT lot_id, command_id, {_ELIGIBLE} AS eligible_mg FROM inventory_positionentry
    WHERE material_id IN (SELECT id FROM material) AND element_id = (SELECT id FROM element)
      AND occurred_at >= %(this_month)s::timestamp AT TIME ZONE 'UTC' AND {_AT_SITES}
    UNION ALL SELECT lot_id, command_id, eligible_mg FROM ({_LAPSED}) lapsed WHERE month = %(this_month)s
"""
_ABOUT = """
    element AS (SELECT id FROM inventory_element WHERE symbol = %(symbol)s),
    material AS (SELECT m.id FROM inventory_material m JOIN inventory_form f ON f.id = m.form_id
                 WHERE %(form)s = '' OR f.code = %(form)s)
"""


@dataclass(frozen=True)
class MonthEnd:
    """What was held anywhere and what was eligible at the end of a day: a month's last one, or today."""

    on: date
    held_mg: int
    eligible_mg: int


@dataclass(frozen=True)
class Named:
    """A lot that a cause touched, and by how much it changed what is eligible."""

    lot: str
    eligible_mg: int


@dataclass(frozen=True)
class Cause:
    """What one cause did to what is eligible; `named` are the lots it changed most, of `lots`."""

    cause: str
    eligible_mg: int
    lots: int
    named: list[Named] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(changes.CAUSES[self.cause])

    @property
    def more(self) -> int:
        """How many lots are not named."""
        return self.lots - len(self.named)


@dataclass(frozen=True)
class Bridge:
    """From what was eligible when `since` had passed to what is eligible today: start + causes = now."""

    since: date
    start_mg: int
    now_mg: int
    causes: list[Cause]


def ends(*, today: date, months: int = MONTHS) -> list[date]:
    """The last days of the past months, oldest first, and today."""
    first = today.replace(day=1)
    return [first - relativedelta(months=back, days=1) for back in range(months - 1, -1, -1)] + [today]


def trend(
    *, user: User, element: str, form: str = "", today: date, months: int = MONTHS, only_compliant: bool = False
) -> list[MonthEnd]:
    """Contained mass of the element at each month's end and today; in one form or all, at sites the person may see.

    By the day on which things happened, as they are known now: what `positions` and `shortfall` give for that day. Two
    queries.
    """
    days = ends(today=today, months=months)
    named = _named(user, element, form, today, only_compliant) | {"months": [day.replace(day=1) for day in days]}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH {_ABOUT}, change AS ({CHANGES}),
            summed AS (SELECT month, sum(held_mg) AS held_mg, sum(eligible_mg) AS eligible_mg FROM change GROUP BY month)
            SELECT coalesce(sum(held_mg), 0)::bigint, coalesce(sum(eligible_mg), 0)::bigint
            FROM unnest(%(months)s::date[]) AS ending(month) LEFT JOIN summed ON summed.month <= ending.month
            GROUP BY ending.month ORDER BY ending.month
            """,
            named,
        )
        return [MonthEnd(on, *sums) for on, sums in zip(days, cursor.fetchall(), strict=True)]


def bridge(*, user: User, element: str, form: str, today: date, only_compliant: bool = False) -> Bridge:
    """What changed in what is eligible of the element in the form since the last month ended, by cause; two queries.

    Causes are those of `changes`; each is a command's deed on a lot, so the parts come to the whole exactly.
    """
    named = _named(user, element, form, today, only_compliant)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {_ABOUT}, change AS ({CHANGES}), {_CAUSES}", named | {"most": LOTS_NAMED})
        rows = cursor.fetchall()
    start_mg, now_mg = rows[0][:2]
    return Bridge(named["this_month"] - relativedelta(days=1), start_mg, now_mg, _causes([row[2:] for row in rows]))


def _named(user: User, element: str, form: str, today: date, only_compliant: bool) -> dict[str, Any]:
    return {
        "symbol": element,
        "form": form,
        "sites": positions.sites_of(user),
        "only_compliant": only_compliant,
        "today": today,
        "this_month": today.replace(day=1),
        "lapsed": LAPSED,
        "known_covered": positions.known_covered(),
    }


def _causes(rows: Sequence[tuple[Any, ...]]) -> list[Cause]:
    """Rows (cause, sum, lots, lot, its part), largest part first within each cause."""
    found: dict[str, Cause] = {}
    for cause, eligible_mg, lots, number, part_mg in rows:
        if cause is None:
            continue
        row = found.setdefault(cause, Cause(cause, eligible_mg, lots))
        row.named.append(Named(number, part_mg))
    return [found[cause] for cause in changes.CAUSES if cause in found]


_CAUSES = f"""
    whole AS (
        SELECT coalesce(sum(eligible_mg) FILTER (WHERE month < %(this_month)s), 0)::bigint AS start_mg,
               coalesce(sum(eligible_mg), 0)::bigint AS now_mg FROM change
    ),
    deed AS (
        SELECT lot_id, command_id, sum(eligible_mg)::bigint AS eligible_mg FROM ({_THIS_MONTH}) recent
        GROUP BY lot_id, command_id HAVING sum(eligible_mg) <> 0
    ),
    judged AS (
        SELECT deed.lot_id, deed.eligible_mg,
               CASE WHEN deed.command_id IS NULL THEN 'lapse' ELSE {changes.CAUSE.format(entry="deed")} END AS cause
        FROM deed {changes.DEEDS.format(entry="deed")}
    ),
    by_lot AS (SELECT cause, lot_id, sum(eligible_mg)::bigint AS eligible_mg FROM judged GROUP BY cause, lot_id),
    ranked AS (
        SELECT by_lot.*, lot.number, sum(eligible_mg) OVER alike AS total_mg, count(*) OVER alike AS lots,
               row_number() OVER (PARTITION BY cause ORDER BY abs(eligible_mg) DESC, lot_id) AS place
        FROM by_lot JOIN inventory_lot lot ON lot.id = by_lot.lot_id WINDOW alike AS (PARTITION BY cause)
    )
    SELECT start_mg, now_mg, ranked.cause, total_mg::bigint, lots, number, eligible_mg
    FROM whole LEFT JOIN ranked ON place <= %(most)s ORDER BY ranked.cause, place
"""


# For a statement of another app: what changed in what is eligible, by the month in which it first counts. A FROM item with
# material_id, element_id (null for net mass), site_id, compliant, month, free_mg; parameters %(today)s, %(this_month)s and
# %(known_covered)s.
ELIGIBLE_BY_MONTH = f"""(SELECT material_id, element_id, site_id, verdict = 'compliant' AS compliant, month,
        sum(free_mg)::bigint AS free_mg
    FROM (
        SELECT material_id, element_id, site_id, verdict, free_mg, least(month, %(this_month)s) AS month
        FROM {_summed("place = 'store' AND condition IN ('A', 'B', 'C')")} monthly
        UNION ALL
        SELECT entry.material_id, entry.element_id, entry.site_id, entry.verdict, -entry.free_mg,
               least(greatest(date_trunc('month', entry.occurred_at AT TIME ZONE 'UTC')::date,
                              date_trunc('month', lot.eligible_until + 1)::date), %(this_month)s)
        FROM {positions.OF_LOT}
        WHERE {_OVERDUE} AND entry.place = 'store' AND entry.condition IN ('A', 'B', 'C')
    ) changed GROUP BY 1, 2, 3, 4, 5)"""


def sum_months(*, now: datetime) -> Counts:
    """The nightly job: sum the entries that the last anchor covers, by key and month. Running twice changes nothing more.

    Made anew where there is more to cover, or where a sum is not what its entries come to; never up to a lower number.
    An anchor waits for every command under way, so no entry up to its number can still come; what is newer is read from
    the entries. Readers see the old sums until the new ones are there.
    """
    kept = positions.known_covered()
    covered = max(kept, _covered())
    if covered == kept and not differing():
        return Counts(0, 0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM inventory_positionmonth")
        cursor.execute(
            f"INSERT INTO inventory_positionmonth ({COLUMNS}, covered_entry) {RECOMPUTED}", {"covered": covered}
        )
        return Counts(cursor.rowcount, cursor.rowcount)


def _covered() -> int:
    anchor = Anchor.objects.order_by("-seq").first()
    return int(json.loads(anchor.body).get("entries", {}).get("last", 0)) if anchor else 0


COLUMNS = "material_id, element_id, site_id, place, condition, verdict, month, mass_mg, free_mg, lots"
RECOMPUTED = """
    SELECT material_id, element_id, site_id, place, condition, verdict,
           date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date, sum(mass_mg)::bigint, sum(free_mg)::bigint,
           sum(lots)::bigint, %(covered)s::bigint
    FROM inventory_positionentry WHERE id <= %(covered)s
    GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(mass_mg) <> 0 OR sum(free_mg) <> 0 OR sum(lots) <> 0
"""


def differing() -> list[int]:
    """Numbers of sums that their entries do not come to, or that are missing (0): recomputed from the entries."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH own AS (SELECT coalesce(max(covered_entry), 0) AS covered FROM inventory_positionmonth),
            again ({COLUMNS}, covered_entry) AS ({
                RECOMPUTED.replace("%(covered)s::bigint", "max(own.covered)").replace(
                    "FROM inventory_positionentry WHERE id <= %(covered)s",
                    "FROM inventory_positionentry, own WHERE id <= own.covered",
                )
            })
            SELECT coalesce(kept.id, 0) FROM inventory_positionmonth kept FULL JOIN again
              ON (kept.material_id, coalesce(kept.element_id, 0), kept.site_id, kept.place, kept.condition, kept.verdict,
                  kept.month) = (again.material_id, coalesce(again.element_id, 0), again.site_id, again.place,
                  again.condition, again.verdict, again.month)
            WHERE (kept.mass_mg, kept.free_mg, kept.lots) IS DISTINCT FROM (again.mass_mg, again.free_mg, again.lots)
            LIMIT 100
            """
        )
        return [row[0] for row in cursor.fetchall()]

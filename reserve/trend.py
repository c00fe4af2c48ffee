"""How the targets stood at the end of each month: how many were met, and how much of them was covered. One statement."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from config.ui import figures
from inventory import months, positions

MONTHS = months.MONTHS


@dataclass(frozen=True)
class Standing:
    """The targets in force on a day: how many, how many were met, and the mean of their covers (each at most 100 %)."""

    on: date
    targets: int
    met: int
    covered_pct: Decimal


def standings(
    *, today: date, element: str = "", form: str = "", stage: str = "", count: int = MONTHS
) -> list[Standing]:
    """Each month's end and today, oldest first; narrowed to targets of an element, a form or a stage. Two queries.

    A day is measured against the targets of that day and what was eligible then, as it is known now: the figures of
    `shortfall.rows` for that day. Whoever calls has checked the act `targets.see`.
    """
    days = months.ends(today=today, months=count)
    named: dict[str, Any] = {
        "days": days,
        "months": [day.replace(day=1) for day in days],
        "today": today,
        "this_month": today.replace(day=1),
        "element": element,
        "form": form,
        "stage": stage,
        "known_covered": positions.known_covered(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, named)
        found = {on: line for on, *line in cursor.fetchall()}
    return [Standing(on, *found.get(on, (0, 0, Decimal(0)))) for on in days]


def levels(*, element: str, form: str, today: date, count: int = MONTHS) -> list[tuple[date, int | None]]:
    """What the whole-reserve target of an element in a form required at each month's end and today; None without one.

    One query. Whoever calls has checked the act `targets.see`.
    """
    days = months.ends(today=today, months=count)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT ending.day, max(t.required_mg) FROM unnest(%(days)s::date[]) AS ending(day)
            LEFT JOIN (SELECT target.* FROM reserve_target target
                       JOIN inventory_element e ON e.id = target.element_id AND e.symbol = %(element)s
                       JOIN inventory_form f ON f.id = target.form_id AND f.code = %(form)s
                       WHERE target.approved_at IS NOT NULL AND target.site_id IS NULL) t
              ON t.effective_from <= ending.day AND (t.effective_to IS NULL OR t.effective_to >= ending.day)
            GROUP BY ending.day ORDER BY ending.day
            """,
            {"days": days, "element": element, "form": form},
        )
        return list(cursor.fetchall())


def sentence(found: list[Standing]) -> str:
    """The last and the first day with targets, in words: '12 of 40 targets are met today; 9 of 38 were on 31 May 2026.'"""
    dated = [point for point in found if point.targets]
    if not dated:
        return ""
    now = dated[-1]
    words = _(
        "%(met)s of %(all)s targets are met today, and %(covered)s of what they require is covered on average"
    ) % {
        "met": figures.number(now.met),
        "all": figures.number(now.targets),
        "covered": figures.percent(now.covered_pct),
    }
    first = dated[0]
    if first is now:
        return words + "."
    return _("%(now)s; on %(day)s it was %(met)s of %(all)s, and %(covered)s.") % {
        "now": words,
        "day": figures.day(first.on),
        "met": figures.number(first.met),
        "all": figures.number(first.targets),
        "covered": figures.percent(first.covered_pct),
    }


_SQL = f"""
    WITH target AS (
        SELECT ending.day, ending.month, t.id, t.material_id, t.element_id, t.form_id, t.site_id, t.only_compliant,
               t.required_mg
        FROM unnest(%(days)s::date[], %(months)s::date[]) AS ending(day, month)
        JOIN reserve_target t ON t.approved_at IS NOT NULL AND t.effective_from <= ending.day
             AND (t.effective_to IS NULL OR t.effective_to >= ending.day)
        LEFT JOIN inventory_material material ON material.id = t.material_id
        LEFT JOIN inventory_element element ON element.id = t.element_id
        JOIN inventory_form form ON form.id = coalesce(t.form_id, material.form_id)
        WHERE (%(element)s = '' OR element.symbol = %(element)s) AND (%(form)s = '' OR form.code = %(form)s)
          AND (%(stage)s = '' OR form.stage = %(stage)s)
    ),
    change AS MATERIALIZED (SELECT * FROM {months.ELIGIBLE_BY_MONTH} AS monthly),
    held AS (
        SELECT t.day, t.id, c.free_mg FROM target t
        JOIN change c ON c.material_id = t.material_id AND c.element_id IS NULL AND c.month <= t.month
             AND (t.site_id IS NULL OR c.site_id = t.site_id) AND (c.compliant OR NOT t.only_compliant)
        UNION ALL
        SELECT t.day, t.id, c.free_mg FROM target t
        JOIN inventory_material m ON m.form_id = t.form_id
        JOIN change c ON c.material_id = m.id AND c.element_id = t.element_id AND c.month <= t.month
             AND (t.site_id IS NULL OR c.site_id = t.site_id) AND (c.compliant OR NOT t.only_compliant)
    ),
    summed AS (SELECT day, id, sum(free_mg) AS eligible_mg FROM held GROUP BY day, id)
    SELECT t.day, count(*), count(*) FILTER (WHERE s.eligible_mg >= t.required_mg),
           trunc(100 * avg(least(coalesce(s.eligible_mg, 0), t.required_mg)::numeric / t.required_mg), 1)
    FROM target t LEFT JOIN summed s USING (day, id) GROUP BY t.day ORDER BY t.day
"""

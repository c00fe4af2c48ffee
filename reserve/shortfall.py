"""Position against target, computed in one SQL statement when somebody asks. Page, API and job all read it here.

The waterfall: physical -> in store -> accepted (A, B, C) -> in date -> compliant (where the target asks) -> free = eligible.
What is on order stands beside the shortfall, never inside it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext

from inventory import names, positions
from procurement import pipeline
from reserve import severity

FIRST_DAY, AHEAD = date(2000, 1, 1), timedelta(days=3660)


class Step(NamedTuple):
    """One step of the waterfall: what is left after it and what it took away, in mg."""

    name: str
    left_mg: int
    lost_mg: int


@dataclass(frozen=True)
class FlagRef:
    id: int
    state: str
    severity: str
    owner: str

    @property
    def level(self) -> str:
        return severity.level(self.severity, waived=self.state == "waived")

    @property
    def text(self) -> str:
        """Severity and who acts, as a badge says it."""
        if self.state == "waived":
            return gettext("Waived")
        return f"{severity.NAMES[self.severity]} · {self.owner or severity.STATES[self.state]}"


@dataclass(frozen=True)
class ShortfallRow:
    """One target against what counts for it, masses in mg. `on_order_mg` is None for days that have passed."""

    target: int
    material: str
    element: str
    form: str
    site: str
    name: str
    unit: str
    stage: str
    basis: str
    rule: str
    days: int | None
    daily_use_mg: int | None
    use_basis: str
    only_compliant: bool
    required_mg: int
    floor_mg: int | None
    physical_mg: int
    in_store_mg: int
    accepted_mg: int
    in_date_mg: int
    compliant_mg: int
    eligible_mg: int
    on_order_mg: int | None
    flag: FlagRef | None

    @property
    def short_mg(self) -> int:
        return max(self.required_mg - self.eligible_mg, 0)

    @property
    def cover_pct(self) -> Decimal:
        """Eligible as a share of required, in %, rounded down to one decimal: 100.0 means met."""
        return Decimal(self.eligible_mg * 1000 // self.required_mg) / 10

    @property
    def cover_days(self) -> int | None:
        """Whole days of the stated consumption that the eligible mass lasts; None where no consumption is stated."""
        return self.eligible_mg // self.daily_use_mg if self.daily_use_mg else None

    @property
    def severity(self) -> str:
        """'' when met, else critical, major or minor."""
        return severity.of(eligible_mg=self.eligible_mg, required_mg=self.required_mg, floor_mg=self.floor_mg)

    @property
    def level(self) -> str:
        """How it stands: ok, warn or bad."""
        return severity.level(self.severity)

    @property
    def scope(self) -> str:
        """Where the target holds, in words."""
        return self.site or gettext("whole reserve")

    @property
    def measure(self) -> str:
        """The basis of every mass of the row, in words."""
        words = gettext("contained {element}").format(element=self.element) if self.element else gettext("net mass")
        return gettext("{measure}, compliant only").format(measure=words) if self.only_compliant else words

    @property
    def waterfall(self) -> list[Step]:
        """Physical to eligible, with the mass lost at each step."""
        left = [
            ("physical", self.physical_mg),
            ("in store", self.in_store_mg),
            ("accepted", self.accepted_mg),
            ("in date", self.in_date_mg),
            ("compliant", self.compliant_mg),
            ("free", self.eligible_mg),
        ]
        before = [self.physical_mg, *(mass for _, mass in left)]
        return [Step(name, mass, before[index] - mass) for index, (name, mass) in enumerate(left)]


# What is on its way to each target: added up by material, element and site first, so that a line is converted once.
_ORDERED = """coming AS (
        SELECT material_id, NULL::bigint AS element_id, site_id, sum(on_order_mg) AS on_order_mg
        FROM pipeline GROUP BY material_id, site_id
        UNION ALL
        SELECT p.material_id, me.element_id, p.site_id, sum(inventory_contained_mg(p.on_order_mg, 0, me.fraction))
        FROM pipeline p JOIN inventory_materialelement me ON me.material_id = p.material_id
        WHERE me.element_id IN (SELECT element_id FROM target) GROUP BY p.material_id, me.element_id, p.site_id
    ),
    ordered AS (
        SELECT id, sum(on_order_mg) AS on_order_mg FROM (
            SELECT t.id, c.on_order_mg FROM target t
            JOIN coming c ON c.material_id = t.material_id AND c.element_id IS NULL
                 AND (t.site_id IS NULL OR c.site_id = t.site_id)
            UNION ALL
            SELECT t.id, c.on_order_mg FROM target t
            JOIN inventory_material m ON m.form_id = t.form_id
            JOIN coming c ON c.material_id = m.id AND c.element_id = t.element_id
                 AND (t.site_id IS NULL OR c.site_id = t.site_id)
        ) part GROUP BY id
    )"""


def sql(*, past: bool) -> str:
    """The statement's CTEs `target`, `shortfall`; named parameters as in `positions.window` and `parameters`."""
    net, contained = (positions.source(contained=contained, past=past) for contained in (False, True))
    return f"""
    target AS (
        SELECT * FROM reserve_target
        WHERE approved_at IS NOT NULL AND effective_from <= %(as_of)s
          AND (effective_to IS NULL OR effective_to >= %(as_of)s)
          AND (%(target_ids)s::bigint[] IS NULL OR id = ANY(%(target_ids)s))
    ),
    held AS (
        SELECT t.id, t.only_compliant, p.place, p.condition, p.verdict, p.mass_mg, p.free_mg
        FROM target t JOIN {net} p ON p.material_id = t.material_id AND (t.site_id IS NULL OR p.site_id = t.site_id)
        UNION ALL
        SELECT t.id, t.only_compliant, p.place, p.condition, p.verdict, p.mass_mg, p.free_mg
        FROM target t
        JOIN inventory_material m ON m.form_id = t.form_id
        JOIN {contained} p ON p.material_id = m.id AND p.element_id = t.element_id
             AND (t.site_id IS NULL OR p.site_id = t.site_id)
    ),
    lapsed AS (
        SELECT t.id, sum(l.mass_mg) AS mass_mg,
               sum(l.mass_mg) FILTER (WHERE l.verdict = 'compliant' OR NOT t.only_compliant) AS compliant_mg,
               sum(l.free_mg) FILTER (WHERE l.verdict = 'compliant' OR NOT t.only_compliant) AS free_mg
        FROM {positions.LAPSED} l
        JOIN inventory_material m ON m.id = l.material_id
        JOIN target t ON (t.site_id IS NULL OR t.site_id = l.site_id)
             AND ((l.element_id IS NULL AND t.material_id = l.material_id)
                  OR (t.element_id = l.element_id AND t.form_id = m.form_id))
        GROUP BY t.id
    ),
    sums AS (
        SELECT id, sum(mass_mg) AS physical_mg,
               sum(mass_mg) FILTER (WHERE place = 'store') AS in_store_mg,
               sum(mass_mg) FILTER (WHERE place = 'store' AND condition IN ('A', 'B', 'C')) AS accepted_mg,
               sum(mass_mg) FILTER (WHERE place = 'store' AND condition IN ('A', 'B', 'C')
                                      AND (verdict = 'compliant' OR NOT only_compliant)) AS compliant_mg,
               sum(free_mg) FILTER (WHERE place = 'store' AND condition IN ('A', 'B', 'C')
                                      AND (verdict = 'compliant' OR NOT only_compliant)) AS free_mg
        FROM held GROUP BY id
    ),
    pipeline AS ({pipeline.SQL}),
    {_ORDERED},
    shortfall AS (
        SELECT t.id, t.required_mg, t.floor_mg,
               coalesce(s.physical_mg, 0)::bigint AS physical_mg,
               coalesce(s.in_store_mg, 0)::bigint AS in_store_mg,
               coalesce(s.accepted_mg, 0)::bigint AS accepted_mg,
               (coalesce(s.accepted_mg, 0) - coalesce(l.mass_mg, 0))::bigint AS in_date_mg,
               (coalesce(s.compliant_mg, 0) - coalesce(l.compliant_mg, 0))::bigint AS compliant_mg,
               (coalesce(s.free_mg, 0) - coalesce(l.free_mg, 0))::bigint AS eligible_mg,
               coalesce(o.on_order_mg, 0)::bigint AS on_order_mg
        FROM target t LEFT JOIN sums s USING (id) LEFT JOIN lapsed l USING (id) LEFT JOIN ordered o USING (id)
    )"""


def parameters(*, as_of: date, past: bool, target_ids: list[int] | None = None) -> dict[str, Any]:
    """Named parameters of `sql`."""
    return {**positions.window(as_of=as_of, past=past), "target_ids": target_ids}


def can_be_asked(as_of: date, *, today: date) -> bool:
    """Whether shortfalls can be computed for the day: any since 2000, and ten years ahead."""
    return FIRST_DAY <= as_of <= today + AHEAD


def rows(*, as_of: date, today: date | None = None, target_ids: list[int] | None = None) -> list[ShortfallRow]:
    """Every approved target in force on `as_of` against what counted for it then, worst cover first. One query.

    `today` is the caller's date; with `as_of` before it the entries are summed, else the rollup is read (a day ahead takes
    away what will have lapsed by then). Whoever calls has checked the act `targets.see`.
    """
    past = today is not None and as_of < today
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {sql(past=past)} {_SELECT}", parameters(as_of=as_of, past=past, target_ids=target_ids))
        found = [_row(line, past) for line in cursor.fetchall()]
    return sorted(found, key=lambda row: (row.cover_pct, row.name, row.site, row.target))


_SELECT = """
    SELECT t.id, coalesce(material.code, ''), coalesce(element.symbol, ''), coalesce(form.code, mform.code),
           coalesce(site.code, ''), coalesce(material.name, initcap(element.name) || ', ' || lower(form.name)),
           coalesce(material.unit, 't'), coalesce(form.stage, mform.stage), t.basis, t.rule, t.days, t.daily_use_mg, t.use_basis,
           t.only_compliant, t.required_mg, t.floor_mg, s.physical_mg, s.in_store_mg, s.accepted_mg, s.in_date_mg,
           s.compliant_mg, s.eligible_mg, s.on_order_mg, flag.id, flag.state, flag.severity, coalesce(owner.name, '')
    FROM target t
    JOIN shortfall s USING (id)
    LEFT JOIN inventory_material material ON material.id = t.material_id
    LEFT JOIN inventory_form mform ON mform.id = material.form_id
    LEFT JOIN inventory_element element ON element.id = t.element_id
    LEFT JOIN inventory_form form ON form.id = t.form_id
    LEFT JOIN inventory_site site ON site.id = t.site_id
    LEFT JOIN reserve_flag flag ON flag.target_id = t.id AND flag.kind = 'shortfall' AND flag.state <> 'closed'
    LEFT JOIN accounts_user owner ON owner.id = flag.owner_id
"""


def _row(line: tuple[Any, ...], past: bool) -> ShortfallRow:
    columns, (on_order_mg, flag_id, *flag) = list(line[:-5]), line[-5:]
    columns[5] = names.spoken(columns[5])
    held_against = FlagRef(flag_id, *flag) if flag_id else None
    return ShortfallRow(*[*columns, None if past else on_order_mg, held_against])

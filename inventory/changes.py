"""What changed in what is held, and why: by cause since a moment, and as a roll-forward between days. Net masses."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit import keyset
from config.audit.keyset import Page
from inventory import positions
from inventory.ledger.conditions import LAPSED

# Causes in the order in which they are read: movements first, then what people and dates decide about a lot.
CAUSES = {
    "receive": _("Received"),
    "accept": _("Accepted"),
    "lapse": _("Lapsed"),
    "hold": _("Put on hold"),
    "issue": _("Issued"),
    "sample": _("Sampled"),
    "adjust": _("Adjusted"),
    "reverse": _("Reversed"),
    "transfer": _("Moved"),
    "split": _("Split"),
    "assay": _("Assayed again"),
    "allocate": _("Allocated or released"),
}
KINDS = ("receive", "sample", "adjust", "issue", "transfer", "split", "reverse")


@dataclass(frozen=True)
class Change:
    """What one cause did to one material, in mg: held anywhere, and eligible (A-C, free, in a store); `times` in all."""

    material: str
    material_name: str
    unit: str
    cause: str
    times: int
    held_mg: int
    eligible_mg: int

    @property
    def label(self) -> str:
        return str(CAUSES[self.cause])


def by_cause(*, user: User, since: datetime, until: datetime) -> list[Change]:
    """What was recorded after `since` and up to `until`, by material and cause, at sites the person may see; one query.

    Ordered by material, then cause. What a date alone took away shows once the nightly job has marked it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_CAUSE,
            {"since": since, "until": until, "sites": positions.sites_of(user), "lapsed": LAPSED},
        )
        found = [Change(*line) for line in cursor.fetchall()]
    order = list(CAUSES)
    return sorted(found, key=lambda change: (change.material_name, order.index(change.cause)))


# What a command did to a lot, as one cause: a movement before a decision, a decision before an assay. Over rows with lot_id,
# command_id and eligible_mg; %(lapsed)s is LAPSED.
CAUSE = """CASE
            WHEN moved.kind IS NOT NULL THEN moved.kind
            WHEN decided.reason = %(lapsed)s THEN 'lapse'
            WHEN decided.id IS NOT NULL THEN CASE WHEN {entry}.eligible_mg > 0 THEN 'accept' ELSE 'hold' END
            WHEN EXISTS (SELECT 1 FROM inventory_assay a
                         WHERE a.lot_id = {entry}.lot_id AND a.command_id = {entry}.command_id) THEN 'assay'
            ELSE 'allocate' END"""
DEEDS = """LEFT JOIN LATERAL (SELECT m.kind FROM inventory_movement m
            WHERE m.lot_id = {entry}.lot_id AND m.command_id = {entry}.command_id ORDER BY m.id LIMIT 1) moved ON true
        LEFT JOIN LATERAL (SELECT c.id, c.reason FROM inventory_conditionchange c
            WHERE c.lot_id = {entry}.lot_id AND c.command_id = {entry}.command_id
            ORDER BY c.id DESC LIMIT 1) decided ON true"""

_JUDGED = f"""
    WITH entry AS (
        SELECT e.lot_id, e.command_id, e.material_id, sum(e.mass_mg) AS held_mg,
               coalesce(sum(e.free_mg) FILTER (WHERE e.place = 'store' AND e.condition IN ('A', 'B', 'C')), 0)
                   AS eligible_mg
        FROM inventory_positionentry e JOIN inventory_site site ON site.id = e.site_id
        WHERE e.element_id IS NULL AND e.recorded_at > %(since)s AND e.recorded_at <= %(until)s
          AND (%(sites)s::text[] IS NULL OR site.code = ANY(%(sites)s))
        GROUP BY e.lot_id, e.command_id, e.material_id
    ),
    judged AS (
        SELECT entry.*, decided.reason AS why, {CAUSE.format(entry="entry")} AS cause
        FROM entry {DEEDS.format(entry="entry")}
        WHERE entry.held_mg <> 0 OR entry.eligible_mg <> 0
    )
"""
_BY_CAUSE = f"""
    {_JUDGED}
    SELECT material.code, material.name, material.unit, judged.cause, count(*),
           sum(judged.held_mg)::bigint, sum(judged.eligible_mg)::bigint
    FROM judged JOIN inventory_material material ON material.id = judged.material_id
    GROUP BY material.code, material.name, material.unit, judged.cause
    HAVING judged.cause <> 'split' OR sum(judged.held_mg) <> 0 OR sum(judged.eligible_mg) <> 0
"""


@dataclass(frozen=True)
class Entry:
    """What one act did to one lot, in mg, as `Change` counts it: who recorded it, when, and why where they wrote that."""

    lot: str
    material: str
    material_name: str
    unit: str
    cause: str
    who: str
    recorded_at: datetime
    reason: str
    held_mg: int
    eligible_mg: int

    @property
    def label(self) -> str:
        return str(CAUSES[self.cause])


def entries(
    *,
    user: User,
    since: datetime,
    until: datetime,
    material: str = "",
    cause: str = "",
    cursor: str = "",
    size: int = keyset.SIZE,
) -> Page[Entry]:
    """The acts behind `by_cause`, the latest recorded first; one query. Raises BadCursor."""
    before = _COMMAND_AND_LOT.fullmatch(cursor) if cursor else None
    if cursor and not before:
        raise keyset.BadCursor()
    named = {"since": since, "until": until, "sites": positions.sites_of(user), "lapsed": LAPSED}
    at = {"command": int(before[1]), "lot": int(before[2])} if before else {"command": None, "lot": None}
    with connection.cursor() as rows:
        rows.execute(_ENTRIES, {**named, **at, "material": material, "cause": cause, "size": size + 1})
        found = rows.fetchall()
    shown = [Entry(*line[3:]) for line in found[:size]]
    further = f"{found[size - 1][0]}.{found[size - 1][1]}" if len(found) > size else ""
    count = found[0][2] if found else 0
    return Page(shown, next=further, previous="", count=min(count, keyset.COUNTED), more=count > keyset.COUNTED)


_COMMAND_AND_LOT = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})", re.ASCII)
_ENTRIES = f"""
    {_JUDGED}, wanted AS (
        SELECT judged.*, count(*) OVER () AS counted FROM judged
        JOIN inventory_material material ON material.id = judged.material_id
        WHERE (%(material)s = '' OR material.code = %(material)s) AND (%(cause)s = '' OR judged.cause = %(cause)s)
    )
    SELECT wanted.command_id, wanted.lot_id, wanted.counted, lot.number, material.code, material.name, material.unit,
           wanted.cause, person.name, command.recorded_at,
           coalesce(nullif(said.reason, ''), wanted.why, ''), wanted.held_mg::bigint, wanted.eligible_mg::bigint
    FROM wanted
    JOIN inventory_lot lot ON lot.id = wanted.lot_id
    JOIN inventory_material material ON material.id = wanted.material_id
    JOIN audit_command command ON command.id = wanted.command_id
    JOIN accounts_user person ON person.id = command.actor_id
    LEFT JOIN LATERAL (SELECT m.reason FROM inventory_movement m
        WHERE m.lot_id = wanted.lot_id AND m.command_id = wanted.command_id ORDER BY m.id LIMIT 1) said ON true
    WHERE %(command)s::bigint IS NULL OR (wanted.command_id, wanted.lot_id) < (%(command)s, %(lot)s)
    ORDER BY wanted.command_id DESC, wanted.lot_id DESC LIMIT %(size)s
"""


@dataclass(frozen=True)
class RollForward:
    """One material between two days: net mg held at the opening, what each kind of movement did, held at the closing.

    Opening and closing come from the position entries, the rest from the movements themselves: `difference_mg` is 0
    unless the two books disagree.
    """

    material: str
    material_name: str
    unit: str
    opening_mg: int
    closing_mg: int
    by_kind: dict[str, int] = field(default_factory=dict)

    @property
    def difference_mg(self) -> int:
        return self.opening_mg + sum(self.by_kind.values()) - self.closing_mg


def roll_forward(*, user: User, first: date, last: date, site: str = "") -> list[RollForward]:
    """Opening before `first` + movements from `first` to `last` = closing after `last`, by material. Four queries.

    Call it inside a snapshot: an act between two of the queries would look like a difference.
    At the sites the person may see, or one of them; by the day on which things happened, as they are known now.
    """
    start, end = window(first=first, last=last)
    named = {"start": start, "end": end, "sites": positions.sites_of(user), "site": site}
    closing = {**named, **positions.window(as_of=last, past=True)}
    eve = first - timedelta(days=1)
    opening = {**closing, "until": start, "month_of_day": eve.replace(day=1)}
    found: dict[str, RollForward] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, closing)
        for code, name, unit, mass_mg in cursor.fetchall():
            found[code] = RollForward(code, name, unit, 0, mass_mg)
        cursor.execute(_STANDING, opening)
        for code, name, unit, mass_mg in cursor.fetchall():
            found[code] = replace(found.get(code, RollForward(code, name, unit, 0, 0)), opening_mg=mass_mg)
        cursor.execute(_BETWEEN, named)
        for code, name, unit, kind, mass_mg in cursor.fetchall():
            row = found.setdefault(code, RollForward(code, name, unit, 0, 0))
            row.by_kind[kind] = mass_mg
    return sorted(found.values(), key=lambda row: row.material_name)


def window(*, first: date, last: date) -> tuple[datetime, datetime]:
    """The moments at which the first day begins and the last one has passed."""
    return positions.end_of(first - timedelta(days=1)), positions.end_of(last)


_AT_SITES = """(%(sites)s::text[] IS NULL OR site.code = ANY(%(sites)s)) AND (%(site)s = '' OR site.code = %(site)s)"""

# What is held at the end of a day, as `positions.window` has it.
_STANDING = f"""
    SELECT material.code, material.name, material.unit, sum(p.mass_mg)::bigint
    FROM {positions.source(contained=False, past=True)} p
    JOIN inventory_material material ON material.id = p.material_id
    JOIN inventory_site site ON site.id = p.site_id
    WHERE {_AT_SITES}
    GROUP BY material.code, material.name, material.unit
"""

# A movement counts +1 where it ends in a holding place of the sites asked for and -1 where it begins in one.
_BETWEEN = f"""
    WITH place AS (
        SELECT location.id FROM inventory_location location JOIN inventory_site site ON site.id = location.site_id
        WHERE location.kind IN ('store', 'quarantine', 'transit', 'processor', 'borrower') AND {_AT_SITES}
    )
    SELECT material.code, material.name, material.unit, m.kind,
           sum(m.net_mg * ((m.destination_id IN (SELECT id FROM place))::int
                           - (m.origin_id IN (SELECT id FROM place))::int))::bigint
    FROM inventory_movement m
    JOIN inventory_lot lot ON lot.id = m.lot_id
    JOIN inventory_material material ON material.id = lot.material_id
    WHERE m.occurred_at >= %(start)s AND m.occurred_at < %(end)s
    GROUP BY material.code, material.name, material.unit, m.kind
    HAVING sum(m.net_mg * ((m.destination_id IN (SELECT id FROM place))::int
                           - (m.origin_id IN (SELECT id FROM place))::int)) <> 0
"""

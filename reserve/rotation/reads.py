"""The schedule as people read it: who sees a lot's site sees its rotation, with the mass that lies there.

Whether a row is overdue is computed when somebody asks, so a job that did not run hides nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from config.accounts.matrix import Reach, reach
from config.accounts.models import User
from config.audit.refused import Refused
from inventory import dates
from reserve.models import Rotation, RotationPolicy

PAGE = 200
OPEN, ALL = "open", "all"
STATES = (OPEN, *Rotation.State.values, ALL)
MOST_COUNTED = 10_000
ON_A_DAY = 5


class RotationNotFound(Refused):
    code = "not_found"
    status = 404
    template = "There is no such row in the rotation schedule that you may see."


@dataclass(frozen=True)
class RotationRow:
    """One row of the schedule. `net_mg` is what lies at the sites that the person sees, or lay when the row was written.

    `lot_due_on` and `lot_seq` are the lot's own date and last fact now.
    """

    id: int
    lot: str
    material: str
    material_name: str
    unit: str
    retest_months: int | None
    condition: str
    sites: list[str]
    driver: str
    method: str
    window_from: date
    due_on: date
    net_mg: int
    state: str
    days_left: int
    started_at: datetime | None
    started_by: str
    finished_at: datetime | None
    retest_id: int | None
    result: str
    lot_due_on: date | None
    lot_seq: int

    @property
    def driver_name(self) -> str:
        return str(RotationPolicy.Driver(self.driver).label)

    @property
    def method_name(self) -> str:
        return str(RotationPolicy.Method(self.method).label)

    @property
    def state_name(self) -> str:
        return str(Rotation.State(self.state).label)

    @property
    def level(self) -> str:
        """How the state is coloured."""
        return {"overdue": "bad", "in work": "warn", "done": "ok"}.get(self.state, "muted")

    @property
    def wants_retest(self) -> bool:
        """A retest answers it; what ends for good is replaced."""
        return self.driver == RotationPolicy.Driver.RETEST and self.finished_at is None

    @property
    def place(self) -> "Place":
        return Place(self.due_on, self.id)


class Place(NamedTuple):
    """Where a row stands in the schedule: its due date and id."""

    due_on: date
    id: int


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which rows: `state` is open, all, or one state; the period is of due dates, both days included."""

    state: str = OPEN
    site: str = ""
    material: str = ""
    driver: str = ""
    method: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Page:
    """Rows by due date; `next` and `prev` are the places of the last and first row where there are more."""

    rows: list[RotationRow]
    next: Place | None
    prev: Place | None


@dataclass(frozen=True)
class CalendarDay:
    """A day on which something is due: how many rows, and the first five of them."""

    day: date
    total: int
    rows: list[RotationRow]


@dataclass(frozen=True)
class RetestRow:
    """A retest in the lot's history."""

    id: int
    performed_on: date
    passed: bool
    previous_due_on: date | None
    next_due_on: date | None
    lab: str
    note: str
    who: str


def rows(
    *,
    user: User,
    today: date,
    wanted: Wanted | None = None,
    after: Place | None = None,
    before: Place | None = None,
    limit: int = PAGE,
) -> Page:
    """One page of the schedule that the person may see, by due date. One query."""
    wheres, named = _scope(user, wanted or Wanted(), today)
    if after:
        wheres.append("r.due_on >= %(on)s AND (r.due_on > %(on)s OR r.id > %(at)s)")
    elif before:
        wheres.append("r.due_on <= %(on)s AND (r.due_on < %(on)s OR r.id < %(at)s)")
    edge = after or before or Place(today, 0)
    order = "r.due_on DESC, r.id DESC" if before and not after else "r.due_on, r.id"
    inner = f"SELECT r.* FROM reserve_rotation r WHERE {_all(wheres)} ORDER BY {order} LIMIT %(limit)s"
    found = _read(inner, {**named, "on": edge.due_on, "at": edge.id, "limit": limit + 1})
    backwards = before is not None and after is None
    more, kept = len(found) > limit, found[-limit:] if backwards else found[:limit]
    return Page(
        kept,
        next=kept[-1].place if kept and (more or backwards) else None,
        prev=kept[0].place if kept and (more if backwards else after is not None) else None,
    )


def one(*, user: User, rotation_id: int, today: date) -> RotationRow:
    """One row. One query. Raises RotationNotFound."""
    wheres, named = _scope(user, Wanted(state=ALL), today)
    found = _read(
        f"SELECT r.* FROM reserve_rotation r WHERE {_all([*wheres, 'r.id = %(id)s'])}", {**named, "id": rotation_id}
    )
    if not found:
        raise RotationNotFound()
    return found[0]


def counted(*, user: User, today: date, wanted: Wanted, most: int = MOST_COUNTED) -> int:
    """How many rows there are, counted up to `most`. One query."""
    wheres, named = _scope(user, wanted, today)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM reserve_rotation r WHERE {_all(wheres)} LIMIT %(most)s) AS counted",
            {**named, "most": most},
        )
        return int(cursor.fetchone()[0])


def calendar(*, user: User, today: date, wanted: Wanted, first: date, last: date) -> list[CalendarDay]:
    """The days from `first` to `last` on which something is due. One query; the period of `wanted` is not looked at."""
    period = Wanted(**{**vars(wanted), "since": first, "until": last})
    wheres, named = _scope(user, period, today)
    numbered = f"""SELECT r.*, row_number() OVER day AS nth, count(*) OVER (PARTITION BY r.due_on) AS on_day
        FROM reserve_rotation r WHERE {_all(wheres)} WINDOW day AS (PARTITION BY r.due_on ORDER BY r.id)"""
    inner = f"SELECT * FROM ({numbered}) AS numbered WHERE nth <= %(most)s"
    lines = _lines(inner, {**named, "most": ON_A_DAY}, extra=", r.on_day")
    days: dict[date, CalendarDay] = {}
    for *line, total in lines:
        row = RotationRow(*line)
        days.setdefault(row.due_on, CalendarDay(row.due_on, total, [])).rows.append(row)
    return list(days.values())


def retests(*, row: RotationRow) -> list[RetestRow]:
    """The retests of a row's lot, newest first. One query. Whoever may see the row may see them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT t.retest_id, t.performed_on, t.passed, t.previous_due_on, t.next_due_on, t.lab, t.note,
                   coalesce(nullif(person.name, ''), person.username)
            FROM {dates.RETESTS} t
            JOIN {dates.LOTS} lot ON lot.lot_id = t.lot_id
            JOIN accounts_user person ON person.id = t.actor_id
            WHERE lot.number = %(lot)s
            ORDER BY t.retest_id DESC LIMIT 100
            """,
            {"lot": row.lot},
        )
        return [RetestRow(*line) for line in cursor.fetchall()]


_LATE = "r.finished_at IS NULL AND r.due_on < %(today)s"
_CONDITIONS = {
    OPEN: "r.finished_at IS NULL",
    "planned": "r.state = 'planned' AND r.due_on >= %(today)s",
    "in work": "r.state = 'in work' AND r.due_on >= %(today)s",
    "overdue": _LATE,
    "done": "r.state = 'done'",
    "dropped": "r.state = 'dropped'",
    ALL: "true",
}


def _scope(user: User, wanted: Wanted, today: date) -> tuple[list[str], dict[str, Any]]:
    """Conditions and their parameters: what the person may see of what is wanted. Only those that matter are written."""
    named: dict[str, Any] = {**vars(wanted), "today": today, "sites": None}
    wheres = [_CONDITIONS[wanted.state]]
    match reach(user, "rotations.see"):
        case Reach.OWN:
            named["sites"] = list(user.site_codes)
            wheres.append(dates.lies_at("r.lot_id", "%(sites)s"))
            if wanted.site and wanted.site not in user.site_codes:
                wheres.append("false")
        case None:
            wheres.append("false")
    optional = {
        "site": dates.lies_at("r.lot_id", "ARRAY[%(site)s]"),
        "material": "r.policy_id IN (SELECT p.id FROM reserve_rotationpolicy p"
        " JOIN inventory_material m ON m.id = p.material_id WHERE m.code = %(material)s)",
        "driver": "r.driver = %(driver)s",
        "method": "r.method = %(method)s",
        "since": "r.due_on >= %(since)s",
        "until": "r.due_on <= %(until)s",
    }
    return [*wheres, *(words for name, words in optional.items() if named[name])], named


def _all(wheres: list[str]) -> str:
    return " AND ".join(f"({words})" for words in wheres)


def _read(inner: str, named: dict[str, Any]) -> list[RotationRow]:
    return [RotationRow(*line) for line in _lines(inner, named)]


def _lines(inner: str, named: dict[str, Any], extra: str = "") -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT r.id, lot.number, material.code, material.name, material.unit, material.retest_months, lot.condition,
                   coalesce(held.site_codes, '{{}}'), r.driver, r.method, r.window_from, r.due_on,
                   coalesce(held.net_mg, r.net_mg), CASE WHEN {_LATE} THEN 'overdue' ELSE r.state END,
                   r.due_on - %(today)s, r.started_at, coalesce(person.name, ''), r.finished_at, r.retest_id, r.result,
                   CASE r.driver WHEN 'retest' THEN lot.retest_due_on ELSE lot.expires_on END, lot.last_seq {extra}
            FROM ({inner}) AS r
            JOIN {dates.LOTS} lot ON lot.lot_id = r.lot_id
            JOIN inventory_material material ON material.id = lot.material_id
            CROSS JOIN LATERAL {dates.held("r.lot_id", "%(sites)s")} held
            LEFT JOIN accounts_user person ON person.id = r.started_by_id
            ORDER BY r.due_on, r.id
            """,
            named,
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def months_of(rows: list[RotationRow]) -> list[tuple[date, list[RotationRow]]]:
    """Rows by the month in which they are due: (first of the month, rows), in their order."""
    months: dict[date, list[RotationRow]] = {}
    for row in rows:
        months.setdefault(row.due_on.replace(day=1), []).append(row)
    return list(months.items())


def weeks_of(month: date) -> list[list[date]]:
    """The weeks, Monday first, that a calendar page of the month shows."""
    first = month.replace(day=1)
    start = first - timedelta(days=first.weekday())
    after = (first + timedelta(days=32)).replace(day=1)
    count = -(-((after - start).days) // 7)
    return [[start + timedelta(days=7 * week + day) for day in range(7)] for week in range(count)]

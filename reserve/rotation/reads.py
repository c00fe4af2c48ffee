"""The schedule as people read it: who sees a lot's site sees its rotation, with the mass that lies there.

Whether a row is overdue is computed when somebody asks, so a job that did not run hides nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from config.accounts.matrix import Reach, reach
from config.accounts.models import User
from config.audit import keyset
from config.audit.keyset import Order, Page
from config.audit.refused import Refused
from config.ui import recorded
from inventory import dates, sites
from reserve.models import Rotation, RotationPolicy, RotationQuerySet

PAGE = 50
OPEN, ALL = "open", "all"
STATES = (OPEN, *Rotation.State.values, ALL)
ON_A_DAY = 5
COLUMNS = ("id", "due_on")
BY_DUE_DATE = Order("due", "due_on", date)


class RotationNotFound(Refused):
    code = "not_found"
    status = 404
    template = _("There is no such row in the rotation schedule that you may see.")


# What a finished row says of itself.
RESULTS = (gettext_noop("Passed on {day}, next due {next_day}"), gettext_noop("Failed on {day}: suspended"))


@dataclass(frozen=True)
class RotationRow:
    """One row of the schedule. `net_mg` is what lies at the sites that the person sees, or lay when the row was written.

    `lot_due_on` and `lot_seq` are the lot's own date and last fact now.
    """

    id: int
    lot_id: int
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
    def told(self) -> str:
        """The result in the language that is spoken."""
        return recorded.told(self.result, RESULTS)

    @property
    def state_name(self) -> str:
        return str(Rotation.State(self.state).label)

    @property
    def level(self) -> str:
        """How the state is coloured."""
        return {"overdue": "bad", "in work": "warn", "done": "ok"}.get(self.state, "muted")

    @property
    def startable(self) -> bool:
        """Nobody has taken it into work yet."""
        return self.finished_at is None and self.started_at is None

    @property
    def wants_retest(self) -> bool:
        """A retest answers it; what ends for good is replaced."""
        return self.driver == RotationPolicy.Driver.RETEST and self.finished_at is None


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
    *, user: User, today: date, wanted: Wanted | None = None, cursor: str = "", size: int = PAGE
) -> Page[RotationRow]:
    """One page of the schedule that the person may see, by due date; three queries, four with a site.

    Raises UnknownSite and BadCursor.
    """
    found: QuerySet[Any, dict[str, Any]] = _narrowed(user, wanted or Wanted(), today).values(*COLUMNS)

    def read(lines: list[dict[str, Any]]) -> list[RotationRow]:
        return _read(user, today, [line["id"] for line in lines])

    return keyset.page(found, order=BY_DUE_DATE, cursor=cursor, size=size, read=read)


def one(*, user: User, rotation_id: int, today: date) -> RotationRow:
    """One row; two queries. Raises RotationNotFound."""
    if not 0 <= rotation_id < 2**63 or not Rotation.objects.visible_to(user).filter(pk=rotation_id).exists():
        raise RotationNotFound()
    return _read(user, today, [rotation_id])[0]


def of_lot(*, user: User, lot_id: int, today: date) -> list[RotationRow]:
    """The open rows of one lot, if the person may see them; two queries at most."""
    found = (
        Rotation.objects.visible_to(user).filter(lot_id=lot_id, finished_at__isnull=True).values_list("id", flat=True)
    )
    ids = list(found)
    return _read(user, today, ids) if ids else []


def counted(*, user: User, today: date, wanted: Wanted, most: int) -> int:
    """How many rows there are, counted up to `most`. One query, two with a site."""
    return _narrowed(user, wanted, today).order_by("due_on", "id").values("id")[:most].count()


def calendar(*, user: User, today: date, wanted: Wanted, first: date, last: date) -> list[CalendarDay]:
    """The days from `first` to `last` on which something is due; two queries, three with a site.

    The period of `wanted` is not looked at. Raises UnknownSite.
    """
    period = Wanted(**{**vars(wanted), "since": first, "until": last})
    numbered = _narrowed(user, period, today).annotate(
        nth=Window(RowNumber(), partition_by=[F("due_on")], order_by=[F("id")]),
        on_day=Window(Count("*"), partition_by=[F("due_on")]),
    )
    totals = dict(numbered.filter(nth__lte=ON_A_DAY).values_list("id", "on_day"))
    days: dict[date, CalendarDay] = {}
    for row in _read(user, today, list(totals)):
        days.setdefault(row.due_on, CalendarDay(row.due_on, totals[row.id], [])).rows.append(row)
    return list(days.values())


def following(*, user: User, today: date, wanted: Wanted, after: date) -> RotationRow | None:
    """The first row that is due after a day, or None; two queries at most. The period of `wanted` is not looked at."""
    later = Wanted(**{**vars(wanted), "since": after + timedelta(days=1), "until": None})
    ids = list(_narrowed(user, later, today).order_by("due_on", "id").values_list("id", flat=True)[:1])
    return _read(user, today, ids)[0] if ids else None


def retests(*, row: RotationRow) -> list[RetestRow]:
    """The retests of a row's lot, newest first. One query. Whoever may see the row may see them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT t.retest_id, t.performed_on, t.passed, t.previous_due_on, t.next_due_on, t.lab, t.note,
                   coalesce(nullif(person.name, ''), person.username)
            FROM {dates.RETESTS} t
            JOIN accounts_user person ON person.id = t.actor_id
            WHERE t.lot_id = %(lot)s
            ORDER BY t.retest_id DESC LIMIT 100
            """,
            {"lot": row.lot_id},
        )
        return [RetestRow(*line) for line in cursor.fetchall()]


def _narrowed(user: User, wanted: Wanted, today: date) -> RotationQuerySet:
    found = Rotation.objects.visible_to(user).filter(_in_state(wanted.state, today))
    if wanted.site:
        sites.check_seen(user, wanted.site)
        found = found.lying_at([wanted.site])
    optional = {
        "policy__material__code": wanted.material,
        "driver": wanted.driver,
        "method": wanted.method,
        "due_on__gte": wanted.since,
        "due_on__lte": wanted.until,
    }
    return found.filter(**{path: value for path, value in optional.items() if value})


def _in_state(state: str, today: date) -> Q:
    late = Q(finished_at__isnull=True, due_on__lt=today)
    if state == ALL:
        return Q()
    if state == OPEN:
        return Q(finished_at__isnull=True)
    return late if state == Rotation.State.OVERDUE else Q(state=state) & ~late


def _read(user: User, today: date, ids: list[int]) -> list[RotationRow]:
    """The rows by due date, with what the person sees of each lot."""
    own = list(user.site_codes) if reach(user, "rotations.see") is Reach.OWN else None
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"ids": ids, "today": today, "sites": own})
        return [RotationRow(*line) for line in cursor.fetchall()]


_ROWS = f"""
    SELECT r.id, r.lot_id, lot.number, material.code, material.name, material.unit, material.retest_months, lot.condition,
           coalesce(held.site_codes, '{{}}'), r.driver, r.method, r.window_from, r.due_on, coalesce(held.net_mg, r.net_mg),
           CASE WHEN r.finished_at IS NULL AND r.due_on < %(today)s THEN 'overdue' ELSE r.state END, r.due_on - %(today)s,
           r.started_at, coalesce(nullif(person.name, ''), person.username, ''), r.finished_at, r.retest_id, r.result,
           CASE r.driver WHEN 'retest' THEN lot.retest_due_on ELSE lot.expires_on END, lot.last_seq
    FROM reserve_rotation r
    JOIN {dates.LOTS} lot ON lot.lot_id = r.lot_id
    JOIN inventory_material material ON material.id = lot.material_id
    CROSS JOIN LATERAL {dates.held("r.lot_id", "%(sites)s")} held
    LEFT JOIN accounts_user person ON person.id = r.started_by_id
    WHERE r.id = ANY(%(ids)s)
    ORDER BY r.due_on, r.id
"""

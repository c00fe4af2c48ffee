"""The schedule as people read it: who sees a lot's site sees its rotation."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from config.accounts.matrix import Reach, reach
from config.accounts.models import User
from config.audit.refused import Refused
from inventory import dates


class RotationNotFound(Refused):
    code = "not_found"
    status = 404
    template = "There is no such row in the rotation schedule that you may see."


@dataclass(frozen=True)
class RotationRow:
    """One row of the schedule; `net_mg` is what the lot holds now (or held when the row was written, once finished)."""

    id: int
    lot: str
    material: str
    material_name: str
    condition: str
    sites: list[str]
    driver: str
    method: str
    window_from: date
    due_on: date
    net_mg: int
    state: str
    started_at: datetime | None
    started_by: str
    finished_at: datetime | None
    retest_id: int | None
    result: str


_ROWS = f"""
    SELECT r.id, lot.number, material.code, material.name, lot.condition, coalesce(held.site_codes, '{{}}'), r.driver, r.method,
           r.window_from, r.due_on, coalesce(held.net_mg, r.net_mg), r.state, r.started_at, coalesce(person.name, ''),
           r.finished_at, r.retest_id, r.result
    FROM reserve_rotation r
    JOIN inventory_lot lot ON lot.id = r.lot_id
    JOIN inventory_material material ON material.id = lot.material_id
    LEFT JOIN LATERAL (SELECT * FROM {dates.HELD_LOTS} h WHERE h.lot_id = r.lot_id) held ON true
    LEFT JOIN accounts_user person ON person.id = r.started_by_id
    WHERE (%(sites)s::text[] IS NULL OR held.site_codes && %(sites)s)
      AND (%(open)s IS NULL OR (r.finished_at IS NULL) = %(open)s)
      AND (%(state)s = '' OR r.state = %(state)s)
      AND (%(site)s = '' OR %(site)s = ANY(held.site_codes))
      AND (%(material)s = '' OR material.code = %(material)s)
      AND (%(since)s::date IS NULL OR r.due_on >= %(since)s) AND (%(until)s::date IS NULL OR r.due_on <= %(until)s)
      AND (%(id)s::bigint IS NULL OR r.id = %(id)s)
    ORDER BY r.due_on, r.id
    LIMIT %(limit)s
"""


def rows(
    *,
    user: User,
    open: bool | None = True,
    state: str = "",
    site: str = "",
    material: str = "",
    since: date | None = None,
    until: date | None = None,
    limit: int = 500,
) -> list[RotationRow]:
    """Rows of the schedule that the person may see, by due date. `open` None: finished ones too. One query."""
    wanted = {"open": open, "state": state, "site": site, "material": material, "since": since, "until": until}
    return _read(user, {**wanted, "id": None, "limit": limit})


def one(*, user: User, rotation_id: int) -> RotationRow:
    """One row. Raises RotationNotFound."""
    wanted: dict[str, Any] = {"open": None, "state": "", "site": "", "material": "", "since": None, "until": None}
    found = _read(user, {**wanted, "id": rotation_id, "limit": 1})
    if not found:
        raise RotationNotFound()
    return found[0]


def _read(user: User, wanted: dict[str, Any]) -> list[RotationRow]:
    match reach(user, "rotations.see"):
        case Reach.ALL:
            sites = None
        case Reach.OWN:
            sites = list(user.site_codes)
        case _:
            return []
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {**wanted, "sites": sites})
        return [RotationRow(*line) for line in cursor.fetchall()]

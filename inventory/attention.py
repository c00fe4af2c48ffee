"""What waits at a site: lots on hold, lots on their way there, lots whose last eligible day comes near. For desks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.accounts.ties import Hands, Tie
from config.audit.keyset import Few
from inventory import positions
from inventory.ledger.conditions import LAPSED
from inventory.names import told

Row = TypeVar("Row")
LIMIT = 200


@dataclass(frozen=True)
class Held:
    """A lot on hold: since when, why, and what it waits for. `net_mg` lies at the sites that the person may see."""

    lot: str
    material: str
    material_name: str
    condition: str
    sites: list[str]
    net_mg: int
    since: datetime
    reason: str
    received_by: str
    received_by_id: int
    never_judged: bool
    needs_assay: bool

    @property
    def why(self) -> str:
        """The reason in the language that is spoken."""
        return told(self.reason)

    @property
    def hands(self) -> Hands:
        """Who has a hand in the lot."""
        return {Tie.RECEIVED: [self.received_by_id]}

    @property
    def waits_for(self) -> str | Promise:
        """The next step in words, from condition and history."""
        if self.condition == "J" and self.never_judged:
            return _("an assay, then acceptance") if self.needs_assay else _("acceptance")
        if self.condition == "J":
            return _("a retest") if self.reason == LAPSED else _("a decision")
        return WAITS_FOR.get(self.condition, _("a decision"))


WAITS_FOR = {
    "D": _("a test or modification"),
    "K": _("classification"),
    "L": _("a decision on the dispute"),
    "M": _("return from the processor"),
    "Q": _("a quality decision"),
    "H": _("disposal"),
    "S": _("disposal"),
}


@dataclass(frozen=True)
class Inbound:
    """A lot in a transit lane that leads to a site; `since` is when it last moved there."""

    lot: str
    material: str
    material_name: str
    condition: str
    net_mg: int
    lane: str
    origin: str
    destination: str
    since: datetime


@dataclass(frozen=True)
class Unstowed:
    """An accepted lot, or the part of it, that still lies in quarantine (`origin`) and so does not count.

    `destination` is its site, any store of which will do; `since` is when it was accepted.
    """

    lot: str
    material: str
    material_name: str
    net_mg: int
    origin: str
    destination: str
    since: datetime


@dataclass(frozen=True)
class Due:
    """An accepted lot and the last day on which it counts: retest due, or expiry."""

    lot: str
    material: str
    material_name: str
    condition: str
    sites: list[str]
    net_mg: int
    due_on: date
    expires: bool


def on_hold(*, user: User, limit: int = LIMIT) -> Few[Held]:
    """Lots outside A, B and C that lie at the person's sites, longest first. One query."""
    return _few(Held, _ON_HOLD, user, limit)


def inbound(*, user: User, limit: int = LIMIT) -> Few[Inbound]:
    """Lots on their way to the person's sites, longest first. One query."""
    return _few(Inbound, _INBOUND, user, limit)


def unstowed(*, user: User, limit: int = LIMIT) -> Few[Unstowed]:
    """Accepted lots in quarantine at the person's sites, longest first. One query."""
    return _few(Unstowed, _UNSTOWED, user, limit)


def due(*, user: User, until: date, limit: int = LIMIT) -> list[Due]:
    """Accepted lots at the person's sites whose last eligible day is `until` or before, soonest first. One query."""
    return [Due(*line) for line in _lines(_DUE, user, until=until, limit=limit)]


def _few(row: Callable[..., Row], sql: str, user: User, limit: int) -> Few[Row]:
    """The first rows of a statement whose last column says how many there are in all."""
    lines = _lines(sql, user, limit=limit)
    return Few([row(*line) for *line, _of in lines], lines[0][-1] if lines else 0)


def _lines(sql: str, user: User, **named: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {**named, "sites": positions.sites_of(user)})
        return list(cursor.fetchall())


# Balances of lots by the site that looks after them: a lane's lots belong to the sender until they are confirmed.
_AT = """
    FROM inventory_lot lot
    JOIN inventory_balance balance ON balance.lot_id = lot.id AND balance.net_mg > 0
    JOIN inventory_location location ON location.id = balance.location_id
    JOIN inventory_site site ON site.id = location.site_id
    JOIN inventory_material material ON material.id = lot.material_id
"""

# From the few places of a kind to the few lots in them. PostgreSQL takes places for equally full and would read
# every lot instead: OFFSET 0 keeps the order.
_IN = """
    FROM inventory_location location
    JOIN inventory_site site ON site.id = location.site_id
    CROSS JOIN LATERAL (SELECT lot_id, net_mg FROM inventory_balance
                        WHERE location_id = location.id AND net_mg > 0 OFFSET 0) balance
    CROSS JOIN LATERAL (SELECT id, number, material_id, condition, received_at FROM inventory_lot
                        WHERE id = balance.lot_id OFFSET 0) lot
    JOIN inventory_material material ON material.id = lot.material_id
"""

# What only the first rows need is read once they are known.
_ON_HOLD = f"""
    SELECT lot.number, material.code, material.name, lot.condition, held.sites, held.net_mg, held.since, held.reason,
           receiver.name, receiver.id, held.change_id IS NULL OR held.change_id = first.id,
           material.assay_required AND coalesce(assay.source, 'catalogue') = 'catalogue', held.of
    FROM (
        SELECT lot.id, array_agg(DISTINCT site.code ORDER BY site.code) AS sites, sum(balance.net_mg)::bigint AS net_mg,
               coalesce(last.occurred_at, lot.received_at) AS since, coalesce(last.reason, '') AS reason,
               last.id AS change_id, count(*) OVER () AS of
        {_AT}
        LEFT JOIN LATERAL (SELECT id, occurred_at, reason FROM inventory_conditionchange c WHERE c.lot_id = lot.id
                           ORDER BY occurred_at DESC, id DESC LIMIT 1) last ON true
        WHERE lot.condition NOT IN ('A', 'B', 'C') AND (%(sites)s::text[] IS NULL OR site.code = ANY(%(sites)s))
        GROUP BY lot.id, last.id, last.occurred_at, last.reason
        ORDER BY since, lot.id LIMIT %(limit)s
    ) held
    JOIN inventory_lot lot ON lot.id = held.id
    JOIN inventory_material material ON material.id = lot.material_id
    JOIN accounts_user receiver ON receiver.id = lot.received_by_id
    LEFT JOIN inventory_assay assay ON assay.id = lot.assay_id
    LEFT JOIN LATERAL (SELECT id FROM inventory_conditionchange c WHERE c.lot_id = lot.id ORDER BY id LIMIT 1) first ON true
    ORDER BY held.since, lot.id
"""

_INBOUND = f"""
    SELECT lot.number, material.code, material.name, lot.condition, balance.net_mg, location.code, site.code,
           bound.code, coalesce(arrived.at, lot.received_at), count(*) OVER ()
    {_IN}
    JOIN inventory_site bound ON bound.id = location.bound_for_id
    LEFT JOIN LATERAL (SELECT max(m.occurred_at) AS at FROM inventory_movement m
                       WHERE m.lot_id = lot.id AND m.destination_id = location.id) arrived ON true
    WHERE location.kind = 'transit' AND (%(sites)s::text[] IS NULL OR bound.code = ANY(%(sites)s))
    ORDER BY 9, lot.id LIMIT %(limit)s
"""

_UNSTOWED = f"""
    SELECT lot.number, material.code, material.name, balance.net_mg, location.code, site.code,
           coalesce(judged.at, lot.received_at), count(*) OVER ()
    {_IN}
    LEFT JOIN LATERAL (SELECT max(c.occurred_at) AS at FROM inventory_conditionchange c WHERE c.lot_id = lot.id) judged ON true
    WHERE lot.condition IN ('A', 'B', 'C') AND location.kind = 'quarantine'
      AND (%(sites)s::text[] IS NULL OR site.code = ANY(%(sites)s))
    ORDER BY 7, lot.id LIMIT %(limit)s
"""

_DUE = """
    SELECT lot.number, material.code, material.name, lot.condition, array_agg(DISTINCT site.code ORDER BY site.code),
           sum(balance.net_mg)::bigint, lot.eligible_until, lot.expires_on IS NOT DISTINCT FROM lot.eligible_until
    FROM inventory_lot lot
    CROSS JOIN LATERAL (SELECT location_id, net_mg FROM inventory_balance WHERE lot_id = lot.id AND net_mg > 0 OFFSET 0) balance
    JOIN inventory_location location ON location.id = balance.location_id
    JOIN inventory_site site ON site.id = location.site_id
    JOIN inventory_material material ON material.id = lot.material_id
    WHERE lot.condition IN ('A', 'B', 'C') AND lot.eligible_until <= %(until)s
      AND (%(sites)s::text[] IS NULL OR site.code = ANY(%(sites)s))
    GROUP BY lot.id, material.id
    ORDER BY lot.eligible_until, lot.id LIMIT %(limit)s
"""


def store_of_latest(*, user: User, materials: list[str]) -> dict[tuple[str, str], str]:
    """(site, material) -> the store where the latest lot of it lies: where more of it is best stowed. One query."""
    return {(site, material): store for site, material, store in _lines(_LATEST, user, materials=materials)}


# Newest lots first until one lies in a store of the site; the position says beforehand that one does. OFFSET 0 keeps
# PostgreSQL from walking through everybody's balances instead.
_LATEST = """
    SELECT site.code, material.code, latest.store
    FROM inventory_material material
    JOIN inventory_site site ON %(sites)s::text[] IS NULL OR site.code = ANY(%(sites)s)
    JOIN LATERAL (
        SELECT location.code AS store
        FROM (SELECT id FROM inventory_lot WHERE material_id = material.id ORDER BY id DESC OFFSET 0) lot
        JOIN inventory_balance balance ON balance.lot_id = lot.id AND balance.net_mg > 0
        JOIN inventory_location location ON location.id = balance.location_id
        WHERE location.site_id = site.id AND location.kind = 'store' AND location.is_active
        ORDER BY lot.id DESC, balance.net_mg DESC LIMIT 1) latest ON true
    WHERE material.code = ANY(%(materials)s)
      AND EXISTS (SELECT 1 FROM inventory_position held WHERE held.material_id = material.id AND held.site_id = site.id
                  AND held.place = 'store' AND held.net_mg > 0)
"""

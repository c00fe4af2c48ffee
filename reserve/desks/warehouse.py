"""The warehouse's desk: today at my sites. No figure of the reserve stands here, only whether something is wanted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from config.accounts.matrix import why_not
from config.accounts.models import User
from config.audit.keyset import Few
from inventory import attention, sites
from inventory.attention import Held, Inbound
from procurement import desk
from procurement.deliveries import ExpectedRow
from reserve import rotation, wanted
from reserve.rotation import Due

SHOWN = 12


@dataclass(frozen=True)
class Truck:
    """A delivery expected, where its material is best stowed, and whether it is wanted here."""

    line: ExpectedRow
    stow: list[str]
    beside: bool
    wanted: bool


@dataclass(frozen=True)
class Waiting:
    """A lot on hold; `own` when the reader has a hand in it (received it), so that somebody else has to accept it."""

    lot: Held
    own: bool
    wanted: bool

    @property
    def mine(self) -> bool:
        """Whether the reader may accept it: it was never accepted, and somebody else received it."""
        return self.lot.condition == "J" and self.lot.never_judged and not self.own


@dataclass(frozen=True)
class Warehouse:
    sites: list[str]
    trucks: list[Truck]
    due_today: int
    late: int
    expected: int
    waiting: list[Waiting]
    held: int
    inbound: Few[Inbound]
    due: Due
    unscheduled: list[attention.Due]

    @property
    def retests(self) -> int:
        return self.due.count + len(self.unscheduled)


def read(*, user: User, now: datetime) -> Warehouse:
    """What waits at the person's sites; eight queries."""
    today = now.date()
    lines = desk.expected(user, today=today, limit=SHOWN)
    counts = desk.expected_by_site(user, today=today, days=0)
    held = attention.on_hold(user=user)
    wishes = wanted.by_material(materials={line.material for line in lines} | {lot.material for lot in held})
    due = rotation.due(user=user, today=today)
    planned = {row.lot for row in due.rows}

    def is_wanted(material: str, at: list[str]) -> bool:
        return bool(wanted.at(wishes.get(material, ()), at))

    waiting = [
        Waiting(lot, why_not(user, "lots.accept", hands=lot.hands) is not None, is_wanted(lot.material, lot.sites))
        for lot in held
    ]
    return Warehouse(
        sites=list(user.site_codes),
        trucks=_trucks(user, lines, is_wanted),
        due_today=sum(row.due for row in counts),
        late=sum(row.late for row in counts),
        expected=sum(row.total for row in counts),
        waiting=sorted(waiting, key=lambda lot: not lot.mine)[:SHOWN],
        held=held.of,
        inbound=attention.inbound(user=user),
        due=due,
        unscheduled=[]
        if due.more
        else [lot for lot in attention.due(user=user, until=due.until) if lot.lot not in planned],
    )


def _trucks(user: User, lines: list[ExpectedRow], is_wanted: Callable[[str, list[str]], bool]) -> list[Truck]:
    """Deliveries with where they are best stowed: beside what lies there already, else in any store of the site."""
    stores: dict[str, list[str]] = {}
    for location in sites.locations(user, kinds=("store",)):
        stores.setdefault(location.site, []).append(location.code)
    beside = attention.stores_of(user=user, materials=[line.material for line in lines])
    return [
        Truck(
            line,
            (beside.get((line.site, line.material)) or stores.get(line.site, []))[:2],
            (line.site, line.material) in beside,
            is_wanted(line.material, [line.site]),
        )
        for line in lines
    ]

"""The warehouse's desk: today at my sites. No figure of the reserve stands here, only whether something is wanted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.accounts.matrix import why_not
from config.accounts.models import User
from config.approvals import reads
from config.approvals.reads import RequestRow
from config.audit.keyset import Few
from inventory import attention, rounds, sites
from inventory.attention import Held, Inbound, Unstowed
from procurement import desk
from procurement.deliveries import ExpectedRow
from reserve import rotation, wanted
from reserve.rotation import Due

# Rows of each panel, and of the one that the reader asked to see whole.
SHOWN, WHOLE = 6, 200
# How long an issue that was agreed to stands on the desk: what leaves the books has to leave the building.
LOAD_OUT = timedelta(days=14)
# (site, material) -> the store where the latest lot of it lies.
Beside = dict[tuple[str, str], str]


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

    @property
    def ready(self) -> bool:
        """Whether the reader may accept it as it is: nothing has to be assayed first."""
        return self.mine and not self.lot.needs_assay


@dataclass(frozen=True)
class ToStow:
    """A lot to put into a store: on its way here, or accepted and still in quarantine. `to` where it is best stowed."""

    lot: Inbound | Unstowed
    to: str
    beside: bool


@dataclass(frozen=True)
class Warehouse:
    sites: list[str]
    trucks: list[Truck]
    due_today: int
    late: int
    expected: int
    waiting: list[Waiting]
    held: int
    stow: list[ToStow]
    to_stow: int
    loads: Few[RequestRow]
    counts: Few[rounds.Round]
    due: Due
    unscheduled: list[attention.Due]

    @property
    def retests(self) -> int:
        return self.due.count + len(self.unscheduled)


def read(*, user: User, now: datetime, whole: str = "") -> Warehouse:
    """What waits at the person's sites; fifteen queries. `whole` names the panel, stow or loads, to show more rows of."""
    today = now.date()
    stow, loads = (WHOLE if whole == panel else SHOWN for panel in ("stow", "loads"))
    lines = desk.expected(user, today=today, limit=SHOWN)
    counts = desk.expected_by_site(user, today=today, days=0)
    held = attention.on_hold(user=user)
    inbound, unstowed = attention.inbound(user=user, limit=stow), attention.unstowed(user=user, limit=stow)
    coming: list[Inbound | Unstowed] = [*inbound, *unstowed]
    beside = attention.store_of_latest(user=user, materials=[one.material for one in [*lines, *coming]])
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
        trucks=_trucks(user, lines, beside, is_wanted),
        due_today=sum(row.due for row in counts),
        late=sum(row.late for row in counts),
        expected=sum(row.total for row in counts),
        waiting=sorted(waiting, key=lambda lot: not lot.mine)[:SHOWN],
        held=held.of,
        stow=[_to_stow(lot, beside) for lot in coming],
        to_stow=inbound.of + unstowed.of,
        loads=_loads(user, now, loads),
        counts=_by_place(rounds.due(user=user, now=now, limit=SHOWN)),
        due=due,
        unscheduled=[]
        if due.more
        else [lot for lot in attention.due(user=user, until=due.until) if lot.lot not in planned],
    )


def _to_stow(lot: Inbound | Unstowed, beside: Beside) -> ToStow:
    store = beside.get((lot.destination, lot.material))
    return ToStow(lot, store or lot.destination, store is not None)


def _loads(user: User, now: datetime, most: int) -> Few[RequestRow]:
    """Issues that were agreed to, or made under break-glass, in the last days."""
    done, kinds = ["approved", "emergency"], ["inventory.issue"]
    return reads.settled(user=user, states=done, kinds=kinds, since=now - LOAD_OUT, until=now, most=most)


def _by_place(due: Few[rounds.Round]) -> Few[rounds.Round]:
    """The soonest due, in the order in which one walks by them."""
    return Few(sorted(due, key=lambda row: (row.location, row.due_on, row.lot)), due.of)


def _trucks(
    user: User,
    lines: list[ExpectedRow],
    beside: Beside,
    is_wanted: Callable[[str, list[str]], bool],
) -> list[Truck]:
    """Deliveries with where they are best stowed: beside what lies there already, else in any store of the site."""
    stores: dict[str, list[str]] = {}
    for location in sites.locations(user, kinds=("store",)):
        stores.setdefault(location.site, []).append(location.code)
    return [
        Truck(
            line,
            [beside[here]] if (here := (line.site, line.material)) in beside else stores.get(line.site, [])[:2],
            here in beside,
            is_wanted(line.material, [line.site]),
        )
        for line in lines
    ]

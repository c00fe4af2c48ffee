"""What a lot adds up to: pure functions from its state to position keys, no database.

A `Rollup` maps each position key that a lot feeds to the mass it feeds there. Positions are sums of rollups, so the
entry that an event leaves is the rollup after it minus the rollup before it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import NamedTuple

_EXACT = Context(prec=80, rounding=ROUND_HALF_EVEN)


class Key(NamedTuple):
    """A position key; `element_id` 0 stands for net mass."""

    material_id: int
    element_id: int
    site_id: int
    place: str
    condition: str
    verdict: str


class Amount(NamedTuple):
    mass_mg: int
    free_mg: int
    lots: int


Rollup = dict[Key, Amount]
NOTHING = Amount(0, 0, 0)


@dataclass
class Held:
    """What lies at one location, in mg."""

    net_mg: int = 0
    allocated_mg: int = 0

    @property
    def free_mg(self) -> int:
        return self.net_mg - self.allocated_mg


class PlaceAt(NamedTuple):
    site_id: int
    place: str


@dataclass
class LotState:
    """A lot at one moment. `fractions` maps element id to mass fraction on dry mass, `held` location id to mass."""

    material_id: int
    condition: str = "J"
    verdict: str = "unknown"
    moisture: Decimal = Decimal(0)
    fractions: Mapping[int, Decimal] = field(default_factory=dict)
    held: dict[int, Held] = field(default_factory=dict)

    def at(self, location_id: int) -> Held:
        return self.held.setdefault(location_id, Held())


def contained_mg(net_mg: int, moisture: Decimal, fraction: Decimal) -> int:
    """Contained mass of an element: net x (1 - moisture) x fraction, rounded half-even to the milligram once."""
    dry = _EXACT.multiply(Decimal(net_mg), _EXACT.subtract(Decimal(1), moisture))
    return int(_EXACT.multiply(dry, fraction).to_integral_value(rounding=ROUND_HALF_EVEN, context=_EXACT))


def rollup(lot: LotState, places: Mapping[int, PlaceAt]) -> Rollup:
    """Return what the lot feeds into each position key. `places` gives site and kind of each location."""
    result: Rollup = {}
    for location_id, held in lot.held.items():
        if not held.net_mg:
            continue
        where = places[location_id]
        net = Key(lot.material_id, 0, where.site_id, where.place, lot.condition, lot.verdict)
        before = result.get(net, NOTHING)
        result[net] = Amount(before.mass_mg + held.net_mg, before.free_mg + held.free_mg, 1)
        for element_id, fraction in lot.fractions.items():
            key = net._replace(element_id=element_id)
            before = result.get(key, NOTHING)
            result[key] = Amount(
                before.mass_mg + contained_mg(held.net_mg, lot.moisture, fraction),
                before.free_mg + contained_mg(held.free_mg, lot.moisture, fraction),
                0,
            )
    return result


def difference(after: Mapping[Key, Amount], before: Mapping[Key, Amount]) -> Rollup:
    """Return after minus before, without the keys where nothing changed."""
    result: Rollup = {}
    for key in {*after, *before}:
        new, old = after.get(key, NOTHING), before.get(key, NOTHING)
        if new != old:
            result[key] = Amount(new.mass_mg - old.mass_mg, new.free_mg - old.free_mg, new.lots - old.lots)
    return result


def total(rollups: Iterable[Mapping[Key, Amount]]) -> Rollup:
    """Return the sum over several rollups."""
    result: Rollup = {}
    for one in rollups:
        for key, amount in one.items():
            old = result.get(key, NOTHING)
            result[key] = Amount(old.mass_mg + amount.mass_mg, old.free_mg + amount.free_mg, old.lots + amount.lots)
    return result


# ---- one lot's history, replayed ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    origin_id: int
    destination_id: int
    net_mg: int


@dataclass(frozen=True)
class Judged:
    condition: str
    verdict: str


@dataclass(frozen=True)
class Assayed:
    moisture: Decimal
    fractions: Mapping[int, Decimal]


@dataclass(frozen=True)
class Allocated:
    location_id: int
    delta_mg: int


Event = Moved | Judged | Assayed | Allocated


class Overdrawn(Exception):
    """On some moment a location would have held less than is allocated there."""

    def __init__(self, location_id: int, at: datetime) -> None:
        super().__init__(location_id, at)
        self.location_id, self.at = location_id, at


def apply(lot: LotState, event: Event, places: Mapping[int, PlaceAt]) -> None:
    """Change the state by one event. Locations that `places` does not name are the world outside."""
    match event:
        case Moved():
            if event.origin_id in places:
                lot.at(event.origin_id).net_mg -= event.net_mg
            if event.destination_id in places:
                lot.at(event.destination_id).net_mg += event.net_mg
        case Judged():
            lot.condition, lot.verdict = event.condition, event.verdict
        case Assayed():
            lot.moisture, lot.fractions = event.moisture, event.fractions
        case Allocated():
            lot.at(event.location_id).allocated_mg += event.delta_mg


def replay(
    lot: LotState, history: Iterable[tuple[datetime, Event]], places: Mapping[int, PlaceAt]
) -> dict[datetime, Rollup]:
    """Replay a history that is ordered by (moment, number) from an empty lot: moment -> change of the rollup.

    Raises Overdrawn when a location holds less than nothing, or less than is allocated there, after any event.
    """
    changes: dict[datetime, Rollup] = {}
    before: Rollup = {}
    moment: datetime | None = None
    for at, event in history:
        if moment is not None and at != moment:
            after = rollup(lot, places)
            changes[moment] = difference(after, before)
            before = after
        moment = at
        apply(lot, event, places)
        for location_id, held in lot.held.items():
            if not 0 <= held.allocated_mg <= held.net_mg:
                raise Overdrawn(location_id, at)
    if moment is not None:
        changes[moment] = difference(rollup(lot, places), before)
    return changes

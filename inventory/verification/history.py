"""Any day again: the entries at every moment are what a replay of the lot's facts gives.

A position as of a day is the sum of entries up to it. So it is right on every day when, at each moment of each lot, the
entries of that moment add up to the difference between what the lot fed into positions after it and before it. Replayed in
whole numbers, apart from the ledger's own code; facts and entries pass through, and never stand in memory together.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from inventory.models import HOLDING, Element, Location, Material, Site
from inventory.verification.difference import MOST, Difference, Tally, lot_name, select

ROWS_AT_A_TIME = 10_000
WHOLE = 10**20  # moisture and fractions have ten digits each

Key = tuple[int, int, int, str, str, str]  # material, element or 0, site, place, condition, verdict
Amounts = dict[Key, tuple[int, int, int]]  # mass, free, lots
NOTHING = (0, 0, 0)


def moments(tally: Tally) -> Iterator[Difference]:
    """Entries of each lot, moment and key = what changed then by its movements, condition, verdict, assay, allocations."""
    names, places, elements = Names(), _places(), dict(Element.objects.values_list("symbol", "id"))
    found = 0
    for lot_id, facts, entries in _by_lot():
        lot = Lot(lot_id, places, elements)
        said = _said(entries)
        for at, happened in groupby(facts, key=itemgetter(1)):
            tally.rows["moments of lots"] += 1
            for row in happened:
                lot.take(row)
            for what in lot.settle(said.pop(at, {}), names):
                found += 1
                yield Difference("history", names.sentence(lot_id, at, what), lot_id)
        for at, amounts in said.items():
            for key, amount in amounts.items():
                if amount != NOTHING:
                    found += 1
                    what = f"{names.key(key)}: entries say {_words(amount)}; no fact has that moment"
                    yield Difference("history", names.sentence(lot_id, at, what), lot_id)
        if found > MOST:
            return


@dataclass
class Lot:
    """One lot, replayed: what it holds, is and contains so far."""

    lot_id: int
    places: dict[int, tuple[int, str]]
    elements: dict[str, int]
    material_id: int = 0
    condition: str = "J"
    verdict: str = "unknown"
    shares: tuple[tuple[int, int], ...] = ()
    held: dict[int, list[int]] = field(default_factory=dict)
    before: Amounts = field(default_factory=dict)

    def take(self, row: tuple[Any, ...]) -> None:
        """Take one row of the stream of facts (see `_FACTS`)."""
        _, _, kind, _, origin, destination, mg, text, more = row
        if kind == 0:
            self.material_id = mg
        elif kind == 1:
            self.condition, self.verdict = text, more
        elif kind == 2:
            shares = _shares(text, more)
            self.shares = tuple((self.elements[symbol], share) for symbol, share in shares if symbol in self.elements)
        elif kind == 3:
            if origin in self.places:
                self.held.setdefault(origin, [0, 0])[0] -= mg
            if destination in self.places:
                self.held.setdefault(destination, [0, 0])[0] += mg
        elif destination in self.places:
            self.held.setdefault(destination, [0, 0])[1] += mg

    def settle(self, said: Amounts, names: "Names") -> Iterator[str]:
        """At the end of a moment: say what is negative, and where the entries of the moment say another change."""
        for location_id, (net, allocated) in self.held.items():
            if not 0 <= allocated <= net:
                yield f"{net} mg held with {allocated} mg allocated at {names.location(location_id)}"
        after = self.fed()
        for key in sorted({*after, *self.before, *said}):
            new, old = after.get(key, NOTHING), self.before.get(key, NOTHING)
            change = (new[0] - old[0], new[1] - old[1], new[2] - old[2])
            if change != said.get(key, NOTHING):
                entered = _words(said.get(key, NOTHING))
                yield f"{names.key(key)}: entries say {entered}; facts say {_words(change)}"
        self.before = after

    def fed(self) -> Amounts:
        """What the lot feeds into positions now: contained mass rounded half-even for each location, then added."""
        result: Amounts = {}
        for location_id, (net, allocated) in self.held.items():
            if not net:
                continue
            where = (*self.places[location_id], self.condition, self.verdict)
            key = (self.material_id, 0, *where)
            mass, free, _ = result.get(key, NOTHING)
            result[key] = (mass + net, free + net - allocated, 1)
            for element_id, share in self.shares:
                key = (self.material_id, element_id, *where)
                mass, free, _ = result.get(key, NOTHING)
                result[key] = (mass + _half_even(net * share), free + _half_even((net - allocated) * share), 0)
        return {key: amount for key, amount in result.items() if amount != NOTHING}


def _half_even(product: int) -> int:
    whole, rest = divmod(product, WHOLE)
    return whole + (rest * 2 > WHOLE or (rest * 2 == WHOLE and whole % 2 == 1))


@lru_cache(maxsize=4096)
def _shares(moisture: str, fractions: str) -> tuple[tuple[str, int], ...]:
    """Symbol and share of wet mass in units of 1e-20: (1 - moisture) x fraction."""
    dry = WHOLE // 10**10 - _digits(moisture)
    parts = (part.split(" ") for part in fractions.split("\n") if part)
    return tuple((" ".join(symbol), dry * _digits(value)) for *symbol, value in parts)


def _digits(fraction: str) -> int:
    """A decimal fraction in units of 1e-10."""
    whole, _, rest = fraction.partition(".")
    return int(whole) * 10**10 + int(rest.ljust(10, "0"))


def _said(entries: Iterator[tuple[Any, ...]]) -> dict[datetime, Amounts]:
    said: dict[datetime, Amounts] = {}
    for row in entries:
        at, key = row[1], row[2:8]
        amounts = said.setdefault(at, {})
        mass, free, lots = amounts.get(key, NOTHING)
        amounts[key] = (mass + row[8], free + row[9], lots + row[10])
    return said


def _words(amount: tuple[int, int, int]) -> str:
    mass_mg, free_mg, lots = amount
    return f"{mass_mg:+} mg, {free_mg:+} mg free, {lots:+} lots"


class Names:
    """Codes for sentences, looked up only when there is something to say."""

    def sentence(self, lot_id: int, at: datetime, what: str) -> str:
        (lot,) = select(_NAME, lot=lot_id)
        return f"history: {lot_name(lot)} at {at:%Y-%m-%d %H:%M:%S.%f}: {what}"

    def key(self, key: Key) -> str:
        material_id, element_id, site_id, place, condition, verdict = key
        code = _code(Material.objects.filter(pk=material_id).values_list("code", flat=True))
        what = f"{_code(Element.objects.filter(pk=element_id).values_list('symbol', flat=True))} in {code}"
        where = _code(Site.objects.filter(pk=site_id).values_list("code", flat=True))
        return f"{what if element_id else code} at {where} ({place}, condition {condition}, {verdict})"

    def location(self, location_id: int) -> str:
        return _code(Location.objects.filter(pk=location_id).values_list("code", flat=True))


def _code(found: Iterable[str]) -> str:
    return next(iter(found), "something that is not there")


_NAME = "SELECT l.id AS lot_id, lot.number FROM (SELECT %(lot)s::bigint AS id) l LEFT JOIN inventory_lot lot USING (id)"


def _places() -> dict[int, tuple[int, str]]:
    rows = Location.objects.filter(kind__in=HOLDING).values_list("id", "site_id", "kind")
    return {location_id: (site_id, kind) for location_id, site_id, kind in rows}


def _by_lot() -> Iterator[tuple[int, Iterator[tuple[Any, ...]], Iterator[tuple[Any, ...]]]]:
    """Each lot with its facts by moment and its entries; either may be none."""
    facts, entries = (groupby(_stream(*one), key=itemgetter(0)) for one in (("facts", _FACTS), ("entries", _ENTRIES)))
    fact, entry = next(facts, None), next(entries, None)
    while fact or entry:
        lot_id = min(one[0] for one in (fact, entry) if one)
        own = fact[1] if fact and fact[0] == lot_id else iter(())
        other = entry[1] if entry and entry[0] == lot_id else iter(())
        yield lot_id, own, other
        if fact and fact[0] == lot_id:
            fact = next(facts, None)
        if entry and entry[0] == lot_id:
            entry = next(entries, None)


def _stream(name: str, statement: str) -> Iterator[tuple[Any, ...]]:
    connection.ensure_connection()
    with connection.connection.cursor(name=f"verify_{name}", binary=True) as cursor:
        cursor.itersize = ROWS_AT_A_TIME
        cursor.execute(statement)
        yield from cursor


# lot, moment, kind, id, origin, destination, mg (or material), two texts
_FACTS = """
    SELECT id AS lot_id, received_at AS at, 0 AS kind, id, 0::bigint, 0::bigint, material_id, '', '' FROM inventory_lot
    UNION ALL
    SELECT lot_id, occurred_at, 1, id, 0, 0, 0, condition, verdict FROM inventory_conditionchange
    UNION ALL
    SELECT lot_id, occurred_at, 2, id, 0, 0, 0, moisture::text,
        (SELECT coalesce(string_agg(key || ' ' || value, E'\\n' ORDER BY key), '') FROM jsonb_each_text(fractions))
    FROM inventory_assay
    UNION ALL
    SELECT lot_id, occurred_at, 3, id, origin_id, destination_id, net_mg, '', '' FROM inventory_movement
    UNION ALL
    SELECT lot_id, occurred_at, 4, id, 0, location_id, delta_mg, '', '' FROM inventory_allocationchange
    ORDER BY 1, 2, 3, 4
"""
_ENTRIES = """
    SELECT lot_id, occurred_at, material_id, coalesce(element_id, 0), site_id, place, condition, verdict, mass_mg, free_mg,
        lots::bigint
    FROM inventory_positionentry ORDER BY lot_id, occurred_at
"""

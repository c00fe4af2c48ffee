"""A second ledger, in plain Python and exact fractions: what the real one must say. It shares no code with the product."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

Held = dict[str, list[int]]  # location -> [net, allocated]
Key = tuple[str, str, str, str, str]  # material, element or "", site, place, condition
Totals = dict[Key, tuple[int, int, int]]  # mass, free, lots

ACCEPTED = ("A", "B", "C")


@dataclass(frozen=True)
class Fact:
    """Something that happened to a lot at `at` and was written down at `recorded`. Only the fields of its kind count."""

    at: datetime
    recorded: datetime
    seq: int
    kind: str  # move, judge, assay, allocate
    origin: str = ""
    destination: str = ""
    mg: int = 0
    condition: str = ""
    moisture: Fraction = Fraction(0)
    fractions: tuple[tuple[str, Fraction], ...] = ()


@dataclass
class BookLot:
    number: str
    material: str
    received_at: datetime
    receiver: str
    retest_due: date | None
    expires: date | None
    assayed: bool = False
    facts: list[Fact] = field(default_factory=list)

    @property
    def latest_at(self) -> datetime:
        return max([self.received_at, *(fact.at for fact in self.facts)])

    @property
    def judged_at(self) -> datetime:
        return max(fact.at for fact in self.facts if fact.kind == "judge")

    @property
    def eligible_until(self) -> date | None:
        return min((day for day in (self.retest_due, self.expires) if day), default=None)

    def in_order(self, facts: Iterable[Fact] | None = None) -> list[Fact]:
        return sorted(self.facts if facts is None else facts, key=lambda fact: (fact.at, fact.seq))

    @property
    def condition(self) -> str:
        return [fact.condition for fact in self.in_order() if fact.kind == "judge"][-1]


class No(Exception):
    """The act must be refused, under this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass
class Book:
    """`places`: location -> (site, kind) of every location that holds lots; others are the world outside."""

    places: dict[str, tuple[str, str]]
    lots: dict[str, BookLot] = field(default_factory=dict)
    movements: dict[int, tuple[str, Fact, str]] = field(default_factory=dict)  # id -> lot, fact, kind
    reversed: set[int] = field(default_factory=set)
    seq: int = 0

    # ---- what stands -------------------------------------------------------------------------------------------------

    def held(self, number: str) -> Held:
        return self.state(self.lots[number].facts)[0]

    def free(self, number: str, location: str) -> int:
        net, allocated = self.held(number).get(location, [0, 0])
        return net - allocated

    def state(self, facts: Iterable[Fact]) -> tuple[Held, str, Fact | None]:
        """Balances, condition and assay after the facts, which are given in order."""
        held: Held = {}
        condition, assay = "J", None
        for fact in facts:
            self._step(held, fact)
            if fact.kind == "judge":
                condition = fact.condition
            if fact.kind == "assay":
                assay = fact
        return held, condition, assay

    def _step(self, held: Held, fact: Fact) -> None:
        if fact.kind == "move" and fact.origin in self.places:
            held.setdefault(fact.origin, [0, 0])[0] -= fact.mg
        if fact.kind == "move" and fact.destination in self.places:
            held.setdefault(fact.destination, [0, 0])[0] += fact.mg
        if fact.kind == "allocate":
            held.setdefault(fact.destination, [0, 0])[1] += fact.mg

    def holds_on_every_day(self, lot: BookLot, facts: Iterable[Fact]) -> bool:
        held: Held = {}
        for fact in lot.in_order(facts):
            self._step(held, fact)
            if any(not 0 <= allocated <= net for net, allocated in held.values()):
                return False
        return True

    def positions(self, *, until: datetime | None = None, known: datetime | None = None) -> Totals:
        """What is held by key, from facts that happened up to `until` and were recorded up to `known`."""
        totals: Totals = {}
        for lot in self.lots.values():
            facts = [
                f for f in lot.facts if (until is None or f.at <= until) and (known is None or f.recorded <= known)
            ]
            for key, amount in self._fed(lot, lot.in_order(facts)):
                old = totals.get(key, (0, 0, 0))
                totals[key] = (old[0] + amount[0], old[1] + amount[1], old[2] + amount[2])
        return {key: amount for key, amount in totals.items() if amount != (0, 0, 0)}

    def _fed(self, lot: BookLot, facts: list[Fact]) -> Iterator[tuple[Key, tuple[int, int, int]]]:
        held, condition, assay = self.state(facts)
        seen = set()
        for location, (net, allocated) in held.items():
            if not net:
                continue
            site, place = self.places[location]
            counts = 0 if (site, place) in seen else 1
            seen.add((site, place))
            yield (lot.material, "", site, place, condition), (net, net - allocated, counts)
            for symbol, fraction in assay.fractions if assay else ():
                share = (1 - assay.moisture) * fraction if assay else Fraction(0)
                # round() of a Fraction goes to the even neighbour at the half.
                amount = (round(net * share), round((net - allocated) * share), 0)
                yield (lot.material, symbol, site, place, condition), amount

    # ---- what may happen ---------------------------------------------------------------------------------------------

    def write(self, lot: BookLot, facts: list[Fact]) -> None:
        """Take facts in, or raise No where some location would not have had enough."""
        for number, fact in enumerate(facts):
            if fact.at < lot.received_at:
                raise No("before_receipt")
            taken_mg = sum(one.mg for one in facts[:number] if one.origin and one.origin == fact.origin)
            self._enough(lot, fact, taken_mg)
        if not self.holds_on_every_day(lot, [*lot.facts, *facts]):
            raise No("negative_on_a_day")
        lot.facts += facts

    def _enough(self, lot: BookLot, fact: Fact, taken_mg: int) -> None:
        """Whether it is there, when `taken_mg` of the same place has gone in the same command already."""
        free_mg = self.free(lot.number, fact.origin) - taken_mg if fact.origin in self.places else 0
        if fact.kind == "move" and fact.origin in self.places and free_mg < fact.mg:
            raise No("insufficient_stock")
        if fact.kind == "allocate":
            net, allocated = self.held(lot.number).get(fact.destination, [0, 0])
            if fact.mg > net - allocated:
                raise No("insufficient_stock")
            if allocated + fact.mg < 0:
                raise No("not_allocated")

    def fact(self, kind: str, at: datetime, recorded: datetime, **fields: object) -> Fact:
        self.seq += 1
        return Fact(at=at, recorded=recorded, seq=self.seq, kind=kind, **fields)  # type: ignore[arg-type]

    def lapse(self, lot: BookLot, now: datetime) -> list[Fact]:
        """What its passed date does to a lot: J from the midnight after its last eligible day, or from its last judgement."""
        until = lot.eligible_until
        if lot.condition not in ACCEPTED or until is None or until >= now.date():
            return []
        midnight = datetime.combine(until + timedelta(days=1), time(), tzinfo=UTC)
        return [self.fact("judge", max(midnight, lot.judged_at), now, condition="J")]

    def shift(self, lot: BookLot, now: datetime) -> list[Fact]:
        """What the nightly job does to a lot: lapse it, or move it towards C by the shelf life that is left."""
        found = self.lapse(lot, now)
        until, today = lot.eligible_until, now.date()
        if found or until is None or lot.condition not in ACCEPTED:
            return found
        fits = "C" if until < months_after(today, 3) else "B" if until <= months_after(today, 6) else "A"
        if fits <= lot.condition:
            return []
        return [self.fact("judge", max(now, lot.judged_at), now, condition=fits)]

"""How a step of the ledger's state machine is made, and what must hold after each."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from config.audit.commands import By
from config.audit.refused import Refused
from inventory import positions, units, verification
from tests.invariants.book import Book, BookLot, Key, No, Totals
from tests.world import NOW, World

PLACES = {
    "ANT-S1": ("ANT", "store"),
    "ANT-S2": ("ANT", "store"),
    "ANT-QUAR": ("ANT", "quarantine"),
    "ANT-TO-BRA": ("ANT", "transit"),
    "BRA-S1": ("BRA", "store"),
}
STORES = ["ANT-S1", "ANT-S2", "BRA-S1"]
# material -> (catalogue fractions, months to a retest, months of shelf life, assay required)
MATERIALS: dict[str, tuple[dict[str, str], int | None, int | None, bool]] = {
    "nd-oxide": ({"Nd": "0.8530679452"}, 60, None, False),
    "ndpr-oxide": ({"Nd": "0.64", "Pr": "0.21"}, 60, None, False),
    "ndfeb-block": ({"Nd": "0.24", "Pr": "0.06", "Dy": "0.02"}, None, 30, False),
    "re-concentrate": ({}, None, None, True),
}

# What each is held for, of which an assay has to name something.
ELEMENTS = {code: set(known) or {"Nd"} for code, (known, *_rest) in MATERIALS.items()}

locations = st.sampled_from(sorted(PLACES))
stores = st.sampled_from(STORES)
# Odd numbers of milligrams, and halves that show how rounding goes.
masses = st.one_of(st.integers(1, 40), st.integers(1, 5_000_000), st.sampled_from([25, 50, 75, 125, 1_000_000_000_000]))
parts = st.one_of(st.fractions(Fraction(1, 50), Fraction(11, 10), max_denominator=50), st.just(Fraction(1)))
ages = st.one_of(st.none(), st.integers(-4, 60 * 24 * 40))  # minutes back from now; up to five ahead are let through
conditions = st.sampled_from(["A", "A", "A", "B", "C", "D", "H", "J", "L"])
fractions = st.sampled_from(["0.5", "0.25", "0.1", "0.0000000001", "0.3333333333", "0.02", "0.125"])
assays = st.dictionaries(st.sampled_from(["Nd", "Pr", "Dy"]), fractions, min_size=1, max_size=2)
moistures = st.sampled_from(["0", "0.08", "0.5", "0.0000000001"])


def kilograms(mg: int) -> units.Entered:
    return units.enter(units.kg(mg))


class Steps(RuleBasedStateMachine):
    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        world.now = NOW
        self.book = Book(PLACES)
        self.sent: list[tuple[Callable[[], Any], Any]] = []
        self.said: dict[datetime, Totals] = {}
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # ---- how a step is made ------------------------------------------------------------------------------------------

    def by(self, who: str) -> By:
        """Somebody with a fresh key, a little later than the step before."""
        self.world.later(seconds=1, microseconds=7)
        key = UUID(int=len(self.sent) + 1)
        return By(actor=self.world.people[who], key=key, now=self.world.now)

    def step(self, door: Callable[[], Any], expected: Callable[[], None]) -> Any:
        """Call the door, and see that it does or refuses what the book does or refuses. Returns the answer, if there is one."""
        try:
            expected()
            wanted = ""
        except No as no:
            wanted = no.code
        answer, refused = self.call(door)
        assert refused == wanted, f"the book says {wanted or 'yes'}, the ledger {refused or 'yes'}"
        self.sent.append((door, refused if refused else answer))
        return answer

    def call(self, door: Callable[[], Any]) -> tuple[Any, str]:
        try:
            return door(), ""
        except Refused as refusal:
            return None, refusal.code

    def lot(self, data: st.DataObject) -> BookLot:
        return self.book.lots[data.draw(st.sampled_from(sorted(self.book.lots)), label="lot")]

    def moment(self, lot: BookLot, minutes: int | None, now: datetime) -> datetime:
        return max(now, lot.latest_at) if minutes is None else now - timedelta(minutes=minutes)

    def given(self, minutes: int | None, now: datetime) -> datetime | None:
        return None if minutes is None else now - timedelta(minutes=minutes)

    def where(self, data: st.DataObject, lot: BookLot) -> str:
        """A location, as a rule one where the lot has something free."""
        here = [location for location in PLACES if self.book.free(lot.number, location) > 0]
        return data.draw(st.sampled_from([*here * 5, *sorted(PLACES)]), label="location")

    def back(self, data: st.DataObject, lot: BookLot, now: datetime) -> int | None:
        """Minutes back from now, as a rule since the receipt; None is now, and up to five ahead are let through."""
        age = int((now - lot.received_at).total_seconds()) // 60
        since = st.integers(min(-4, age), max(age, 0))
        return data.draw(st.one_of(st.none(), since, since, st.integers(-4, age + 60)), label="minutes back")

    def amount(self, data: st.DataObject, lot: BookLot, location: str) -> int:
        """Part of what is free there, sometimes more than that, or any mass."""
        free = self.book.free(lot.number, location)
        return max(1, int(free * data.draw(parts, label="part"))) if free else data.draw(masses, label="mg")

    # ---- what must hold after every step -----------------------------------------------------------------------------

    @invariant()
    def everything_holds(self) -> None:
        self.balances_are_what_the_book_says()
        self.positions_are_what_the_book_says()
        self.any_day_is_as_the_book_remembers_it()
        self.verification_finds_nothing()

    def verification_finds_nothing(self) -> None:
        with verification.snapshot():
            found = [str(difference) for difference in verification.differences(tally=verification.Tally())]
        assert found == []

    def balances_are_what_the_book_says(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT lot.number, l.code, b.net_mg, b.allocated_mg FROM inventory_balance b"
                " JOIN inventory_lot lot ON lot.id = b.lot_id JOIN inventory_location l ON l.id = b.location_id"
                " WHERE (b.net_mg, b.allocated_mg) <> (0, 0)"
            )
            held = {(number, code): [net, allocated] for number, code, net, allocated in cursor.fetchall()}
        assert held == {
            (number, location): amounts
            for number in self.book.lots
            for location, amounts in self.book.held(number).items()
            if amounts != [0, 0]
        }

    def positions_are_what_the_book_says(self) -> None:
        self.said[self.world.now] = now = self.book.positions()
        assert rollup() == now
        assert entries(None, None) == now

    def any_day_is_as_the_book_remembers_it(self) -> None:
        moments = sorted({fact.at for lot in self.book.lots.values() for fact in lot.facts})
        known = sorted(self.said)
        # Three moments and three states of knowledge, from the whole history, others at each step.
        step = len(self.sent)
        for index in range(3):
            until = moments[(step * 7 + index * 5) % len(moments)]
            as_known = known[(step * 3 + index * 11) % len(known)]
            assert entries(until, None) == self.book.positions(until=until)
            assert entries(None, as_known) == self.book.positions(known=as_known) == self.said[as_known]
            assert entries(until, as_known) == self.book.positions(until=until, known=as_known)
        self.a_day_through_the_door(moments[(step * 13) % len(moments)].date(), known[(step * 5) % len(known)].date())

    def a_day_through_the_door(self, as_of: date, as_known_on: date) -> None:
        rows = positions.rows(user=self.world.people["dee"], as_of=as_of, as_known_on=as_known_on)
        end, known = (positions.end_of(day) - timedelta(microseconds=1) for day in (as_of, as_known_on))
        book = self.book.positions(until=end, known=known)
        net = {
            (row.material, "", row.site, row.place, row.condition): (row.net_mg, row.free_mg, row.lots) for row in rows
        }
        assert net == {key: amount for key, amount in book.items() if not key[1]}
        contained = {
            (row.material, symbol, row.site, row.place, row.condition): mg
            for row in rows
            for symbol, mg in row.contained.items()
            if mg
        }
        assert contained == {key: amount[0] for key, amount in book.items() if key[1] and amount[0]}


def entries(until: datetime | None, known: datetime | None) -> Totals:
    """Positions on a day and as known on a day: two WHERE clauses over the entries."""
    return _totals(
        """SELECT material_id, element_id, site_id, place, condition, verdict, sum(mass_mg), sum(free_mg), sum(lots)
        FROM inventory_positionentry WHERE occurred_at <= coalesce(%(until)s, occurred_at)
        AND recorded_at <= coalesce(%(known)s, recorded_at) GROUP BY 1, 2, 3, 4, 5, 6""",
        {"until": until, "known": known},
    )


def rollup() -> Totals:
    """Positions as they stand."""
    return _totals(
        """SELECT material_id, NULL::bigint AS element_id, site_id, place, condition, verdict, net_mg, free_mg, lots
        FROM inventory_position UNION ALL
        SELECT material_id, element_id, site_id, place, condition, verdict, contained_mg, free_mg, 0
        FROM inventory_containedposition""",
        {},
    )


def _totals(rows: str, values: dict[str, Any]) -> Totals:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.code, coalesce(e.symbol, ''), s.code, p.place, p.condition, p.verdict, p.mass, p.free, p.lots"
            " FROM (" + rows + ") p (material_id, element_id, site_id, place, condition, verdict, mass, free, lots)"
            " JOIN inventory_material m ON m.id = p.material_id JOIN inventory_site s ON s.id = p.site_id"
            " LEFT JOIN inventory_element e ON e.id = p.element_id",
            values,
        )
        found: dict[Key, tuple[int, int, int]] = {}
        for *key, verdict, mass, free, lots in cursor.fetchall():
            assert verdict == "unknown"
            if (mass, free, lots) != (0, 0, 0):
                found[tuple(key)] = (int(mass), int(free), int(lots))
        return found

"""Every verb of the ledger in any order, against a second ledger in plain Python (`book`).

After every step: verification finds nothing (movements = balances, entries = positions = lots, nothing negative on any day,
chains hold), positions say what the book says, and so do `as_of` and `as_known_on` for days picked from the whole history.
INVARIANTS=long runs 500 histories of 100 steps.
"""

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from config.accounts.models import User
from config.approvals import requests
from config.audit import commands
from config.audit.commands import By, KeyUsedForSomethingElse
from config.audit.refused import Refused
from inventory import ledger, positions, units, verification
from tests.invariants.book import Book, BookLot, Fact, Key, No, Totals, months_after
from tests.world import NOW, World

LONG = os.environ.get("INVARIANTS") == "long"
PROFILE = settings(
    max_examples=500 if LONG else 20,
    stateful_step_count=100 if LONG else 40,
    deadline=None,
    derandomize=not LONG,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink] if LONG else [Phase.explicit, Phase.generate],
)

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


class Machine(RuleBasedStateMachine):
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

    # ---- receiving ---------------------------------------------------------------------------------------------------

    @initialize()
    def first(self) -> None:
        self.arrive("nd-oxide", "ANT-S1", 1_000_000_025, 60, None, "0")

    @rule(
        material=st.sampled_from(sorted(MATERIALS)),
        location=stores,
        mg=masses,
        minutes=ages,
        assay=st.none() | assays,
        moisture=moistures,
    )
    def receive(
        self, material: str, location: str, mg: int, minutes: int | None, assay: dict[str, str] | None, moisture: str
    ) -> None:
        if len(self.book.lots) < 12:
            self.arrive(material, location, mg, minutes, assay, moisture if material == "re-concentrate" else "0")

    def arrive(
        self, material: str, location: str, mg: int, minutes: int | None, assay: dict[str, str] | None, moisture: str
    ) -> None:
        by = self.by("sam")
        known, retest, shelf, _ = MATERIALS[material]
        found = assay if assay else known
        at = by.now if minutes is None else by.now - timedelta(minutes=minutes)
        given = {symbol: Decimal(value) for symbol, value in (assay or {}).items()}
        arrival = ledger.Arrival(
            material=material,
            location=location,
            net=kilograms(mg),
            moisture=Decimal(moisture),
            assay=ledger.AssayIn(fractions=given, moisture=Decimal(moisture), lab="Lab") if given else None,
        )
        answer = self.step(
            lambda: ledger.receive(by=by, arrival=arrival, occurred_at=self.given(minutes, by.now)), lambda: None
        )
        lot = BookLot(
            number=answer["lot"],
            material=material,
            received_at=at,
            receiver="sam",
            retest_due=months_after(at.date(), retest) if retest else None,
            expires=months_after(at.date(), shelf) if shelf else None,
            assayed=bool(assay),
        )
        self.book.lots[lot.number] = lot
        exact = tuple((symbol, Fraction(value)) for symbol, value in sorted(found.items()))
        arrived = self.book.fact("move", at, by.now, destination=location, mg=mg)
        lot.facts += [
            self.book.fact("assay", at, by.now, moisture=Fraction(moisture), fractions=exact),
            self.book.fact("judge", at, by.now, condition="J"),
            arrived,
        ]
        self.book.movements[answer["movement"]] = (lot.number, arrived, "receive")

    # ---- moving ------------------------------------------------------------------------------------------------------

    def moved(self, lot: BookLot, fact: Fact, kind: str, door: Callable[[], Any]) -> None:
        answer = self.step(door, lambda: self.book.write(lot, [fact]))
        if answer:
            movement = answer.get("movement") or answer["result"]["movement"]
            self.book.movements[movement] = (lot.number, fact, kind)

    @rule(data=st.data(), destination=locations)
    def transfer(self, data: st.DataObject, destination: str) -> None:
        lot, by = self.lot(data), self.by("sam")
        origin, minutes = self.where(data, lot), self.back(data, lot, by.now)
        if origin == destination:
            return
        mg, at = self.amount(data, lot, origin), self.moment(lot, minutes, by.now)
        fact = self.book.fact("move", at, by.now, origin=origin, destination=destination, mg=mg)
        way: dict[str, Any] = {"origin": origin, "destination": destination, "occurred_at": self.given(minutes, by.now)}
        self.moved(lot, fact, "transfer", lambda: ledger.transfer(by=by, lot=lot.number, net=kilograms(mg), **way))

    @rule(data=st.data())
    def sample(self, data: st.DataObject) -> None:
        lot, by = self.lot(data), self.by("sam")
        origin, minutes = self.where(data, lot), self.back(data, lot, by.now)
        mg, at = self.amount(data, lot, origin), self.moment(lot, minutes, by.now)
        fact = self.book.fact("move", at, by.now, origin=origin, destination="outside", mg=mg)
        given = self.given(minutes, by.now)
        self.moved(
            lot,
            fact,
            "sample",
            lambda: ledger.sample(by=by, lot=lot.number, origin=origin, net=kilograms(mg), occurred_at=given),
        )

    @rule(data=st.data(), gain=st.booleans())
    def adjust(self, data: st.DataObject, gain: bool) -> None:
        lot, by = self.lot(data), self.by("sam")
        location, minutes = self.where(data, lot), self.back(data, lot, by.now)
        mg = data.draw(masses, label="mg") if gain else self.amount(data, lot, location)
        given = self.given(minutes, by.now)

        def may_ask() -> None:
            if self.moment(lot, minutes, by.now) < lot.received_at:
                raise No("before_receipt")
            if not gain and self.book.free(lot.number, location) < mg:
                raise No("insufficient_stock")

        asked = self.step(
            lambda: ledger.ask_adjust(
                by=by,
                lot=lot.number,
                location=location,
                net=kilograms(mg),
                gain=gain,
                reason="Scale",
                occurred_at=given,
            ),
            may_ask,
        )
        if asked:
            dee, at = self.by("dee"), given or by.now
            ends: dict[str, Any] = {"destination": location} if gain else {"origin": location}
            fact = self.book.fact("move", at, dee.now, mg=mg, **ends)
            self.moved(lot, fact, "adjust", lambda: requests.approve(by=dee, request_id=asked["request"]))

    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        open_ones = [movement for movement in self.book.movements if movement not in self.book.reversed]
        movement = data.draw(st.sampled_from([*open_ones * 3, *sorted(self.book.movements)]), label="movement")
        number, old, kind = self.book.movements[movement]
        lot, by = self.book.lots[number], self.by("sam")

        def may_ask() -> None:
            if movement in self.book.reversed:
                raise No("already_reversed")
            if kind in ("reverse", "split"):
                raise No("not_reversible")

        asked = self.step(lambda: ledger.ask_reverse(by=by, movement_id=movement, reason="Wrong lot"), may_ask)
        if asked:
            dee = self.by("dee")
            fact = self.book.fact("move", old.at, dee.now, origin=old.destination, destination=old.origin, mg=old.mg)
            before = len(lot.facts)
            self.moved(lot, fact, "reverse", lambda: requests.approve(by=dee, request_id=asked["request"]))
            if len(lot.facts) > before:
                self.book.reversed.add(movement)

    @rule(data=st.data())
    def issue(self, data: st.DataObject) -> None:
        lot, by = self.lot(data), self.by("sam")
        origin = self.where(data, lot)
        origin = origin if origin in STORES else "ANT-S1"
        mg = self.amount(data, lot, origin)

        def may_ask() -> None:
            if self.book.free(lot.number, origin) < mg:
                raise No("insufficient_stock")

        asked = self.step(
            lambda: ledger.ask_issue(by=by, lot=lot.number, origin=origin, net=kilograms(mg), reason="Ordered"), may_ask
        )
        if asked:
            dee = self.by("dee")
            self.step(lambda: requests.approve(by=dee, request_id=asked["request"]), lambda: None)
            eve = self.by("eve")
            fact = self.book.fact("move", self.moment(lot, None, eve.now), eve.now, origin=origin, mg=mg)
            self.moved(lot, fact, "issue", lambda: requests.approve(by=eve, request_id=asked["request"]))

    @rule(data=st.data(), release=st.booleans())
    def allocate(self, data: st.DataObject, release: bool) -> None:
        lot, by = self.lot(data), self.by("dee")
        location = self.where(data, lot)
        mg = self.amount(data, lot, location)
        if release:
            mg = -max(1, int(self.book.held(lot.number).get(location, [0, 0])[1] * data.draw(parts, label="part")))
        fact = self.book.fact("allocate", self.moment(lot, None, by.now), by.now, destination=location, mg=mg)
        at: dict[str, Any] = {"lot": lot.number, "location": location, "delta_mg": mg, "reason": "Earmarked"}
        self.step(
            lambda: commands.run(
                by, kind="test.allocate", request=at, act=lambda opened: ledger.allocate(opened=opened, **at)
            ),
            lambda: self.book.write(lot, [fact]),
        )

    @rule(data=st.data(), count=st.integers(1, 3))
    def split(self, data: st.DataObject, count: int) -> None:
        lot, by = self.lot(data), self.by("sam")
        location = self.where(data, lot)
        if len(self.book.lots) >= 14:
            return
        each = [max(1, self.amount(data, lot, location) // count) for _ in range(count)]
        at = max(by.now, lot.latest_at)
        lapsed = self.book.lapse(lot, by.now)
        out = [self.book.fact("move", at, by.now, origin=location, mg=mg) for mg in each]
        answer = self.step(
            lambda: ledger.split(by=by, lot=lot.number, location=location, parts=[kilograms(mg) for mg in each]),
            lambda: self.book.write(lot, [*lapsed, *out]),
        )
        for number, mg in zip(answer["children"] if answer else (), each, strict=False):
            self.born(lot, number, mg, location, at, by.now)

    def born(self, lot: BookLot, number: str, mg: int, location: str, at: datetime, now: datetime) -> None:
        _, condition, assay = self.book.state(lot.in_order())
        child = BookLot(number, lot.material, at, lot.receiver, lot.retest_due, lot.expires, lot.assayed)
        child.facts = [
            self.book.fact("judge", at, now, condition=condition),
            self.book.fact("move", at, now, destination=location, mg=mg),
        ]
        if assay:
            own: dict[str, Any] = {"moisture": assay.moisture, "fractions": assay.fractions}
            child.facts.append(self.book.fact("assay", at, now, **own))
        self.book.lots[number] = child

    # ---- judging -----------------------------------------------------------------------------------------------------

    @rule(data=st.data(), condition=conditions)
    def set_condition(self, data: st.DataObject, condition: str) -> None:
        lot, by = self.lot(data), self.by("dee")

        def expected() -> None:
            until = lot.eligible_until
            if lot.condition == condition:
                raise No("nothing_changes")
            if condition in "ABC" and until and until < by.now.date():
                raise No("retest_overdue")
            if condition in "ABC" and MATERIALS[lot.material][3] and not lot.assayed:
                raise No("assay_required")
            at = max(by.now, lot.judged_at)
            lot.facts += [*self.book.lapse(lot, by.now), self.book.fact("judge", at, by.now, condition=condition)]

        self.step(lambda: ledger.set_condition(by=by, lot=lot.number, condition=condition, reason="Seen"), expected)

    @rule(data=st.data(), assay=assays, moisture=moistures)
    def record_assay(self, data: st.DataObject, assay: dict[str, str], moisture: str) -> None:
        lot, by = self.lot(data), self.by("sam")
        moisture = moisture if lot.material == "re-concentrate" else "0"
        given = ledger.AssayIn(
            fractions={symbol: Decimal(value) for symbol, value in assay.items()}, moisture=Decimal(moisture), lab="Lab"
        )

        def expected() -> None:
            if not any(net for net, _ in self.book.held(lot.number).values()):
                raise No("lot_elsewhere")
            last = max((f.at for f in lot.facts if f.kind == "assay"), default=by.now)
            exact = tuple((symbol, Fraction(value)) for symbol, value in sorted(assay.items()))
            at = max(by.now, lot.received_at, last)
            lot.facts.append(self.book.fact("assay", at, by.now, moisture=Fraction(moisture), fractions=exact))
            lot.assayed = True

        self.step(lambda: ledger.record_assay(by=by, lot=lot.number, assay=given), expected)

    @rule(data=st.data(), passed=st.booleans())
    def retest(self, data: st.DataObject, passed: bool) -> None:
        lot, by = self.lot(data), self.by("sam")
        days = data.draw(st.integers(0, max(0, (by.now.date() - lot.received_at.date()).days) + 1), label="days ago")
        on, today = by.now.date() - timedelta(days=days), by.now.date()

        def expected() -> None:
            if not any(net for net, _ in self.book.held(lot.number).values()):
                raise No("lot_elsewhere")
            if on < lot.received_at.date():
                raise No("bad_retest_date")
            due = self.due(lot, on, passed, today)
            found = self.book.lapse(lot, by.now)
            if not found and not passed and lot.condition != "J":
                found = [self.book.fact("judge", max(by.now, lot.judged_at), by.now, condition="J")]
            lot.facts += found
            lot.retest_due = due

        self.step(lambda: ledger.retest(by=by, lot=lot.number, performed_on=on, passed=passed), expected)

    def due(self, lot: BookLot, on: date, passed: bool, today: date) -> date | None:
        if not passed:
            return lot.retest_due
        if lot.expires and lot.expires < today:
            raise No("expired")
        months = MATERIALS[lot.material][1]
        if months is None:
            raise No("no_retest")
        return months_after(on, months)

    @rule(days=st.sampled_from([1, 30, 200, 800, 1830]), job=st.booleans())
    def time_passes(self, days: int, job: bool) -> None:
        self.world.later(days=days)
        if job:
            now = self.world.later(seconds=1)
            for lot in self.book.lots.values():
                lot.facts += self.book.shift(lot, now)
            ledger.lapse_retests(now=now)

    # ---- keys --------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        door, before = data.draw(st.sampled_from(self.sent), label="again")
        answer, refused = self.call(door)
        assert (refused or answer) == before

    @rule(data=st.data(), mg=masses)
    def send_another_with_an_old_key(self, data: st.DataObject, mg: int) -> None:
        lot = self.lot(data)
        used = data.draw(st.integers(1, len(self.sent)), label="key")
        for who in ("sam", "dee", "eve"):
            by = By(actor=self.world.people[who], key=UUID(int=used), now=self.world.now)
            if self.was_used(by):
                with pytest.raises(KeyUsedForSomethingElse):
                    ledger.sample(by=by, lot=lot.number, origin="ANT-S1", net=kilograms(mg), reason="Another thing")

    def was_used(self, by: By) -> bool:
        from config.audit.models import Command

        return Command.objects.filter(actor_id=by.actor.pk, key=by.key).exists()

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


def test_the_ledger_says_what_a_second_ledger_says(world: World) -> None:
    sam = User.objects.create_user("sam", name="Sam", roles=["warehouse"], site_codes=["ANT", "BRA"])
    world.people["sam"] = sam
    machine: Any = lambda: Machine(world)  # noqa: E731 - hypothesis calls it like a class
    run_state_machine_as_test(machine, settings=PROFILE)

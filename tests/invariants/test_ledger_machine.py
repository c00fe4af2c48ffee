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
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from config.accounts.models import User
from config.approvals import requests
from config.audit import commands
from config.audit.commands import By, KeyUsedForSomethingElse
from inventory import ledger, units
from tests.invariants.book import BookLot, Fact, No, months_after
from tests.invariants.steps import (
    ELEMENTS,
    MATERIALS,
    STORES,
    Steps,
    ages,
    assays,
    conditions,
    kilograms,
    locations,
    masses,
    moistures,
    parts,
    stores,
)
from tests.world import World

pytestmark = pytest.mark.long

LONG = os.environ.get("INVARIANTS") == "long"
PROFILE = settings(
    max_examples=500 if LONG else 12,
    stateful_step_count=100 if LONG else 40,
    deadline=None,
    derandomize=not LONG,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink] if LONG else [Phase.explicit, Phase.generate],
)


class Machine(Steps):
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
        if len(self.book.lots) < 12 and not ELEMENTS[material].isdisjoint(assay or ELEMENTS[material]):
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
            if ELEMENTS[lot.material].isdisjoint(assay):
                raise No("none_of_material")
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

    @rule(data=st.data(), mg=st.integers(0, 40))
    def count(self, data: st.DataObject, mg: int) -> None:
        """Changes nothing but what verification proves: book mass, arrival, variance; and nothing lies before it later."""
        lot, by = self.lot(data), self.by("sam")
        here = [location for location, (net, _) in self.book.held(lot.number).items() if net]
        if not here:
            return
        location, net = (
            data.draw(st.sampled_from(sorted(here)), label="location"),
            units.enter(str(mg), "mg", nothing=True),
        )

        def expected() -> None:
            lot.facts.append(self.book.fact("count", self.moment(lot, None, by.now), by.now))

        self.step(
            lambda: ledger.count(by=by, lot=lot.number, location=location, net=net, seals="none"),
            expected,
        )

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


def test_the_ledger_says_what_a_second_ledger_says(world: World) -> None:
    sam = User.objects.create_user("sam", name="Sam", roles=["warehouse"], site_codes=["ANT", "BRA"])
    world.people["sam"] = sam
    machine: Any = lambda: Machine(world)  # noqa: E731 - hypothesis calls it like a class
    run_state_machine_as_test(machine, settings=PROFILE)

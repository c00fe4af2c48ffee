"""Two years of the demo's lots, made through the ledger in the order in which it would have happened."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from heapq import heappop, heappush
from random import Random
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import connection

from config.accounts.models import User
from config.approvals import requests
from config.audit.refused import Refused
from inventory import catalogue, ledger, sites
from inventory.catalogue import MaterialRow
from inventory.units import enter
from procurement import receiving
from reserve import flags, rotation
from reserve.demo import rounds
from reserve.demo.catalogue import read
from reserve.demo.clock import Clock
from reserve.demo.contracts import Contracts, Place

SEED = 20261125  # of who supplied what
WAREHOUSE = {"HAM": "wes", "WAR": "wes", "SCO": "wes", "PPL": "wanda", "CUR": "wanda", "WEN": "wanda"}
LABS = ("Midland Assay Office", "Harbor Analytical", "Northern Umpire Laboratory")
Act = Callable[[], None]


class Story:
    """What happens, as a heap of (moment, act); an act may bring about later ones."""

    def __init__(self, clock: Clock, until: datetime) -> None:
        self.clock, self.until, self.random = clock, until, clock.random
        self.heap: list[tuple[datetime, int, Act]] = []
        self.stores = _stores(clock.people["max"])
        self.refused: list[str] = []
        self.rounds_random = Random(SEED)

    def then(self, moment: datetime, act: Act) -> None:
        """Let `act` happen at the moment, unless it lies ahead of the demo's end."""
        if moment < self.until:
            heappush(self.heap, (moment, len(self.heap) + self.random.randrange(10**9), act))

    def after(self, days: float, act: Act) -> None:
        self.then(self.clock.now + timedelta(days=days, minutes=self.random.randrange(480)), act)

    def run(self) -> None:
        """Play everything in order. An act that the ledger refuses (the mass has moved on) is simply not done."""
        while self.heap:
            moment, _, act = heappop(self.heap)
            self.clock.at(moment)
            try:
                act()
            except Refused as refusal:
                self.refused.append(refusal.code)


def _stores(manager: User) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in sites.locations(manager, kinds=("store",)):
        found.setdefault(row.site, []).append(row.code)
    return found


def tell(clock: Clock, *, start: datetime, now: datetime) -> Story:
    """Put the lots of data/stock.csv and the monthly rounds into a story that runs from `start` to `now`."""
    story = Story(clock, now)
    materials = {row.code: row for row in catalogue.materials()}
    contracts = Contracts(SEED)
    for row in read("stock"):
        _lots(story, contracts, materials[row["material"]], row, start, now)
    contracts.begin(clock, start=start, now=now)
    moment = start + relativedelta(months=1)
    while moment < now:
        story.then(moment, lambda: _round(story))
        moment += relativedelta(months=1)
    return story


def _round(story: Story) -> None:
    """A month's end: dates are looked at, the schedule written, flags scanned."""
    now = story.clock.now
    # All of the demo is one transaction, so nothing else tells the planner that its tables are no longer empty.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rounds.walk(story, story.rounds_random)
    ledger.lapse_retests(now=now)
    rotation.plan(now=now)
    flags.scan(now=now)


def _lots(
    story: Story, contracts: Contracts, material: MaterialRow, row: dict[str, str], start: datetime, now: datetime
) -> None:
    count, left = int(row["lots"]), int(row["total_kg"]) * 1000
    span = int((now - start).total_seconds()) - 12 * 86400
    for index in range(count):
        share = left if index == count - 1 else left * story.random.randrange(60, 140) // (100 * (count - index))
        left -= share
        site = story.random.choice(row["sites"].split("|"))
        moment = start + timedelta(seconds=86400 + story.random.randrange(span))
        kg = Decimal(share) / 1000
        place = contracts.choose(row, site, kg)
        story.then(moment, _receiving(story, contracts, place, material, site, kg))


def _receiving(
    story: Story, contracts: Contracts, place: Place | None, material: MaterialRow, site: str, kg: Decimal
) -> Act:
    def act() -> None:
        rnd = story.random
        quarantined = rnd.random() < 0.4
        where = f"{site}-QUAR" if quarantined else rnd.choice(story.stores[site])
        arrival = ledger.Arrival(
            material=material.code,
            location=where,
            net=enter(kg),
            supplier_lot=f"{rnd.choice('ABCDEFGH')}{rnd.randrange(10**5):05d}",
            produced_on=story.clock.now.date() - timedelta(days=rnd.randrange(5, 120)),
            assay=_assay(story, material),
        )
        by = story.clock.by(WAREHOUSE[site])
        if place:
            answer = receiving.receive(by=by, line_id=contracts.lines[place], arrival=arrival)
        else:
            answer = ledger.receive(by=by, arrival=arrival)
        Life(story, material, answer["lot"], site, where, kg).begins(quarantined)

    return act


def _assay(story: Story, material: MaterialRow) -> ledger.AssayIn | None:
    rnd = story.random
    if not material.assay_required and rnd.random() < 0.5:
        return None
    near = Decimal(rnd.randrange(9850, 9999)) / 10000
    moisture = Decimal(0)
    if material.moisture_bearing:
        low, high = (230, 280) if material.form == "nodules" else (40, 110)
        moisture = Decimal(rnd.randrange(low, high)) / 1000
    return ledger.AssayIn(
        fractions={
            line["symbol"]: (Decimal(line["fraction"]) * near).quantize(Decimal("0.000001"))
            for line in material.elements
        },
        lab=rnd.choice(LABS),
        method="ICP-OES",
        sampled_on=story.clock.now.date() - timedelta(days=rnd.randrange(10, 60)),
        moisture=moisture,
    )


class Life:
    """What becomes of one lot after its receipt."""

    def __init__(self, story: Story, material: MaterialRow, lot: str, site: str, where: str, kg: Decimal) -> None:
        self.story, self.material, self.lot, self.site, self.where, self.kg = story, material, lot, site, where, kg

    def begins(self, quarantined: bool) -> None:
        rnd, after = self.story.random, self.story.after
        after(rnd.randrange(2, 12), self.judged)
        if quarantined:
            after(13, lambda: self.moved(rnd.choice(self.story.stores[self.site])))
        if rnd.random() < 0.35:
            after(rnd.randrange(30, 300), lambda: self.moved(rnd.choice(self.story.stores[self.site])))
        if rnd.random() < 0.25:
            after(rnd.randrange(20, 200), self.sampled)
        for chance, act in (
            (0.06, self.split),
            (0.06, self.adjusted),
            (0.04, self.mistaken),
            (0.05, self.sent),
            (0.05, self.issued),
        ):
            if rnd.random() < chance:
                after(rnd.randrange(30, 400), act)
        self.watched()

    def by(self, username: str = "") -> Any:
        return self.story.clock.by(username or WAREHOUSE[self.site])

    def judged(self) -> None:
        draw = self.story.random.random()
        condition, reason = ("A", "In specification")
        if draw > 0.97:
            condition, reason = ("D", "Impurity above the limit; second analysis asked for")
        elif draw > 0.955:
            condition, reason = ("L", "Short weight; with the carrier")
        elif draw > 0.945:
            condition, reason = ("H", "Packaging burst, contaminated")
        elif draw > 0.90:
            condition, reason = ("B", "In specification; one drum dented")
        elif draw > 0.87:
            return  # still on hold: the second laboratory has not answered
        manager = self.story.random.choice(("max", "mira"))
        ledger.set_condition(by=self.by(manager), lot=self.lot, condition=condition, reason=reason)

    def moved(self, destination: str) -> None:
        if destination == self.where:
            return
        kg = enter(self.kg)
        ledger.transfer(by=self.by(), lot=self.lot, origin=self.where, destination=destination, net=kg, reason="Stowed")
        self.where = destination

    def sampled(self) -> None:
        grams = Decimal(self.story.random.randrange(100, 500)) / 1000
        ledger.sample(by=self.by(), lot=self.lot, origin=self.where, net=enter(grams), reason="Routine sample")
        self.kg -= grams

    def split(self) -> None:
        part = (self.kg / 4).quantize(Decimal("0.001"))
        ledger.split(
            by=self.by(), lot=self.lot, location=self.where, parts=[enter(part)], reason="Part of another packaging"
        )
        self.kg -= part

    def adjusted(self) -> None:
        part = (self.kg / 2000).quantize(Decimal("0.001"))
        answer = ledger.ask_adjust(
            by=self.by(),
            lot=self.lot,
            location=self.where,
            net=enter(part),
            gain=False,
            reason="Check weight below the book weight",
        )
        if self.story.clock.now + timedelta(days=20) < self.story.until:
            requests.approve(by=self.by("mira"), request_id=answer["request"], note="Weigh ticket seen")
            self.kg -= part

    def mistaken(self) -> None:
        other = next(store for store in self.story.stores[self.site] if store != self.where)
        answer = ledger.transfer(
            by=self.by(),
            lot=self.lot,
            origin=self.where,
            destination=other,
            net=enter(self.kg),
            reason="Typed the wrong hall",
        )
        asked = ledger.ask_reverse(
            by=self.by(), movement_id=answer["movement"], reason="Wrong hall: the lot never left"
        )
        requests.approve(by=self.by("max"), request_id=asked["request"], note="Seen on site")

    def sent(self) -> None:
        other = self.story.random.choice(
            [site for site, who in WAREHOUSE.items() if who == WAREHOUSE[self.site] and site != self.site]
        )
        lane = f"{self.site}-TO-{other}"
        ledger.transfer(
            by=self.by(),
            lot=self.lot,
            origin=self.where,
            destination=lane,
            net=enter(self.kg),
            reason="To the other depot",
        )
        self.where, self.site = lane, other
        self.story.after(3, lambda: self.moved(self.story.random.choice(self.story.stores[other])))

    def issued(self) -> None:
        part = (self.kg / 10).quantize(Decimal("0.001"))
        asked = ledger.ask_issue(
            by=self.by("paula"),
            lot=self.lot,
            origin=self.where,
            net=enter(part),
            reason="Released to a defence contractor",
        )
        for manager in ("max", "mira"):
            requests.approve(by=self.by(manager), request_id=asked["request"], note="Release order seen")
        self.kg -= part

    def watched(self) -> None:
        """Retests fall due; most are made in time, a few are missed."""
        due_on = self.due_on()
        if due_on is None:
            return
        if self.story.random.random() < 0.06 or due_on > self.story.until.date() + timedelta(days=25):
            return
        moment = datetime.combine(due_on, self.story.clock.now.timetz()) - timedelta(
            days=self.story.random.randrange(26, 90)
        )
        self.story.then(max(moment, self.story.clock.now + timedelta(days=14)), self.retested)

    def due_on(self) -> date | None:
        if self.material.shelf_life_type != "II" or self.material.retest_months is None:
            return None
        interval: timedelta | relativedelta = relativedelta(months=self.material.retest_months)
        today: date = self.story.clock.now.date()
        return today + interval - timedelta(days=120)

    def retested(self) -> None:
        passed = self.story.random.random() > 0.05
        answer = ledger.retest(
            by=self.by(),
            lot=self.lot,
            performed_on=self.story.clock.now.date(),
            passed=passed,
            lab=self.story.random.choice(LABS),
            note="" if passed else "Oxygen above the limit",
        )
        if passed:
            self.watched()
            if answer["condition"] != "A":
                self.story.after(4, self.accepted_again)

    def accepted_again(self) -> None:
        manager = self.story.random.choice(("max", "mira"))
        ledger.set_condition(by=self.by(manager), lot=self.lot, condition="A", reason="Retest passed")

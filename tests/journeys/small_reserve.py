"""A reserve small enough to know by heart, made through the doors on 2 November and met on the 22nd.

Neodymium in oxide is short below its floor, magnet blocks are short above theirs, NdPr oxide is met. A truck with
500 kg of Nd oxide is promised to Antwerp, a lot there waits to be accepted, another is due for its retest. Every job
has run.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from config.approvals import requests
from config.jobs import outbox, runs
from inventory import ledger, units
from reserve import rotation, targets
from reserve.models import Flag, Rotation
from tests.procurement.market import Market, add_suppliers
from tests.world import World

KG = 10**6


@dataclass
class SmallReserve:
    """What the journeys need to know of it."""

    world: World
    market: Market
    order: str
    held: str
    on_hold: str
    due: str
    adjustment: int
    oxide: int
    magnets: int

    def flag_of(self, target: int) -> int:
        return Flag.objects.get(target=target).pk

    def task_of(self, lot: str) -> int:
        return Rotation.objects.get(lot__number=lot).pk

    def sweeps(self) -> None:
        """The worker's part: what writes have left to do is done."""
        outbox.sweep(now=self.world.later(seconds=1))


def build(world: World) -> SmallReserve:
    add_suppliers(world)
    market = Market(world)
    oxide, magnets = _targets(world)
    _policy(world)
    held = world.stock("600", supplier_lot="LY-1001")
    world.stock("300", material="ndfeb-block", location="ANT-S2")
    world.stock("200", material="ndpr-oxide", location="ANT-S2")
    world.later(days=10)
    due = world.stock("100", produced_on=date(2021, 12, 20))
    world.later(days=10)
    on_hold = world.receive("250", who="ben", supplier_lot="LY-2002")
    order = market.placed(market.line("500", tolerance_pct=Decimal(5)))
    asked = ledger.ask_adjust(
        by=world.by("ana"), lot=held, location="ANT-S1", net=units.enter("2"), gain=False, reason="Reweighed on scale 2"
    )
    outbox.sweep(now=world.now)
    runs.catch_up(now=world.now, start=lambda name: runs.run(name, now=world.now))
    return SmallReserve(
        world=world,
        market=market,
        order=order,
        held=held,
        on_hold=on_hold,
        due=due,
        adjustment=int(asked["request"]),
        oxide=oxide,
        magnets=magnets,
    )


def _targets(world: World) -> tuple[int, int]:
    oxide = _set(world, element="Nd", form="oxide", basis="contained", required_mg=2000 * KG, floor_mg=1000 * KG)
    magnets = _set(world, material="ndfeb-block", basis="net", required_mg=500 * KG, floor_mg=100 * KG)
    _set(world, material="ndpr-oxide", basis="net", required_mg=100 * KG)
    return oxide, magnets


def _set(world: World, **about: Any) -> int:
    given = targets.TargetIn(effective_from=world.now.date(), source="Plan 2026, table 3", **about)
    answer = targets.propose(by=world.by("dee"), target=given)
    requests.approve(by=world.by("eve"), request_id=answer["request"])
    return int(answer["target"])


def _policy(world: World) -> None:
    answer = rotation.propose_policy(
        by=world.by("dee"),
        material="nd-oxide",
        driver="retest",
        method="retest",
        ahead_months=9,
        source="DoDM 4140.27",
    )
    requests.approve(by=world.by("eve"), request_id=answer["request"])

"""A small ledger in which everything has happened at least once, for tests that go round the doors."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from config.accounts import delegations
from config.accounts.models import User
from config.approvals import requests
from config.audit import commands
from config.audit.commands import By
from config.audit.refused import Refused
from inventory import ledger, units, verification
from inventory.models import Lot
from inventory.verification import night
from tests.world import World


@dataclass
class Everything:
    """Numbers of the lots: `old` has a history of every kind, `child` was split off it, `other` is plain."""

    old: str
    child: str
    other: str
    transfer: int
    reversed: int
    reversal: int


def approved(world: World, asked: dict[str, object], *who: str) -> dict[str, object]:
    """The answer of the act when the people named have agreed to the request."""
    for name in who:
        answer = requests.approve(by=world.by(name), request_id=int(str(asked["request"])))
    result: dict[str, object] = answer["result"]
    return result


def everything(world: World) -> Everything:
    old = world.stock("1000.000003", material="ndpr-oxide")
    other = world.stock("50", material="nd-oxide")
    world.later(days=1)
    at: dict[str, Any] = {"lot": old, "origin": "ANT-S1"}
    transfer = ledger.transfer(by=world.by("ana"), destination="ANT-S2", net=units.enter("300.000001"), **at)[
        "movement"
    ]
    ledger.sample(by=world.by("ana"), net=units.enter("0.25"), **at)
    world.later(days=1)
    mistaken = ledger.sample(by=world.by("ben"), net=units.enter("7"), **at)["movement"]
    reversal = approved(world, ledger.ask_reverse(by=world.by("ben"), movement_id=mistaken, reason="Wrong lot"), "dee")[
        "movement"
    ]
    adjust: dict[str, Any] = {
        "lot": old,
        "location": "ANT-S1",
        "net": units.enter("2"),
        "gain": False,
        "reason": "Scale",
    }
    approved(world, ledger.ask_adjust(by=world.by("ana"), **adjust), "eve")
    approved(world, ledger.ask_issue(by=world.by("pia"), net=units.enter("10"), reason="Ordered", **at), "dee", "eve")
    assay = ledger.AssayIn(fractions={"Nd": Decimal("0.641"), "Pr": Decimal("0.2")}, lab="Lab A", method="ICP-OES")
    ledger.record_assay(by=world.by("ben"), lot=old, assay=assay)
    ledger.retest(by=world.by("ben"), lot=old, performed_on=date(2026, 11, 3), passed=True)
    world.later(days=1)
    ledger.count(by=world.by("ben"), lot=old, location="ANT-S2", net=units.enter("299"), seals="intact")
    parts = [units.enter("100")]
    (child,) = ledger.split(by=world.by("ana"), lot=old, location="ANT-S1", parts=parts)["children"]
    allocate(world, old, 5_000_000)
    with pytest.raises(Refused):
        ledger.sample(by=world.by("ana"), net=units.enter("5000"), **at)
    lent = {"from_on": world.now.date(), "until_on": world.now.date() + timedelta(days=7), "reason": "Leave"}
    delegations.lend(by=world.by("eve"), borrower="cem", acts=["adjust.approve"], **lent)  # type: ignore[arg-type]
    verification.make_anchor(now=world.later(hours=1))
    freeze(world, child)
    freeze(world, child, frozen=False)
    ledger.set_condition(by=world.by("dee"), lot=child, condition="B", reason="Small pack")
    return Everything(old, child, other, transfer, mistaken, int(str(reversal)))


def allocate(world: World, lot: str, delta_mg: int, location: str = "ANT-S1") -> commands.Answer:
    """Earmark mass as a command of its own, the way another app does it inside its command."""
    given: dict[str, Any] = {"lot": lot, "location": location, "delta_mg": delta_mg, "reason": "For order 7"}
    return commands.run(
        world.by("dee"), kind="test.allocate", request=given, act=lambda o: ledger.allocate(opened=o, **given)
    )


def freeze(world: World, lot: str, *, frozen: bool = True, why: str = "A balance differs") -> commands.Answer:
    """Freeze a lot as the nightly run does, or let it go, without anything that differs."""
    row, by = Lot.objects.get(number=lot), By(actor=User.objects.system(), key=uuid4(), now=world.now)
    given = {"lot": lot, "frozen": frozen}

    def act(opened: commands.Opened) -> commands.Answer:
        night.hold(opened, [row.pk], frozen=frozen, why={row.pk: why})
        return {"lot": lot}

    return commands.run(by, kind="test.freeze", request=given, act=act)

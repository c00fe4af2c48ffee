"""The demo's rounds: at each month's end the warehouse counts most of what is due, and finds what the books say."""

from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from config.accounts.models import User
from config.audit.commands import By
from inventory import ledger, lots, rounds, units

if TYPE_CHECKING:
    from reserve.demo.stock import Story

MOST = 14  # that one person counts in a month; the rest waits
LEFT = 0.15  # of these, what is stacked behind something else


def walk(story: "Story", random: Random) -> None:
    """Count what is due at the sites of both warehouse people. `random` is not the story's: its course stays as it is."""
    for who in ("wanda", "wes"):
        person, now = story.clock.people[who], story.clock.now
        for row in rounds.due(user=person, now=now, limit=MOST):
            if random.random() > LEFT:
                key = UUID(int=random.getrandbits(128), version=4)
                _count(By(actor=person, key=key, now=now), row, seals="intact" if random.random() < 0.9 else "none")


def _count(by: By, row: rounds.Round, *, seals: str) -> None:
    held_mg = _held_mg(by.actor, row)
    ledger.count(by=by, lot=row.lot, location=row.location, net=units.enter(units.kg(held_mg)), seals=seals)


def _held_mg(person: User, row: rounds.Round) -> int:
    return sum(at.net_mg for at in lots.one(user=person, number=row.lot).where if at.location == row.location)

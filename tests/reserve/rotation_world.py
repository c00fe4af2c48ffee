"""A reserve with a schedule, and its people at their browsers. The edge's clock is the world's."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from config.approvals import requests
from inventory import catalogue, ledger
from reserve import rotation
from reserve.models import Rotation
from tests.world import World


@dataclass
class Browsers:
    """One browser for each person: `browse.ana.get("/rotation/")`."""

    world: World
    made: dict[str, Client] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Client:
        if name not in self.made:
            self.made[name] = Client()
            self.made[name].force_login(self.world.people[name])
        return self.made[name]


@pytest.fixture
def browse(world: World, monkeypatch: pytest.MonkeyPatch) -> Browsers:
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    return Browsers(world)


def policy(
    world: World, material: str = "nd-oxide", driver: str = "retest", method: str = "retest", ahead: int = 9
) -> int:
    """A policy in force: proposed by Dee, approved by Eve."""
    answer = rotation.propose_policy(
        by=world.by("dee"), material=material, driver=driver, method=method, ahead_months=ahead, source="DoDM 4140.27"
    )
    requests.approve(by=world.by("eve"), request_id=answer["request"])
    return int(answer["policy"])


def policies_of(world: World, more: int) -> None:
    """As many materials more, each with a policy in force."""
    for _ in range(more):
        code = f"made-{uuid4().hex[:8]}"
        material = catalogue.MaterialIn(
            code=code,
            name=code,
            form="oxide",
            fractions={"Nd": Decimal("0.5")},
            source="Made for a test",
            dated_on=date(2026, 11, 1),
        )
        catalogue.add_material(by=world.by("adm"), material=material)
        policy(world, code)


def due_lot(world: World, day: date = date(2027, 1, 20), kg: str = "10", **received: Any) -> str:
    """An accepted lot of Nd oxide whose retest is due on the day."""
    return world.stock(kg, produced_on=day.replace(year=day.year - 5), **received)


def elsewhere(world: World, day: date = date(2027, 1, 20)) -> str:
    """The same at Braga, received by Cem and accepted by Dee."""
    number = world.receive("10", produced_on=day.replace(year=day.year - 5), location="BRA-S1", who="cem")
    ledger.set_condition(by=world.by("dee"), lot=number, condition="A", reason="In specification")
    return number


def row_of(lot: str) -> Rotation:
    """The lot's only row in the schedule."""
    return Rotation.objects.get(lot__number=lot)


@dataclass(frozen=True)
class Form:
    """The hidden key of a form on a page, found by the address that it is sent to."""

    action: str
    key: str


def form_on(html: str, action: str) -> Form:
    found = re.search(rf'action="{re.escape(action)}".*?name="key" value="([0-9a-f-]+)"', html, re.DOTALL)
    assert found, f"no form that is sent to {action}"
    return Form(action, found.group(1))

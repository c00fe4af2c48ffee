"""Sixteen people issue from one lot at once: together they get exactly what it held, and whoever is late is told so."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet, Sum

from config.approvals import requests
from config.approvals.models import Request
from config.audit import commands
from config.audit.commands import Opened
from inventory import units
from inventory.ledger.asks import ISSUE
from inventory.ledger.refusals import InsufficientStock
from inventory.models import Balance, Lot, LotFact, Movement
from tests.concurrency.together import together
from tests.inventory.proof import found
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 16


def asked(world: World, lot: str, count: int, kg: str) -> list[int]:
    """Requests to issue from the lot, each agreed to by one manager already."""

    def ask(opened: Opened) -> dict[str, Any]:
        net = units.enter(kg)
        body = {"lot": lot, "origin": "ANT-S1", "net": [kg, "kg", net.mg]}
        words: dict[str, Any] = {
            "kind": ISSUE,
            "subject": lot,
            "site_code": "ANT",
            "summary": f"{kg} kg",
            "reason": "Ordered",
        }
        return {"ids": [requests.ask(opened, body=body, **words).pk for _ in range(count)]}

    ids: list[int] = commands.run(world.by("pia"), kind="test.ask", request={}, act=ask)["ids"]

    def agree(opened: Opened) -> dict[str, Any]:
        return {"agreed": [requests.approve(by=opened, request_id=number)["agreed"] for number in ids]}

    commands.run(world.by("dee"), kind="test.agree", request={}, act=agree)
    return ids


def issue_all(world: World, ids: list[int]) -> list[Any]:
    """The second manager agrees to all of them, sixteen at a time; returns what became of each."""
    each = len(ids) // PEOPLE
    keys = {number: world.by("eve") for number in ids}

    def one(share: list[int]) -> list[Any]:
        outcomes: list[Any] = []
        for number in share:
            try:
                outcomes.append(requests.approve(by=keys[number], request_id=number))
            except Exception as error:
                outcomes.append(error)
        return outcomes

    shares = [ids[index * each : (index + 1) * each] for index in range(PEOPLE)]
    return [outcome for outcomes in together(*(lambda s=share: one(s) for share in shares)) for outcome in outcomes]


@pytest.mark.long
def test_they_hand_out_exactly_what_it_held(world: World) -> None:
    lot = world.stock("4000")
    outcomes = issue_all(world, asked(world, lot, PEOPLE * 50, "10"))
    done = [outcome for outcome in outcomes if isinstance(outcome, dict)]
    assert (len(done), len(outcomes)) == (400, 800)
    assert {type(outcome) for outcome in outcomes if not isinstance(outcome, dict)} == {InsufficientStock}
    assert Movement.objects.filter(kind="issue").aggregate(mg=Sum("net_mg"))["mg"] == 4_000_000_000
    assert Balance.objects.get(lot__number=lot).net_mg == 0
    assert Request.objects.filter(state="approved").count() == 400
    assert Request.objects.filter(state="pending").count() == 400
    seqs = list(LotFact.objects.filter(lot__number=lot).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, Lot.objects.get().last_seq + 1))
    assert found() == []


def test_without_the_lock_the_database_stops_them_and_nobody_is_told_why(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the locks taken away, the same crowd runs into constraints instead of refusals."""
    lot = world.stock("400")
    ids = asked(world, lot, PEOPLE * 5, "10")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self._chain())
    outcomes = issue_all(world, ids)
    errors = [outcome for outcome in outcomes if isinstance(outcome, IntegrityError)]
    assert errors
    assert any("lot_fact_numbered" in str(error) or "balance_not_negative" in str(error) for error in errors)

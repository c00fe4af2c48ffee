"""Lender and borrower agree to one request at once: the second is told that they count as one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.accounts import delegations, loans
from config.accounts.ties import LenderTied, StoodFor
from config.approvals import requests
from config.approvals.models import Decision, Request, RequestQuerySet
from inventory import ledger, units
from tests.concurrency.together import finish, together, waiting
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def issue(world: World) -> int:
    """An issue that takes two; Dee lends to Pia."""
    world.stock("10", lot_number="THE-LOT")
    asked = ledger.ask_issue(by=world.by("ana"), lot="THE-LOT", origin="ANT-S1", net=units.enter("2"), reason="Ordered")
    today = world.now.date()
    delegations.lend(
        by=world.by("dee"),
        borrower="pia",
        acts=["issue.approve"],
        from_on=today,
        until_on=today + timedelta(days=9),
        reason="Leave",
    )
    loans.put_on(world.pia, today=today)
    assert world.pia.loans[0].lender == "Dee"
    return int(asked["request"])


def test_one_of_them_counts_and_the_other_is_told(world: World, issue: int) -> None:
    keys = {who: world.by(who) for who in ("dee", "pia")}
    outcomes = together(*(lambda by=by: requests.approve(by=by, request_id=issue) for by in keys.values()))
    assert sorted(isinstance(outcome, LenderTied | StoodFor) for outcome in outcomes) == [False, True], outcomes
    assert (Decision.objects.count(), Request.objects.get().state) == (1, "pending")


def late(world: World, issue: int) -> Any:
    """Dee has agreed and her transaction is under way; what Pia's word gets, which comes meanwhile."""
    by = world.by("pia")
    with transaction.atomic():
        requests.approve(by=world.by("dee"), request_id=issue)
        with waiting(lambda: requests.approve(by=by, request_id=issue)) as second:
            pass
    return finish(second)


def test_the_second_waits_and_sees_the_first(world: World, issue: int) -> None:
    assert isinstance(late(world, issue), LenderTied)


def test_without_the_lock_the_database_still_refuses(world: World, issue: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: no named refusal then, but the trigger, which takes the lock itself."""
    monkeypatch.setattr(RequestQuerySet, "select_for_update", lambda rows, **_: rows.all())
    outcome = late(world, issue)
    assert isinstance(outcome, IntegrityError), outcome
    assert "lender_and_borrower_are_one" in str(outcome)
    assert Decision.objects.count() == 1

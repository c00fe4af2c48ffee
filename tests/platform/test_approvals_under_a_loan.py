"""Deciding on a request in the place of who has lent the right: both names, one word, and nobody of the chain."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.accounts import delegations, loans
from config.accounts.matrix import NotAllowed
from config.accounts.models import Delegation, User
from config.accounts.ties import AlreadyDecided, LenderTied, OwnRequest, StoodFor
from config.approvals import reads, requests
from config.approvals.models import Decision, Request
from config.audit.commands import By
from inventory import ledger, units
from inventory.models import Balance
from tests.counting import counted
from tests.inventory.proof import refused
from tests.pages import People, text
from tests.rest import Callers
from tests.world import NOW, World

TODAY = NOW.date()


def lend(world: World, lender: str = "dee", borrower: str = "pia", act: str = "issue.approve") -> Delegation:
    answer = delegations.lend(
        by=world.by(lender),
        borrower=borrower,
        acts=[act],
        from_on=TODAY,
        until_on=TODAY + timedelta(days=28),
        reason="Leave",
    )
    return Delegation.objects.get(pk=answer["delegation"])


def by(world: World, who: str) -> By:
    """As a request of today finds the person: with what is lent to them."""
    person = User.objects.get(pk=world.people[who].pk)
    loans.put_on(person, today=world.now.date())
    world.people[who] = person
    return world.by(who)


@pytest.fixture
def issue(world: World) -> int:
    """Ana asks for an issue of 2 kg, which takes two."""
    return ask(world, "ana")


def ask(world: World, who: str) -> int:
    world.stock("10", lot_number="THE-LOT")
    answer = ledger.ask_issue(by=world.by(who), lot="THE-LOT", origin="ANT-S1", net=units.enter("2"), reason="Released")
    return int(answer["request"])


def test_a_borrower_and_another_manager_are_two(world: World, issue: int) -> None:
    loan = lend(world)
    requests.approve(by=by(world, "pia"), request_id=issue)
    assert requests.approve(by=world.by("eve"), request_id=issue)["state"] == "approved"
    assert Balance.objects.get().net_mg == 8_000_000
    assert [(word.actor.username, word.delegation) for word in Decision.objects.order_by("pk")] == [
        ("pia", loan),
        ("eve", None),
    ]
    row = reads.one(user=world.ana, request_id=issue)
    assert [(word.who, word.on_behalf_of) for word in row.decisions] == [("Pia", "Dee"), ("Eve", "")]


def test_the_borrower_may_be_the_last_and_then_does_it(world: World, issue: int) -> None:
    lend(world)
    requests.approve(by=world.by("eve"), request_id=issue)
    assert requests.approve(by=by(world, "pia"), request_id=issue)["state"] == "approved"


@pytest.mark.parametrize(("first", "second"), [("dee", "pia"), ("pia", "dee")])
def test_lender_and_borrower_are_one(world: World, issue: int, first: str, second: str) -> None:
    lend(world)
    requests.approve(by=by(world, first), request_id=issue)
    with refused(LenderTied if second == "pia" else StoodFor):
        requests.approve(by=by(world, second), request_id=issue)
    assert Decision.objects.count() == 1


def test_who_borrows_from_two_is_one_with_both(world: World, issue: int) -> None:
    lend(world)
    lend(world, "eve")
    requests.approve(by=by(world, "pia"), request_id=issue)
    for who, refusal in {"dee": StoodFor, "eve": requests.SamePerson}.items():
        with refused(refusal):
            requests.approve(by=by(world, who), request_id=issue)
    with refused(AlreadyDecided):
        requests.approve(by=by(world, "pia"), request_id=issue)


def test_the_page_says_so_before_the_door_does(people: People, world: World, issue: int) -> None:
    lend(world)
    lend(world, "eve")
    requests.approve(by=by(world, "pia"), request_id=issue)
    shown = people.eve.get(f"/requests/{issue}/")
    assert "Pia took part in this, and one of you has lent approvals to the other" in text(shown)
    assert 'value="approve"' not in shown


def test_two_borrowers_of_one_lender_are_one(world: World, issue: int) -> None:
    lend(world)
    lend(world, borrower="ben")
    requests.approve(by=by(world, "pia"), request_id=issue)
    with refused(LenderTied):
        requests.approve(by=by(world, "ben"), request_id=issue)


def test_what_the_lender_asked_for_the_borrower_does_not_agree_to(world: World) -> None:
    request = ask(world, "dee")
    lend(world)
    with refused(LenderTied):
        requests.approve(by=by(world, "pia"), request_id=request)
    lend(world, "eve")
    requests.approve(by=by(world, "pia"), request_id=request)
    assert Decision.objects.get().delegation.lender.username == "eve"  # type: ignore[union-attr]


def test_what_the_borrower_asked_for_in_their_own_right_the_lender_may_agree_to(world: World) -> None:
    request = ask(world, "pia")
    lend(world)
    requests.approve(by=world.by("dee"), request_id=request)
    with refused(OwnRequest):
        requests.approve(by=by(world, "pia"), request_id=request)
    assert Decision.objects.get().actor == world.dee


def test_nobody_agrees_to_their_own_in_anybodys_place(world: World) -> None:
    request = ask(world, "pia")
    lend(world)
    with refused(OwnRequest):
        requests.approve(by=by(world, "pia"), request_id=request)


def test_what_ended_meanwhile_no_longer_counts(world: World, issue: int) -> None:
    loan = lend(world)
    pia = by(world, "pia")
    delegations.end(by=world.by("dee"), delegation_id=loan.pk)
    with refused(NotAllowed):
        requests.approve(by=pia, request_id=issue)


def test_a_loan_is_for_its_act_only(world: World, issue: int) -> None:
    lend(world, act="targets.approve")
    with refused(NotAllowed):
        requests.approve(by=by(world, "pia"), request_id=issue)


def test_a_warehouse_person_decides_on_what_they_see(world: World, issue: int) -> None:
    lend(world, borrower="ben")
    lend(world, borrower="cem")
    requests.approve(by=by(world, "ben"), request_id=issue)
    with refused(requests.RequestNotFound):
        requests.approve(by=by(world, "cem"), request_id=issue)


def test_what_waits_counts_what_is_lent_and_can_be_decided(world: World, issue: int) -> None:
    lend(world)
    pia = by(world, "pia").actor
    with counted("approvals.waiting_for.borrower"):
        assert reads.waiting_for(user=pia) == 1
    row = reads.one(user=pia, request_id=issue)
    assert reads.may_decide(pia, row)
    requests.approve(by=world.by("dee"), request_id=issue)
    assert reads.waiting_for(user=pia) == 0
    assert not reads.may_decide(pia, reads.one(user=pia, request_id=issue))


# ---- on pages and over the API -------------------------------------------------------------------------------------------
def test_the_page_says_for_whom_and_until_when(people: People, world: World, issue: int) -> None:
    loan = lend(world)
    page = f"/requests/{issue}/"
    assert "You decide for Dee, until 30 Nov 2026" in text(people.pia.get(page))
    assert people.pia.send(page, decision="approve").status_code == 303
    assert "Agreed Pia for Dee" in text(people.ana.get(page))
    delegations.end(by=world.by("dee"), delegation_id=loan.pk)
    assert 'value="approve"' not in people.pia.get(page)


def test_it_is_gone_with_the_next_request(people: People, world: World, issue: int) -> None:
    loan = lend(world)
    page = f"/requests/{issue}/"
    form = people.pia.form(page)
    delegations.end(by=world.by("dee"), delegation_id=loan.pk)
    assert people.pia.post(page, {**form, "decision": "approve"}).status_code == 403
    assert not Decision.objects.exists()


def test_the_day_after_the_last_it_is_over(people: People, world: World, issue: int) -> None:
    lend(world)
    world.later(days=29)
    assert 'value="approve"' not in people.pia.get(f"/requests/{issue}/")


def test_it_holds_for_programs_too(world: World, api: Callers, issue: int) -> None:
    loan = lend(world)
    path = f"/api/requests/{issue}/approve/"
    assert api.ana.post(path, {}).status == 403
    answer = api.pia.post(path, {})
    assert (answer.status, answer["decisions"][0]["on_behalf_of"]) == (200, "Dee")
    delegations.end(by=world.by("dee"), delegation_id=loan.pk)
    assert api.pia.post(path, {}).status == 403


# ---- round the door --------------------------------------------------------------------------------------------------
def word(world: World, request: int, who: str, loan: Delegation | None, **changed: Any) -> None:
    with transaction.atomic():
        Decision.objects.create(
            request_id=request,
            actor=world.people[who],
            agreed=True,
            delegation=loan,
            decided_at=changed.get("at", world.now),
            command_id=1,
        )


def test_the_database_knows_whether_a_loan_counts(world: World, issue: int) -> None:
    loan = lend(world)
    for who, at in (
        ("ben", world.now),
        ("pia", world.now + timedelta(days=29)),
        ("pia", world.now - timedelta(days=1)),
    ):
        with pytest.raises(IntegrityError, match="decided_under_a_loan_that_counts"):
            word(world, issue, who, loan, at=at)
    delegations.end(by=world.by("dee"), delegation_id=loan.pk)
    with pytest.raises(IntegrityError, match="decided_under_a_loan_that_counts"):
        word(world, issue, "pia", loan)


@pytest.mark.parametrize(("first", "second"), [("dee", "pia"), ("pia", "dee")])
def test_the_database_takes_lender_and_borrower_for_one(world: World, issue: int, first: str, second: str) -> None:
    loan = lend(world)
    lent = {"pia": loan, "dee": None}
    word(world, issue, first, lent[first])
    with pytest.raises(IntegrityError, match="lender_and_borrower_are_one"):
        word(world, issue, second, lent[second])


def test_the_database_refuses_the_word_of_who_borrows_from_who_asked(world: World) -> None:
    request = ask(world, "dee")
    loan = lend(world)
    with pytest.raises(IntegrityError, match="lender_and_borrower_are_one"):
        word(world, request, "pia", loan)
    assert Request.objects.get().state == "pending"

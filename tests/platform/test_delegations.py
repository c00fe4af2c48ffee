"""Lending one's approvals for some days: to whom, for how long, and what ends it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from config.accounts import delegations, grants, loans, people
from config.accounts.matrix import LENDABLE, NotAllowed, Reach, own_reach, reach
from config.accounts.models import Delegation, User
from config.accounts.refusals import (
    BadBorrower,
    BadDays,
    DelegationNotFound,
    DelegationOver,
    NothingToLend,
    OverlappingLoan,
)
from config.approvals import requests
from config.audit.models import RegistryFact
from tests.inventory.proof import once, refused
from tests.world import NOW, World

TODAY = NOW.date()
LATER = TODAY + timedelta(days=28)


def lend(world: World, borrower: str = "pia", who: str = "dee", **changed: Any) -> int:
    given: dict[str, Any] = {
        "borrower": borrower,
        "acts": ["issue.approve", "orders.approve"],
        "from_on": TODAY,
        "until_on": LATER,
        "reason": "Leave until the end of the month",
        **changed,
    }
    return int(delegations.lend(by=world.by(who), **given)["delegation"])


def present(world: World, who: str, today: date = TODAY) -> User:
    """The person as a request of that day finds them."""
    person = User.objects.get(pk=world.people[who].pk)
    loans.put_on(person, today=today)
    return person


def may(world: World, who: str, act: str = "issue.approve", today: date = TODAY) -> bool:
    return reach(present(world, who, today), act) is Reach.ALL


def test_the_borrower_may_what_was_lent_and_nothing_else(world: World) -> None:
    assert not may(world, "pia")
    lend(world)
    assert may(world, "pia")
    assert not may(world, "pia", "adjust.approve")
    assert not may(world, "ana")
    assert own_reach(present(world, "pia"), "issue.approve") is None
    assert may(world, "dee"), "who lends keeps it"


def test_it_counts_from_the_first_day_to_the_last(world: World) -> None:
    first, last = TODAY + timedelta(days=3), TODAY + timedelta(days=5)
    lend(world, from_on=first, until_on=last)
    days = [TODAY + timedelta(days=days) for days in range(8)]
    assert [day for day in days if may(world, "pia", today=day)] == [first, first + timedelta(days=1), last]


def test_the_same_lending_sent_twice_lands_once(world: World) -> None:
    given = {"borrower": "pia", "acts": ["issue.approve"], "from_on": TODAY, "until_on": LATER, "reason": "Leave"}
    once(delegations.lend, by=world.by("dee"), **given)
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"borrower": "dee"}, BadBorrower),
        ({"borrower": "eve"}, BadBorrower),  # may approve already
        ({"borrower": "aud"}, BadBorrower),
        ({"borrower": "adm"}, BadBorrower),
        ({"borrower": "system"}, BadBorrower),
        ({"borrower": "no\0body"}, BadBorrower),
        ({"borrower": "ana", "acts": ["targets.approve"]}, BadBorrower),  # may not see targets
        ({"acts": []}, NothingToLend),
        ({"acts": ["people.approve"]}, NothingToLend),
        ({"acts": ["lots.accept"]}, NothingToLend),
        ({"acts": ["no.act"]}, NothingToLend),
        ({"from_on": TODAY - timedelta(days=1)}, BadDays),
        ({"from_on": TODAY + timedelta(days=91), "until_on": TODAY + timedelta(days=92)}, BadDays),
        ({"until_on": TODAY - timedelta(days=1)}, BadDays),
        ({"until_on": TODAY + timedelta(days=90)}, BadDays),
    ],
)
def test_it_refuses(world: World, changed: dict[str, Any], refusal: Any) -> None:
    with refused(refusal):
        lend(world, **changed)
    assert not Delegation.objects.exists()


def test_who_is_not_offered_is_answered_as_one_who_is_not_there(world: World) -> None:
    User.objects.filter(username="ben").update(is_active=False)
    answers = set()
    for who in ("eve", "aud", "adm", "system", "ben", "no-such-name"):
        with refused(BadBorrower) as caught:
            lend(world, borrower=who, acts=["issue.approve"])
        answers.add(str(caught.value))
    assert answers == {"You cannot lend to a person of this user name. Choose another person."}
    with refused(BadBorrower) as caught:
        lend(world, borrower="ana", acts=["targets.approve"])
    assert "Ana may not see what targets.approve is about" in str(caught.value)


def test_ninety_days_are_not_too_long(world: World) -> None:
    assert lend(world, until_on=TODAY + timedelta(days=89))


def test_a_warehouse_person_may_borrow_what_is_about_lots(world: World) -> None:
    assert lend(world, borrower="ana", acts=["adjust.approve"])


def test_to_somebody_shut_out_nothing_is_lent(world: World) -> None:
    grants.disable(by=world.by("adm"), person="pia", reason="Left")
    with refused(BadBorrower):
        lend(world)


def test_days_that_overlap_are_refused(world: World) -> None:
    lend(world)
    with refused(OverlappingLoan):
        lend(world, from_on=LATER, until_on=LATER + timedelta(days=3))
    assert lend(world, from_on=LATER + timedelta(days=1), until_on=LATER + timedelta(days=3))


@pytest.mark.parametrize("who", ["pia", "ana", "aud", "adm"])
def test_only_managers_lend(world: World, who: str) -> None:
    with refused(NotAllowed):
        lend(world, borrower="ben", who=who)


def test_what_is_borrowed_is_not_lent_on(world: World) -> None:
    lend(world)
    world.people["pia"] = present(world, "pia")
    with refused(NotAllowed):
        lend(world, borrower="ana", who="pia", acts=["issue.approve"])


@pytest.mark.parametrize(("who", "why"), [("dee", "Taken back"), ("pia", "Given back")])
def test_either_ends_it_at_once(world: World, who: str, why: str) -> None:
    number = lend(world)
    once(delegations.end, by=world.by(who), delegation_id=number)
    assert (Delegation.objects.get().ended_why, may(world, "pia")) == (why, False)
    with refused(DelegationOver):
        delegations.end(by=world.by(who), delegation_id=number)


@pytest.mark.parametrize("who", ["eve", "ana", "aud", "adm"])
def test_nobody_else_ends_it(world: World, who: str) -> None:
    number = lend(world)
    with refused(DelegationNotFound):
        delegations.end(by=world.by(who), delegation_id=number)


@pytest.mark.parametrize("person", ["dee", "pia"])
def test_it_ends_when_either_is_shut_out_and_stays_ended(world: World, person: str) -> None:
    lend(world)
    grants.disable(by=world.by("adm"), person=person, reason="Left")
    assert Delegation.objects.get().ended_why.endswith("was shut out")
    User.objects.filter(username=person).update(is_active=True)
    assert not may(world, "pia")


def test_it_ends_when_the_lender_loses_the_right(world: World) -> None:
    lend(world)
    seen = people.one("dee").seen
    grants.change(by=world.by("adm"), person="dee", roles=["procurement"], sites=[], seen=seen, reason="Moves")
    assert (Delegation.objects.get().ended_why, may(world, "pia")) == ("The lender lost the right", False)


@pytest.mark.parametrize("role", ["auditor", "manager"])
def test_it_ends_when_the_borrower_gets_a_role_that_does_not_borrow_it(world: World, role: str) -> None:
    lend(world)
    seen, roles = people.one("pia").seen, ["procurement", role]
    asked = grants.change(by=world.by("adm"), person="pia", roles=roles, sites=[], seen=seen, reason="Moves")
    assert may(world, "pia"), "it is only proposed"
    requests.approve(by=world.by("ada"), request_id=asked["request"])
    assert Delegation.objects.get().ended_why == "The borrower has another role now"


def test_it_counts_for_nothing_while_the_lender_lacks_the_right_however_that_came(world: World) -> None:
    lend(world)
    User.objects.filter(username="dee").update(roles=[])
    assert not may(world, "pia")
    User.objects.filter(username="dee").update(roles=["manager"], is_active=False)
    assert not may(world, "pia")


def test_who_could_do_what_knows_it_at_any_moment(world: World) -> None:
    number = lend(world)
    during = world.later(days=2)
    delegations.end(by=world.by("dee", now=world.later(days=1)), delegation_id=number)
    after = world.later(minutes=1)
    seen = lambda at: [row.id for row in loans.listing(user=world.aud, today=TODAY, at=at).rows]  # noqa: E731 - one word
    assert (seen(NOW - timedelta(seconds=1)), seen(during), seen(after)) == ([], [number], [])


def test_people_see_their_own_and_those_who_oversee_see_all(world: World) -> None:
    number = lend(world)
    other = lend(world, borrower="ana", who="eve", acts=["adjust.approve"])
    rows = {who: [row.id for row in loans.listing(user=world.people[who], today=TODAY).rows] for who in world.people}
    assert rows["pia"] == [number]
    assert rows["ana"] == [other]
    assert rows["ben"] == []
    assert rows["dee"] == rows["aud"] == rows["adm"] == [other, number]
    assert [row.mine for row in loans.listing(user=world.dee, today=TODAY, person="dee").rows] == ["lent"]
    assert loans.listing(user=world.aud, today=TODAY, person="ana").rows[0].state(TODAY) == "running"


def test_they_are_narrowed_by_how_they_stand_and_come_page_by_page(world: World) -> None:
    later = TODAY + timedelta(days=5)
    running, coming, ended = (
        lend(world, until_on=TODAY),
        lend(world, from_on=later, until_on=later),
        lend(world, borrower="ana", acts=["issue.approve"], until_on=later),
    )
    delegations.end(by=world.by("dee"), delegation_id=ended)
    seen = lambda day, state: [row.id for row in loans.listing(user=world.aud, today=day, state=state).rows]  # noqa: E731
    assert [seen(TODAY, state) for state in loans.STATES] == [[running], [coming], [ended]]
    assert [seen(later, state) for state in loans.STATES] == [[coming], [], [ended, running]]
    assert [row.id for row in loans.of_person(user=world.aud, person="dee", today=later)] == [coming]
    first = loans.listing(user=world.aud, today=TODAY, size=2)
    assert ([row.id for row in first.rows], first.count) == ([ended, coming], 3)
    assert [row.id for row in loans.listing(user=world.aud, today=TODAY, cursor=first.next).rows] == [running]


def test_the_registry_tells_of_it(world: World) -> None:
    number = lend(world)
    delegations.end(by=world.by("dee"), delegation_id=number)
    facts = RegistryFact.objects.filter(subject=Delegation._meta.db_table).order_by("seq")
    assert [fact.act for fact in facts] == ["insert", "update"]
    assert all(fact.command_id for fact in facts)


# ---- round the door ---------------------------------------------------------------------------------------------------
def test_the_database_refuses_to_change_or_delete_a_loan(world: World) -> None:
    """`loan_never_changes`, `ended_once` and `never_deleted` hold."""
    number = lend(world)
    changes = ("lender_id = borrower_id", "until_on = until_on + 1", "acts = '{targets.approve}'", "reason = 'Another'")
    for change in changes:
        _refused_by_the_database(f"UPDATE accounts_delegation SET {change}")
    delegations.end(by=world.by("dee"), delegation_id=number)
    _refused_by_the_database("UPDATE accounts_delegation SET ended_at = NULL, ended_why = ''")
    _refused_by_the_database("DELETE FROM accounts_delegation")


def _refused_by_the_database(sql: str) -> None:
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"borrower": "dee"}, "delegation_to_another_person"),
        ({"until_on": TODAY - timedelta(days=1)}, "delegation_ends_after_it_begins"),
        ({"until_on": TODAY + timedelta(days=90)}, "delegation_lasts_90_days_at_most"),
        ({"acts": ["people.approve"]}, "delegation_lends_approvals_only"),
        ({"acts": []}, "delegation_lends_approvals_only"),
        ({"ended_at": NOW}, "delegation_says_why_it_ended"),
    ],
)
def test_the_database_refuses_a_loan_that_cannot_be(world: World, changed: dict[str, Any], constraint: str) -> None:
    given: dict[str, Any] = {
        "lender": world.dee,
        "acts": ["issue.approve"],
        "from_on": TODAY,
        "until_on": LATER,
        "reason": "Leave",
        "made_at": NOW,
        "command_id": 1,
        **changed,
        "borrower": world.people[changed.get("borrower", "pia")],
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Delegation.objects.create(**given)


def test_the_table_lends_approvals_only() -> None:
    assert all(act.endswith(".approve") for act in LENDABLE)
    assert set(loans.ACT_NAMES) == set(LENDABLE)

"""Break-glass: an issue in an emergency without the others, and the review of a second person within 72 hours."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from config.accounts import delegations, loans
from config.accounts.matrix import ACTS, NotAllowed
from config.accounts.models import Delegation
from config.accounts.ties import TookPart
from config.approvals import glass, requests, reviews
from config.approvals.models import BreakGlass, Request
from config.audit.edge import BadText
from config.audit.models import RegistryFact
from inventory import ledger, units
from inventory.ledger.refusals import InsufficientStock
from inventory.models import Balance, Movement
from tests.inventory.proof import found, once, refused
from tests.inventory.round_the_door import as_superuser, run
from tests.world import World

WHY = "The store floods tonight; the drums must be out before the water is in."


@pytest.fixture
def issue(world: World) -> int:
    """Ana asks for an issue of 2 kg of 10, which takes two managers."""
    return ask(world)


def ask(world: World, who: str = "ana", kg: str = "2", lot: str = "THE-LOT") -> int:
    world.stock("10", lot_number=lot)
    answer = ledger.ask_issue(by=world.by(who), lot=lot, origin="ANT-S1", net=units.enter(kg), reason="Flood")
    return int(answer["request"])


def broken(world: World, request: int, who: str = "ana") -> BreakGlass:
    answer = glass.carry_out(by=world.by(who), request_id=request, reason=WHY)
    return BreakGlass.objects.get(pk=answer["glass"])


def held() -> int:
    return Balance.objects.get().net_mg


@pytest.mark.parametrize("who", ["ana", "ben", "dee"])
def test_one_person_carries_it_out_and_a_review_is_due(world: World, issue: int, who: str) -> None:
    answer = once(glass.carry_out, by=world.by(who), request_id=issue, reason=WHY)
    row = BreakGlass.objects.get(pk=answer["glass"])
    assert (row.actor, row.due_at - row.acted_at, row.reviewed_at) == (world.people[who], timedelta(hours=72), None)
    assert (Request.objects.get().state, answer["result"]["lot"], held()) == ("emergency", "THE-LOT", 8_000_000)
    assert Movement.objects.get(kind="issue").command_id == row.command_id
    assert found() == [], "verification knows that it was an emergency"


def test_who_agreed_first_may_break_the_glass_for_the_second(world: World, issue: int) -> None:
    requests.approve(by=world.by("dee"), request_id=issue)
    assert broken(world, issue, "dee").request.state == "emergency"
    assert found() == []


@pytest.mark.parametrize("who", ["pia", "aud"])
def test_who_neither_works_there_nor_manages_may_not(world: World, issue: int, who: str) -> None:
    with refused(NotAllowed):
        glass.carry_out(by=world.by(who), request_id=issue, reason=WHY)


@pytest.mark.parametrize("who", ["cem", "adm"])
def test_who_does_not_see_it_does_not_find_it(world: World, issue: int, who: str) -> None:
    with refused(requests.RequestNotFound):
        glass.carry_out(by=world.by(who), request_id=issue, reason=WHY)


@pytest.mark.parametrize(("reason", "refusal"), [("", BadText), ("It is urgent", glass.SayMore)])
def test_it_takes_a_reason_that_says_something(world: World, issue: int, reason: str, refusal: Any) -> None:
    with refused(refusal):
        glass.carry_out(by=world.by("ana"), request_id=issue, reason=reason)
    assert (Request.objects.get().state, held()) == ("pending", 10_000_000)


def test_what_can_wait_waits(world: World) -> None:
    world.stock("10", lot_number="THE-LOT")
    answer = ledger.ask_adjust(
        by=world.by("ana"), lot="THE-LOT", location="ANT-S1", net=units.enter("1"), gain=False, reason="Spilt"
    )
    for who in ("ana", "dee"):
        with refused(glass.NoBreakGlass):
            glass.carry_out(by=world.by(who), request_id=answer["request"], reason=WHY)
    assert {name for name, act in ACTS.items() if act.emergency} == {"issue.approve"}


def test_what_the_ledger_refuses_stays_refused(world: World) -> None:
    request = ask(world, kg="8")
    ledger.transfer(by=world.by("ben"), lot="THE-LOT", origin="ANT-S1", destination="ANT-S2", net=units.enter("5"))
    with refused(InsufficientStock):
        glass.carry_out(by=world.by("ana"), request_id=request, reason=WHY)
    assert (Request.objects.get().state, BreakGlass.objects.exists()) == ("pending", False)


def test_what_is_settled_is_not_done_again(world: World, issue: int) -> None:
    broken(world, issue)
    with refused(requests.AlreadySettled):
        glass.carry_out(by=world.by("dee"), request_id=issue, reason=WHY)
    with refused(requests.AlreadySettled):
        requests.approve(by=world.by("dee"), request_id=issue)
    assert held() == 8_000_000


# ---- verification -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["ana", "dee", "eve"])
def test_verification_names_a_reviewer_who_took_part(world: World, issue: int, who: str) -> None:
    """Ana asked, Dee agreed under what Eve is made to have lent, Ben did it, Aud reviewed it."""
    requests.approve(by=world.by("dee"), request_id=issue)
    row = broken(world, issue, "ben")
    glass.review(by=world.by("aud"), glass_id=row.pk, justified=True, remarks="Seen the photographs")
    today = world.now.date()
    with as_superuser():
        loan = Delegation.objects.create(
            lender=world.eve,
            borrower=world.dee,
            acts=["issue.approve"],
            from_on=today,
            until_on=today,
            made_at=world.now,
            command_id=row.command_id,
        )
        run("UPDATE approvals_decision SET delegation_id = %s", loan.pk)
    assert not any("reviewed" in text for text in found())
    with as_superuser():
        run("UPDATE approvals_breakglass SET reviewer_id = %s", world.people[who].pk)
    assert f"request: request {issue} was reviewed by who took part" in found()


# ---- the review -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("who", "justified"), [("dee", True), ("aud", False)])
def test_a_second_person_reviews_it_once(world: World, issue: int, who: str, justified: bool) -> None:
    row = broken(world, issue)
    given: dict[str, Any] = {"glass_id": row.pk, "justified": justified, "remarks": "Seen the photographs"}
    once(glass.review, by=world.by(who), **given)
    read = reviews.one(user=world.aud, glass_id=row.pk)
    assert (read.reviewer, read.justified, read.remarks) == (who.capitalize(), justified, "Seen the photographs")
    with refused(glass.AlreadyReviewed):
        glass.review(by=world.by("eve"), **given)
    acts = RegistryFact.objects.filter(subject=BreakGlass._meta.db_table).values_list("act", flat=True)
    assert list(acts) == ["insert", "update"]
    assert found() == []


@pytest.mark.parametrize(
    ("asks", "agrees", "breaks", "reviews_", "refusal"),
    [
        ("ana", "", "dee", "dee", TookPart),  # who did it
        ("dee", "", "ana", "dee", TookPart),  # who asked for it
        ("ana", "dee", "ana", "dee", TookPart),  # who agreed
        ("ana", "", "ana", "ana", NotAllowed),
        ("ana", "", "ana", "pia", NotAllowed),
        ("ana", "", "ana", "adm", NotAllowed),
        ("ana", "", "ana", "cem", glass.GlassNotFound),
    ],
)
def test_nobody_of_the_chain_reviews_it(
    world: World, asks: str, agrees: str, breaks: str, reviews_: str, refusal: Any
) -> None:
    request = ask(world, asks)
    if agrees:
        requests.approve(by=world.by(agrees), request_id=request)
    row = broken(world, request, breaks)
    with refused(refusal):
        glass.review(by=world.by(reviews_), glass_id=row.pk, justified=True, remarks="Fine")
    assert BreakGlass.objects.get().reviewer is None


def lend(world: World, lender: str, borrower: str, act: str) -> int:
    days = {"from_on": world.now.date(), "until_on": world.now.date()}
    return int(
        delegations.lend(by=world.by(lender), borrower=borrower, acts=[act], reason="Leave", **days)["delegation"]
    )


@pytest.mark.parametrize("borrower", ["ana", "ben", "pia"])  # who did it, who asked, who agreed
@pytest.mark.parametrize("ends", [False, True])
def test_who_lent_to_one_of_them_when_it_was_done_does_not_review_it(world: World, borrower: str, ends: bool) -> None:
    request = ask(world, "ben")
    lend(world, "eve", "pia", "issue.approve")
    loans.put_on(world.pia, today=world.now.date())
    requests.approve(by=world.by("pia"), request_id=request)
    loan = lend(world, "dee", borrower, "adjust.approve")
    row = broken(world, request)
    world.later(minutes=1)
    if ends:
        delegations.end(by=world.by("dee"), delegation_id=loan)
    why_not = reviews.why_not_review(world.dee, reviews.one(user=world.dee, glass_id=row.pk), now=world.now)
    with refused(requests.SamePerson) as caught:
        glass.review(by=world.by("dee"), glass_id=row.pk, justified=True, remarks="Fine")
    assert f"{borrower.capitalize()} took part in this" in str(why_not) == str(caught.value)
    with pytest.raises(IntegrityError, match="reviewer_is_outside_the_chain"):
        _write(row, reviewer=world.dee, justified=True, remarks="Fine", reviewed_at=world.now)
    glass.review(by=world.by("aud"), glass_id=row.pk, justified=True, remarks="Seen")


def test_who_lent_before_it_was_done_and_no_more_reviews_it(world: World, issue: int) -> None:
    delegations.end(by=world.by("dee"), delegation_id=lend(world, "dee", "ana", "adjust.approve"))
    world.later(minutes=1)
    row = broken(world, issue)
    assert glass.review(by=world.by("dee"), glass_id=row.pk, justified=True, remarks="Seen")["justified"]


def test_nobody_breaks_the_glass_again_while_a_review_of_theirs_is_overdue(world: World, issue: int) -> None:
    row = broken(world, issue)
    again = ask(world, kg="1", lot="ANOTHER")
    world.later(hours=72)
    broken(world, ask(world, kg="1", lot="THIRD"))
    world.later(hours=1)
    with refused(glass.ReviewOverdue, request=issue) as caught:
        glass.carry_out(by=world.by("ana"), request_id=again, reason=WHY)
    assert "Ask a manager or an auditor who took no part to review it" in str(caught.value)
    broken(world, again, "ben")
    glass.review(by=world.by("dee"), glass_id=row.pk, justified=True, remarks="Seen")
    assert broken(world, ask(world, kg="1", lot="FOURTH")).actor == world.ana


def test_what_is_due_stands_first_and_the_rest_page_by_page(world: World, issue: int) -> None:
    due = broken(world, issue)
    reviewed: list[int] = []
    for number in range(3):
        world.later(minutes=1)
        row = broken(world, ask(world, kg="1", lot=f"LOT-{number}"), "ben")
        glass.review(by=world.by("dee"), glass_id=row.pk, justified=number < 2, remarks="Seen")
        reviewed.insert(0, row.pk)
    seen: list[int] = []
    cursor = ""
    for _ in range(2):
        page = reviews.listing(user=world.dee, now=world.now, cursor=cursor, size=2)
        seen, cursor = seen + [one.id for one in page.rows], page.next
    assert (seen, cursor, page.count) == ([due.pk, *reviewed], "", 4)
    back = reviews.listing(user=world.dee, now=world.now, cursor=page.previous, size=2)
    assert [one.id for one in back.rows] == seen[:2]


def test_they_are_narrowed_by_review_and_site(world: World, issue: int) -> None:
    row = broken(world, issue)

    def in_states(site: str = "") -> list[int]:
        return [reviews.listing(user=world.dee, now=world.now, state=of, site=site).count for of in reviews.STATES]

    assert in_states() == in_states("ANT") == [1, 0, 0, 0, 0]
    assert in_states("BRA") == [0, 0, 0, 0, 0]
    world.later(hours=73)
    assert in_states() == [1, 1, 0, 0, 0]
    glass.review(by=world.by("dee"), glass_id=row.pk, justified=False, remarks="Seen")
    assert in_states() == [0, 0, 1, 0, 1]


def test_remarks_are_needed(world: World, issue: int) -> None:
    row = broken(world, issue)
    with refused(BadText):
        glass.review(by=world.by("dee"), glass_id=row.pk, justified=True, remarks=" ")


def test_it_is_overdue_after_72_hours_until_it_is_reviewed(world: World, issue: int) -> None:
    row = broken(world, issue)
    states = []
    for hours in (0, 72, 1):
        now = world.later(hours=hours)
        states.append((reviews.one(user=world.dee, glass_id=row.pk).state(now), _overdue(world)))
    assert states == [("open", 0), ("open", 0), ("overdue", 1)]
    glass.review(by=world.by("dee"), glass_id=row.pk, justified=True, remarks="Seen")
    assert (reviews.one(user=world.dee, glass_id=row.pk).state(world.now), _overdue(world)) == ("justified", 0)


def _overdue(world: World) -> int:
    return reviews.listing(user=world.dee, now=world.now, state="overdue").count


def test_people_see_their_sites_and_administrators_no_stock(world: World, issue: int) -> None:
    row = broken(world, issue)
    seen = {
        who: [one.id for one in reviews.listing(user=world.people[who], now=world.now).rows] for who in world.people
    }
    assert [who for who, ids in seen.items() if ids == [row.pk]] == [
        "ana",
        "ben",
        "dee",
        "eve",
        "pia",
        "aud",
        "adm",
        "ada",
    ]
    told = reviews.one(user=world.adm, glass_id=row.pk)
    assert (told.subject, told.summary, told.reason, told.actor) == ("", "", "", "Ana")


# ---- round the door --------------------------------------------------------------------------------------------------
def _write(row: BreakGlass, **changed: Any) -> None:
    with transaction.atomic():
        BreakGlass.objects.filter(pk=row.pk).update(**changed)


@pytest.mark.parametrize("who", ["ana", "dee", "eve"])
def test_the_database_refuses_a_reviewer_of_the_chain(world: World, who: str) -> None:
    request = ask(world, "dee")
    requests.approve(by=world.by("eve"), request_id=request)
    row = broken(world, request)
    named = "break_glass_reviewer_is_another" if who == "ana" else "reviewer_is_outside_the_chain"
    with pytest.raises(IntegrityError, match=named):
        _write(row, reviewer=world.people[who], justified=True, remarks="Fine", reviewed_at=world.now)


def test_the_database_keeps_what_was_done_and_said(world: World, issue: int) -> None:
    """`what_was_done_never_changes`, `reviewed_once` and `never_deleted` hold."""
    row = broken(world, issue)
    for changed in ({"reason": WHY + "!"}, {"actor": world.ben}, {"due_at": row.due_at + timedelta(days=1)}):
        with pytest.raises(DatabaseError, match="Cannot update"):
            _write(row, **changed)
    with pytest.raises(IntegrityError, match="break_glass_review_is_whole"):
        _write(row, reviewer=world.dee)
    glass.review(by=world.by("dee"), glass_id=row.pk, justified=True, remarks="Seen")
    with pytest.raises(DatabaseError, match="Cannot update"):
        _write(row, justified=False)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM approvals_breakglass")


def test_the_database_takes_no_request_for_an_emergency_without_its_record(world: World, issue: int) -> None:
    with pytest.raises(IntegrityError, match="emergency_has_its_record"), transaction.atomic():
        Request.objects.filter(pk=issue).update(state="emergency", settled_at=world.now)
    for changed, named in (
        ({"reason": "Urgent"}, "break_glass_says_why"),
        ({"due_at": world.now}, "break_glass_review_is_due_in_72_hours"),
    ):
        given: dict[str, Any] = {
            "request_id": issue,
            "actor": world.ana,
            "reason": WHY,
            "acted_at": world.now,
            "due_at": world.now + timedelta(hours=72),
            "command_id": 1,
            **changed,
        }
        with pytest.raises(IntegrityError, match=named), transaction.atomic():
            BreakGlass.objects.create(**given)

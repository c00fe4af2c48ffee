"""The role table: every act x role x site x hand in the thing, against the domain written once more; and the database's proof."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from config.accounts import delegations, grants, matrix
from config.accounts.matrix import ACTS, NotAllowed, NotAllowedHere
from config.accounts.models import Delegation, User
from config.accounts.ties import Tie, Tied
from config.approvals import requests
from config.approvals.models import BreakGlass, Decision, Request
from config.audit import commands
from inventory import ledger, units
from inventory.models import ConditionChange, Lot
from procurement.models import Order
from reserve.models import RotationPolicy, Target
from tests.procurement.market import Market, add_suppliers
from tests.reserve.levels import propose
from tests.rights import EXPECTED, ROLES
from tests.world import World

ME, OTHER = 7, 8


def person(*roles: str, **given: Any) -> User:
    return User(pk=ME, username="me", roles=list(roles), **{"site_codes": ["ANT"], "is_active": True, **given})


def test_both_tables_know_the_same_acts() -> None:
    assert set(ACTS) == set(EXPECTED)


@pytest.mark.parametrize("act", EXPECTED)
def test_every_role_at_every_site_with_every_hand_gets_the_answer_of_the_domain(act: str) -> None:
    for role, site, tie in product((*ROLES, None), ("ANT", "BRA"), (None, *Tie)):
        hands = {other: [ME if other == tie else OTHER, None] for other in Tie}
        refusal = matrix.why_not(person(*[role] if role else []), act, sites=[site], hands=hands)
        mine = [tie.replace(" ", "_")] if tie else []
        expected = EXPECTED[act].to(roles=[role] if role else [], at_own_site=site == "ANT", hands=mine)
        assert (refusal is None) is expected, (role, site, tie)
        assert refusal is None or len(refusal.message) > 20


@pytest.mark.parametrize("act", EXPECTED)
def test_how_many_it_takes(act: str) -> None:
    says = EXPECTED[act]
    assert ACTS[act].people == says.people
    assert matrix.others(act) == says.others
    assert matrix.others(act, severe=True) == says.others_if_severe


def test_two_roles_reach_as_far_as_the_farther_and_are_kept_from_the_same() -> None:
    both = person("warehouse", "manager")
    assert matrix.why_not(both, "lots.accept", sites=["BRA"]) is None
    assert isinstance(matrix.why_not(both, "lots.accept", sites=["BRA"], hands={Tie.RECEIVED: [ME]}), Tied)


@pytest.mark.parametrize("who", [AnonymousUser(), person("manager", is_active=False), person()])
def test_a_stranger_somebody_shut_out_and_somebody_without_a_role_may_nothing(who: Any) -> None:
    assert not any(matrix.permits(who, act) for act in ACTS)


def test_an_act_that_the_table_does_not_know_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        matrix.permits(person("manager"), "lots.eat")


def test_a_refusal_names_who_can() -> None:
    refusal = matrix.why_not(person("auditor"), "lots.accept")
    assert isinstance(refusal, NotAllowed)
    assert refusal.message == "Your role does not allow this. Ask someone whose role does: warehouse, manager."
    elsewhere = matrix.why_not(person("warehouse"), "lots.accept", sites=["BRA"])
    assert isinstance(elsewhere, NotAllowedHere)
    assert (
        elsewhere.message
        == "You may do this at your own sites only. Ask someone who may do it here: warehouse, manager."
    )
    own = matrix.why_not(person("manager"), "issue.approve", hands={Tie.ASKED: [ME]})
    assert own
    assert own.message == "You asked for this yourself. Another person has to decide on it (manager)."
    assert own.answer()["facts"] == {"act": "issue.approve", "roles": "manager"}


# ---- the database proves the same, without the table -------------------------------------------------------------------


def asked(world: World, about: Any = None, *, agreed: bool = True) -> Request:
    """A request of Dee's that waits; Eve has agreed to it."""
    given: dict[str, Any] = {"subject": "x", "site_code": "", "summary": "x", "body": {}, "reason": "x"}
    act = lambda o: {  # noqa: E731 - one word each
        "request": requests.ask(o, kind="inventory.issue", about=about.pk if about else None, **given).pk
    }
    row = commands.run(world.by("dee"), kind="test.ask", request={}, act=act)
    if agreed:
        decide(world, int(row["request"]), world.eve)
    return Request.objects.get(pk=row["request"])


def decide(world: World, request_id: int, who: User) -> None:
    Decision.objects.create(request_id=request_id, actor=who, agreed=True, decided_at=world.now, command_id=1)


def _asked(world: World) -> None:
    decide(world, asked(world).pk, world.dee)


def _decided(world: World) -> None:
    decide(world, asked(world).pk, world.eve)


def _stood_for(world: World) -> None:
    decide(world, stood_for(world).pk, world.eve)


def stood_for(world: World) -> Request:
    """A request of Dee's on which Pia has decided for Eve."""
    today = world.now.date()
    given: dict[str, Any] = {"from_on": today, "until_on": today, "reason": "Leave"}
    delegations.lend(by=world.by("eve"), borrower="pia", acts=["issue.approve"], **given)
    request = asked(world, agreed=False)
    Decision.objects.create(
        request=request,
        actor=world.pia,
        agreed=True,
        delegation=Delegation.objects.get(),
        decided_at=world.now,
        command_id=1,
    )
    return request


def review(world: World, request: Request, who: User) -> None:
    """Ana broke the glass on it, and this person reviews that."""
    BreakGlass.objects.create(
        request=request,
        actor=world.ana,
        reason="The store floods tonight",
        acted_at=world.now,
        due_at=world.now + timedelta(hours=72),
        command_id=1,
    )
    BreakGlass.objects.update(reviewer=who, justified=True, remarks="Fine", reviewed_at=world.now)


def _about(world: World) -> None:
    decide(world, asked(world, about=world.ada).pk, world.ada)


def _asked_about_oneself(world: World) -> None:
    asked(world, about=world.dee)


def _received(world: World) -> None:
    lot = Lot.objects.get(number=world.receive("10"))
    ConditionChange.objects.create(
        lot=lot,
        occurred_at=world.now,
        recorded_at=world.now,
        actor=world.ana,
        condition="A",
        verdict=lot.verdict,
        command_id=1,
    )


def _wrote(world: World) -> None:
    add_suppliers(world)
    Order.objects.filter(number=Market(world).submitted()).update(approved_by=world.pia, approved_at=world.now)


def _edited(world: World) -> None:
    add_suppliers(world)
    number = Market(world).submitted()
    Order.objects.filter(number=number).update(last_edited_by=world.dee)
    Order.objects.filter(number=number).update(approved_by=world.dee, approved_at=world.now)


def _proposed_a_target(world: World) -> None:
    propose(world, required="100", element="Nd", form="oxide", basis="contained")
    Target.objects.update(approved_by=world.dee, approved_at=world.now)


def _proposed_a_policy(world: World) -> None:
    from reserve import rotation

    given: dict[str, Any] = {
        "material": "nd-oxide",
        "driver": "retest",
        "method": "retest",
        "ahead_months": 9,
        "source": "DoDM 4140.27",
    }
    rotation.propose_policy(by=world.by("dee"), **given)
    RotationPolicy.objects.update(approved_by=world.dee, approved_at=world.now)


PROOFS: dict[tuple[str, str], tuple[Callable[[World], None], str]] = {
    ("lots.accept", "received"): (_received, "acceptor_is_not_receiver"),
    ("orders.approve", "wrote"): (_wrote, "order_approver_is_not_creator"),
    ("orders.approve", "edited"): (_edited, "order_approver_is_not_last_editor"),
    ("people.grant", "about"): (_asked_about_oneself, "request_about_another_than_who_asks"),
    ("people.password", "about"): (_asked_about_oneself, "request_about_another_than_who_asks"),
    ("people.approve", "about"): (_about, "decider_is_not_whom_it_is_about"),
    ("targets.approve", "asked"): (_proposed_a_target, "target_approved_by_another"),
    ("policies.approve", "asked"): (_proposed_a_policy, "rotation_policy_approved_by_another"),
    ("glass.review", "broke_glass"): (lambda w: review(w, asked(w), w.ana), "break_glass_reviewer_is_another"),
    ("glass.review", "asked"): (lambda w: review(w, asked(w), w.dee), "reviewer_is_outside_the_chain"),
    ("glass.review", "decided"): (lambda w: review(w, asked(w), w.eve), "reviewer_is_outside_the_chain"),
    ("glass.review", "stood_for"): (lambda w: review(w, stood_for(w), w.eve), "reviewer_is_outside_the_chain"),
    # Of every kind of request:
    ("*.approve", "asked"): (_asked, "decider_is_not_requester"),
    ("*.approve", "decided"): (_decided, "decision_once_per_person"),
    ("*.approve", "stood_for"): (_stood_for, "lender_and_borrower_are_one"),
}


@pytest.mark.parametrize(("act", "tie"), PROOFS)
def test_the_database_keeps_the_same_people_apart(world: World, act: str, tie: str) -> None:
    """Round the door: the table could be wrong, and one person could still not do both."""
    attempt, name = PROOFS[act, tie]
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        attempt(world)


def test_no_hand_in_the_table_is_without_its_proof() -> None:
    for act, says in EXPECTED.items():
        for tie in says.kept:
            assert (act, tie) in PROOFS or (f"*.{act.partition('.')[2]}", tie) in PROOFS, (act, tie)


def test_an_issue_takes_two_whatever_its_request_says(world: World) -> None:
    """Round the table: a request that was written to need one person issues nothing with one."""
    lot = world.stock("10")
    net = units.enter("1")

    def ask(opened: commands.Opened) -> dict[str, Any]:
        row = Request.objects.create(
            kind="inventory.issue",
            subject=lot,
            site_code="ANT",
            summary="1 kg",
            body={"lot": lot, "origin": "ANT-S1", "net": ["1", "kg", net.mg]},
            reason="Try",
            requester=world.pia,
            asked_at=world.now,
            needed=1,
            command_id=opened.command_id,
        )
        return {"request": row.pk}

    number = int(commands.run(world.by("pia"), kind="test.ask", request={}, act=ask)["request"])
    with pytest.raises(IntegrityError, match="two_people_agreed"), transaction.atomic():
        requests.approve(by=world.by("dee"), request_id=number)


def test_what_is_asked_waits_for_as_many_as_the_table_says(world: World) -> None:
    lot = world.stock("10")
    issue = ledger.ask_issue(by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("1"), reason="Order 7")
    adjust = ledger.ask_adjust(
        by=world.by("ana"), lot=lot, location="ANT-S1", net=units.enter("1"), gain=False, reason="Spilt"
    )
    assert [Request.objects.get(pk=row["request"]).needed for row in (issue, adjust)] == [2, 1]


def test_a_right_is_never_proposed_for_oneself_nor_agreed_to_by_whom_it_is_about(world: World) -> None:
    from config.accounts import people

    seen = people.one("ada").seen
    given: dict[str, Any] = {
        "person": "ada",
        "roles": ["administrator", "auditor"],
        "sites": [],
        "seen": seen,
        "reason": "New post",
    }
    with pytest.raises(Tied, match="Nobody gives rights"):
        grants.change(by=world.by("ada"), **given)
    number = grants.change(by=world.by("adm"), **given)["request"]
    with pytest.raises(Tied, match="This is about yourself"):
        requests.approve(by=world.by("ada"), request_id=number)

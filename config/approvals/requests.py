"""Asking for an act that takes two people, and deciding on it.

An app registers each such act once: the act of the role table that decides on it, and what then happens; who may decide
and how many must agree stands in that table. The act itself runs in the command of the last decision, so a refusal of the
act leaves the request waiting and nothing half done.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.accounts import delegations
from config.accounts.matrix import ACTS, allow
from config.accounts.ties import Hands, Tie
from config.approvals.models import Decision, Request
from config.approvals.said import Said
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused


@dataclass(frozen=True)
class TwoPersonAct:
    """`apply(opened, request)` does it; `decide_act` is the matrix act that a decider needs."""

    kind: str
    label: str | Promise
    decide_act: str
    apply: Callable[[Opened, Request], Answer]
    refused: Callable[[Opened, Request], None] | None = None


class RequestNotFound(Refused):
    code = "not_found"
    status = 404
    template = _("There is no such request.")


class AlreadySettled(Refused):
    code = "already_settled"
    template = _("This request is already {state}. Nothing more can be decided on it.")


class SamePerson(Refused):
    code = "same_person"
    status = 403
    template = _("{name} took part in this, and one of you has lent approvals to the other: you count as one person.")


WITHDRAW = "requests.withdraw"
_acts: dict[str, TwoPersonAct] = {}


def register(act: TwoPersonAct) -> None:
    """Make an act known; called once per kind when the apps load."""
    _acts[act.kind] = act


def label(kind: str) -> str:
    return str(_acts[kind].label) if kind in _acts else kind


def kinds_known() -> tuple[str, ...]:
    """Every kind of request that an app registered."""
    return tuple(_acts)


def act_of(kind: str) -> TwoPersonAct:
    """What an app registered for this kind of request."""
    return _acts[kind]


def decide_act(kind: str) -> str:
    """The matrix act that deciding on this kind of request needs."""
    return _acts[kind].decide_act


def ask(
    opened: Opened,
    *,
    kind: str,
    subject: str,
    site_code: str,
    summary: str | Said,
    body: dict[str, Any],
    reason: str,
    about: int | None = None,
) -> Request:
    """Write a pending request inside the caller's command. The caller has checked that the act can be done.

    It waits for as many people as the table says that the act of deciding on it takes.
    `about` is the id of the person whom it would give something to; the database refuses it of who asks and who agrees.
    """
    needed = ACTS[decide_act(kind)].people
    return Request.objects.create(
        kind=kind,
        subject=subject,
        site_code=site_code,
        summary=str(summary),
        body={**body, "said": summary.kept()} if isinstance(summary, Said) else body,
        reason=reason,
        requester_id=opened.actor.pk,
        about_id=about,
        asked_at=opened.now,
        needed=needed,
        command_id=opened.command_id,
    )


def approve(*, by: By, request_id: int, note: str = "") -> Answer:
    """Agree to a request; the last agreement needed does the act. Refuses one's own, a settled one, a second word."""
    body = {"request": request_id, "note": note}
    return run(by, kind="approvals.approve", request=body, act=lambda opened: _approve(opened, request_id, note))


def refuse(*, by: By, request_id: int, note: str) -> Answer:
    """Refuse a request for good, with a note for the person who asked."""
    body = {"request": request_id, "note": note}
    return run(by, kind="approvals.refuse", request=body, act=lambda opened: _refuse(opened, request_id, note))


def withdraw(*, by: By, request_id: int) -> Answer:
    """Take back one's own pending request. Refuses NotYours."""
    return run(by, kind="approvals.withdraw", request={"request": request_id}, act=lambda o: _withdraw(o, request_id))


def _approve(opened: Opened, request_id: int, note: str) -> Answer:
    request = pending(opened, request_id)
    _decide(opened, request, agreed=True, note=note)
    agreed = Decision.objects.filter(request=request, agreed=True).count()
    result: Answer = {}
    if agreed >= request.needed:
        result = act_of(request.kind).apply(opened, request)
        settle(opened, request, Request.State.APPROVED)
    counted = {"agreed": agreed, "needed": request.needed}
    return {"request": request.pk, "state": request.state, **counted, "result": result, "site": request.site_code}


def _refuse(opened: Opened, request_id: int, note: str) -> Answer:
    request = pending(opened, request_id)
    _decide(opened, request, agreed=False, note=note)
    undo = _acts[request.kind].refused
    if undo:
        undo(opened, request)
    settle(opened, request, Request.State.REFUSED)
    return {"request": request.pk, "state": request.state, "site": request.site_code}


def _withdraw(opened: Opened, request_id: int) -> Answer:
    request = pending(opened, request_id, WITHDRAW)
    undo = _acts[request.kind].refused
    if undo:
        undo(opened, request)
    settle(opened, request, Request.State.WITHDRAWN)
    return {"request": request.pk, "state": request.state, "site": request.site_code}


def pending(opened: Opened, request_id: int, act: str = "") -> Request:
    """The request, locked, of which the person may do `act` (to decide on it) now."""
    request = Request.objects.visible_to(opened.actor).select_for_update().filter(pk=request_id).first()
    if request is None:
        raise RequestNotFound()
    settled = request.state != Request.State.PENDING
    hands = hands_of(request.requester_id, request.about_id, [] if settled else words_on(request))
    allow(opened.actor, act or decide_act(request.kind), sites=sites_of(request.site_code), hands=hands)
    if settled:
        raise AlreadySettled(state=request.state)
    return request


# Who has decided, and who has lent them the right, or None.
Words = Collection[tuple[int, int | None]]


def hands_of(requester_id: int, about_id: int | None, words: Words) -> Hands:
    """Who has a hand in a request."""
    deciders, lenders = [actor for actor, _lender in words], [lender for _actor, lender in words]
    return {Tie.ASKED: [requester_id], Tie.ABOUT: [about_id], Tie.DECIDED: deciders, Tie.STOOD_FOR: lenders}


def sites_of(site_code: str) -> list[str] | None:
    """Where a request is about; one about the whole reserve is about nowhere in particular."""
    return [site_code] if site_code else None


def words_on(request: Request) -> Words:
    """Who has decided on it, and for whom."""
    return list(Decision.objects.filter(request=request).values_list("actor_id", "delegation__lender_id"))


def same_person(person_id: int, words: Words, *, at: Iterable[datetime]) -> SamePerson | None:
    """A refusal for who lent to, or borrowed from, one of those who spoke, at one of these moments; one query."""
    name = delegations.partner_of(person_id, (person for word in words for person in word), at=at)
    return SamePerson(name=name) if name else None


def _decide(opened: Opened, request: Request, *, agreed: bool, note: str) -> None:
    """Write the actor's word, under the loan that allows it where their own role does not."""
    words = words_on(request)
    if refusal := same_person(opened.actor.pk, words, at=[opened.now]):
        raise refusal
    hands = hands_of(request.requester_id, request.about_id, words)
    Decision.objects.create(
        request=request,
        actor_id=opened.actor.pk,
        agreed=agreed,
        note=note,
        delegation=delegations.under(opened, decide_act(request.kind), hands=hands),
        decided_at=opened.now,
        command_id=opened.command_id,
    )


def settle(opened: Opened, request: Request, state: Request.State) -> None:
    """Nothing more is decided on it."""
    request.state = state
    request.settled_at = opened.now
    request.save(update_fields=["state", "settled_at"])

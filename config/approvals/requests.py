"""Asking for an act that takes two people, and deciding on it.

An app registers each such act once: who may decide, how many must agree, and what then happens. The act itself runs in
the command of the last decision, so a refusal of the act leaves the request waiting and nothing half done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import require, require_at
from config.approvals.models import Decision, Request
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused


@dataclass(frozen=True)
class TwoPersonAct:
    """`apply(opened, request)` does it; `decide_act` is the matrix act that a decider needs."""

    kind: str
    label: str
    decide_act: str
    apply: Callable[[Opened, Request], Answer]
    refused: Callable[[Opened, Request], None] | None = None


class RequestNotFound(Refused):
    code = "not_found"
    status = 404
    template = _("There is no such request.")


class OwnRequest(Refused):
    code = "own_request"
    status = 403
    template = _("You asked for this yourself. Another person has to decide on it.")


class AboutYourself(Refused):
    code = "about_yourself"
    status = 403
    template = _("This is about yourself. Another person has to decide on it.")


class AlreadySettled(Refused):
    code = "already_settled"
    template = _("This request is already {state}. Nothing more can be decided on it.")


class AlreadyDecided(Refused):
    code = "already_decided"
    template = _("You have already decided on this request. It needs another person.")


class NotYours(Refused):
    code = "not_yours"
    status = 403
    template = _("Only the person who asked can withdraw a request.")


_acts: dict[str, TwoPersonAct] = {}


def register(act: TwoPersonAct) -> None:
    """Make an act known; called once per kind when the apps load."""
    _acts[act.kind] = act


def label(kind: str) -> str:
    return _acts[kind].label if kind in _acts else kind


def kinds_known() -> tuple[str, ...]:
    """Every kind of request that an app registered."""
    return tuple(_acts)


def decide_act(kind: str) -> str:
    """The matrix act that deciding on this kind of request needs."""
    return _acts[kind].decide_act


def ask(
    opened: Opened,
    *,
    kind: str,
    subject: str,
    site_code: str,
    summary: str,
    body: dict[str, Any],
    reason: str,
    needed: int = 1,
    about: int | None = None,
) -> Request:
    """Write a pending request inside the caller's command. The caller has checked that the act can be done.

    `about` is the id of the person whom it would give something to; the database refuses it of who asks and who agrees.
    """
    if kind not in _acts:
        raise KeyError(kind)
    return Request.objects.create(
        kind=kind,
        subject=subject,
        site_code=site_code,
        summary=summary,
        body=body,
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
    """Take back one's own pending request."""
    return run(by, kind="approvals.withdraw", request={"request": request_id}, act=lambda o: _withdraw(o, request_id))


def _approve(opened: Opened, request_id: int, note: str) -> Answer:
    request = _pending(opened, request_id)
    _decide(opened, request, agreed=True, note=note)
    agreed = Decision.objects.filter(request=request, agreed=True).count()
    result: Answer = {}
    if agreed >= request.needed:
        result = _acts[request.kind].apply(opened, request)
        _settle(opened, request, Request.State.APPROVED)
    counted = {"agreed": agreed, "needed": request.needed}
    return {"request": request.pk, "state": request.state, **counted, "result": result, "site": request.site_code}


def _refuse(opened: Opened, request_id: int, note: str) -> Answer:
    request = _pending(opened, request_id)
    _decide(opened, request, agreed=False, note=note)
    undo = _acts[request.kind].refused
    if undo:
        undo(opened, request)
    _settle(opened, request, Request.State.REFUSED)
    return {"request": request.pk, "state": request.state, "site": request.site_code}


def _withdraw(opened: Opened, request_id: int) -> Answer:
    request = _locked(opened, request_id)
    if request.requester_id != opened.actor.pk:
        raise NotYours()
    if request.state != Request.State.PENDING:
        raise AlreadySettled(state=request.state)
    undo = _acts[request.kind].refused
    if undo:
        undo(opened, request)
    _settle(opened, request, Request.State.WITHDRAWN)
    return {"request": request.pk, "state": request.state, "site": request.site_code}


def _locked(opened: Opened, request_id: int) -> Request:
    request = Request.objects.visible_to(opened.actor).select_for_update().filter(pk=request_id).first()
    if request is None:
        raise RequestNotFound()
    return request


def _pending(opened: Opened, request_id: int) -> Request:
    request = _locked(opened, request_id)
    if request.site_code:
        require_at(opened.actor, _acts[request.kind].decide_act, request.site_code)
    else:
        require(opened.actor, _acts[request.kind].decide_act)
    if request.requester_id == opened.actor.pk:
        raise OwnRequest()
    if request.about_id == opened.actor.pk:
        raise AboutYourself()
    if request.state != Request.State.PENDING:
        raise AlreadySettled(state=request.state)
    if Decision.objects.filter(request=request, actor_id=opened.actor.pk).exists():
        raise AlreadyDecided()
    return request


def _decide(opened: Opened, request: Request, *, agreed: bool, note: str) -> None:
    Decision.objects.create(
        request=request,
        actor_id=opened.actor.pk,
        agreed=agreed,
        note=note,
        decided_at=opened.now,
        command_id=opened.command_id,
    )


def _settle(opened: Opened, request: Request, state: Request.State) -> None:
    request.state = state
    request.settled_at = opened.now
    request.save(update_fields=["state", "settled_at"])

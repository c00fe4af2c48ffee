"""Break-glass: one person carries a request out in an emergency, without those who should agree, and is reviewed for it.

Which acts, and by whom, stands in the role table (`Act.emergency`). Nothing else gives way: the act itself runs as ever, so
what the ledger or the database refuses stays refused. A second person says within 72 hours whether it was justified.
"""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.accounts.matrix import ACTS, why_not
from config.accounts.models import User
from config.accounts.ties import Tie
from config.approvals import requests
from config.approvals.models import REVIEW_WITHIN, SHORTEST_REASON, BreakGlass, Request
from config.approvals.requests import RequestNotFound
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused


class NoBreakGlass(Refused):
    code = "no_break_glass"
    template = gettext_lazy("This can wait for those who decide on it: there is no break-glass for it.")


class SayMore(Refused):
    code = "say_more"
    status = 422
    template = gettext_lazy(
        "Say in a sentence what happens if it waits, in {least} characters or more: a second person reviews it."
    )
    field = "reason"


class ReviewOverdue(Refused):
    code = "review_overdue"
    template = gettext_lazy(
        "What you did under break-glass on request {request} has not been reviewed in time. Ask a manager or an auditor who took "
        "no part to review it; until then somebody else has to break the glass."
    )


class GlassNotFound(Refused):
    code = "not_found"
    status = 404
    template = gettext_lazy("There is no such break-glass.")


class AlreadyReviewed(Refused):
    code = "already_reviewed"
    template = gettext_lazy("This has been reviewed already, and a review stands.")


def carry_out(*, by: By, request_id: int, reason: str) -> Answer:
    """Do what a pending request asks for, now and alone; the review is due in 72 hours. Answers {"glass", "request", "result"}.

    Refuses RequestNotFound, NoBreakGlass, NotAllowed, ReviewOverdue, SayMore, AlreadySettled, and whatever the act itself
    refuses.
    """
    body = {"request": request_id, "reason": reason}
    return run(by, kind="approvals.break_glass", request=body, act=lambda o: _carry_out(o, request_id, reason))


def review(*, by: By, glass_id: int, justified: bool, remarks: str) -> Answer:
    """Say whether it was justified, once and for good; by nobody who took part, or lent to or borrowed from who did.

    Answers {"glass", "justified"}. Refuses GlassNotFound, TookPart, SamePerson, AlreadyReviewed, BadText without remarks,
    NotAllowed.
    """

    def act(opened: Opened) -> Answer:
        row = BreakGlass.objects.visible_to(opened.actor).select_for_update(of=("self",)).filter(pk=glass_id).first()
        if row is None:
            raise GlassNotFound()
        if refusal := why_not_review(opened.actor, row, now=opened.now):
            raise refusal
        if row.reviewed_at:
            raise AlreadyReviewed()
        words = edge.text(remarks, what=_("Remarks"), longest=1000, required=True, lines=True, field="remarks")
        row.reviewer_id, row.justified, row.remarks, row.reviewed_at = opened.actor.pk, justified, words, opened.now
        row.save(update_fields=["reviewer", "justified", "remarks", "reviewed_at"])
        return {"glass": row.pk, "justified": justified, "site": row.request.site_code}

    body = {"glass": glass_id, "justified": justified, "remarks": remarks}
    return run(by, kind="approvals.review_break_glass", request=body, act=act)


def emergency_act(kind: str) -> str:
    """The act of the table that breaking the glass on this kind of request needs, or ""."""
    return ACTS[requests.decide_act(kind)].emergency if kind in requests.kinds_known() else ""


def why_not_review(user: User, row: BreakGlass, *, now: datetime) -> Refused | None:
    """Why the person may not review it: their role; or they took part, or are one with who did, now or when it was done.

    Two queries.
    """
    request, words = row.request, requests.words_on(row.request)
    hands = {**requests.hands_of(request.requester_id, request.about_id, words), Tie.BROKE_GLASS: [row.actor_id]}
    chain = [(row.actor_id, request.requester_id), *words]
    refusal = why_not(user, "glass.review", hands=hands)
    return refusal or requests.same_person(user.pk, chain, at=[now, row.acted_at])


def overdue(person_id: int, *, now: datetime) -> ReviewOverdue | None:
    """A refusal for who broke the glass before and whose review is overdue; one query."""
    rows = BreakGlass.objects.filter(actor=person_id, reviewed_at__isnull=True, due_at__lt=now).order_by("due_at")
    numbers = list(rows.values_list("request_id", flat=True)[:1])
    return ReviewOverdue(request=numbers[0]) if numbers else None


def _carry_out(opened: Opened, request_id: int, reason: str) -> Answer:
    kind = Request.objects.visible_to(opened.actor).filter(pk=request_id).values_list("kind", flat=True).first()
    if kind is None:
        raise RequestNotFound()
    if not emergency_act(kind):
        raise NoBreakGlass()
    request = requests.pending(opened, request_id, emergency_act(kind))
    if refusal := overdue(opened.actor.pk, now=opened.now):
        raise refusal
    words = edge.text(reason, what=_("Reason"), longest=1000, required=True, lines=True, field="reason")
    if len(words) < SHORTEST_REASON:
        raise SayMore(least=SHORTEST_REASON)
    row = BreakGlass.objects.create(
        request=request,
        actor_id=opened.actor.pk,
        reason=words,
        acted_at=opened.now,
        due_at=opened.now + REVIEW_WITHIN,
        command_id=opened.command_id,
    )
    request.state = Request.State.EMERGENCY
    result = requests.act_of(kind).apply(opened, request)
    requests.settle(opened, request, Request.State.EMERGENCY)
    return {"glass": row.pk, "request": request.pk, "state": request.state, "result": result, "site": request.site_code}

"""Pages of what was done under break-glass: breaking it on a request, the list, and the review."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from config.accounts import matrix
from config.approvals import glass, reads, reviews, views
from config.approvals.forms import BreakGlassForm, DecisionForm, ReviewForm
from config.approvals.tables import BREAK_GLASS, GlassLine, review
from config.audit.commands import Answer, By
from config.ui import htmx, lists
from config.ui.pages import open_or_send, signed_in
from config.ui.panels import Panel

SHOWN = 5


@require_POST
def break_glass(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry a request out in an emergency, without those who should agree."""
    matrix.require(request.user, "requests.see")
    user, form = signed_in(request), BreakGlassForm(request.POST)
    answer = form.attempt(
        lambda by: glass.carry_out(by=by, request_id=pk, reason=form.cleaned_data["reason"]),
        user=user,
        now=timezone.now(),
    )
    if answer is None:
        row = reads.one(user=user, request_id=pk)
        return views.shown(request, row, DecisionForm(), emergency=form, status=422)
    messages.success(request, _("Done under break-glass. Somebody who took no part reviews it within 72 hours."))
    return htmx.see_other(request, reverse("request", args=[pk]))


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What was done under break-glass, what is to be reviewed soonest first."""
    return lists.answer(request, BREAK_GLASS, "approvals/glass.html", {}, now=timezone.now())


@open_or_send
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One emergency, and its review."""
    matrix.require(request.user, "glass.see")
    user, now = signed_in(request), timezone.now()
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        answer = form.attempt(partial(_review, form, pk), user=user, now=now)
        if answer is not None:
            messages.success(request, _("Your review stands."))
            return htmx.see_other(request, reverse("break-glass-one", args=[pk]))
    row = reviews.one(user=user, glass_id=pk)
    context: dict[str, Any] = {
        "row": row,
        "review": review(GlassLine(row, row.state(now))),
        "form": form,
        "why_not": reviews.why_not_review(user, row, now=now),
        "told": matrix.permits(user, "requests.reserve"),
    }
    status = 422 if request.method == "POST" else 200
    return htmx.render(request, "approvals/glass_one.html", "approvals/glass_review.html", context, status=status)


def _review(form: ReviewForm, pk: int, by: By) -> Answer:
    given = form.cleaned_data
    return glass.review(by=by, glass_id=pk, justified=given["verdict"] == "justified", remarks=given["remarks"])


def to_review(request: HttpRequest, subject: Any) -> Panel | None:
    """For the desks: what waits for a review, overdue first; nothing where nothing does."""
    user, now = signed_in(request), timezone.now()
    rows = reviews.waiting(user=user, now=now, most=SHOWN)
    if not rows:
        return None
    context = {"rows": [(row, review(GlassLine(row, row.state(now)))) for row in rows], "more": rows.of - len(rows)}
    title = gettext_lazy("Done under break-glass, to be reviewed")
    return Panel(title, "approvals/glass_panel.html", context, note=gettext_lazy("within 72 hours, by a second person"))

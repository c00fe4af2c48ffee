"""Requests that take another person: the list, and one with what can be decided on it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from config.accounts import matrix
from config.accounts.ties import Tied
from config.approvals import glass, reads, requests, reviews
from config.approvals.forms import BreakGlassForm, DecisionForm
from config.approvals.models import Request
from config.approvals.reads import RequestRow
from config.approvals.tables import REQUESTS
from config.audit.commands import Answer, By
from config.ui import htmx, lists, panels
from config.ui.pages import open_or_send, signed_in

TABS = [
    ("", _("Waiting")),
    ("approved", _("Approved")),
    ("refused", _("Refused")),
    ("withdrawn", _("Withdrawn")),
    ("emergency", _("Break-glass")),
    ("all", _("All")),
]


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Requests that the person may see, the latest first; those that wait come first of all."""
    context = {"tabs": TABS, "state": request.GET.get("state", "")}
    return lists.answer(request, REQUESTS, "approvals/requests.html", context, now=timezone.now())


@open_or_send
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One request; who may, agrees or refuses here, and who asked may take it back."""
    matrix.require(request.user, "requests.see")
    user = signed_in(request)
    row = reads.one(user=user, request_id=pk)
    if request.method != "POST":
        return shown(request, row, DecisionForm())
    form = DecisionForm(request.POST)
    answer = form.attempt(partial(_decide, form, pk), user=user, now=timezone.now())
    if answer is None:
        return shown(request, reads.one(user=user, request_id=pk), form, status=422)
    messages.success(request, _said(answer))
    return htmx.see_other(request, reverse("request", args=[pk]))


def _decide(form: DecisionForm, pk: int, by: By) -> Answer:
    note = form.cleaned_data["note"]
    doors: dict[str, Callable[[], Answer]] = {
        "approve": lambda: requests.approve(by=by, request_id=pk, note=note),
        "refuse": lambda: requests.refuse(by=by, request_id=pk, note=note),
        "withdraw": lambda: requests.withdraw(by=by, request_id=pk),
    }
    return doors[form.cleaned_data["decision"]]()


def _said(answer: Answer) -> str:
    match answer["state"]:
        case Request.State.APPROVED:
            return gettext("You agreed, and it was done.")
        case Request.State.PENDING:
            return gettext("You agreed. {agreed} of {needed} people have; it waits for the others.").format(
                agreed=answer["agreed"], needed=answer["needed"]
            )
        case Request.State.REFUSED:
            return gettext("You refused it. Nothing was done.")
    return gettext("You took it back. Nothing was done.")


def shown(
    request: HttpRequest,
    row: RequestRow,
    form: DecisionForm,
    *,
    emergency: BreakGlassForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a request, with what the reader may do with it; `emergency` is a break-glass form that was refused."""
    user, now = signed_in(request), timezone.now()
    may_decide, why_not = reads.may_decide(user, row), reads.why_not_decide(user, row)
    if may_decide:
        why_not = requests.same_person(user.pk, reads.words_of(row), at=[now])
    may_break = reviews.may_break(user, row)
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "why_not": why_not,
        "tied": isinstance(why_not, Tied | requests.SamePerson),
        "may_decide": may_decide and why_not is None,
        "loan": reads.loan_for(user, row),
        "may_withdraw": reads.may_withdraw(user, row),
        "may_break_glass": may_break,
        "overdue": glass.overdue(user.pk, now=now) if may_break else None,
        "emergency": emergency or BreakGlassForm(),
        "glass": reviews.of_request(user=user, request_id=row.id) if row.state == Request.State.EMERGENCY else None,
        "panels": panels.of("request", request, row),
    }
    return htmx.render(request, "approvals/request.html", "approvals/decision.html", context, status=status)

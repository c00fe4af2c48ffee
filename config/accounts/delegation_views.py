"""Delegations: what I lend, what is lent to me, all that I may see; lending, and ending."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from config.accounts import delegations, loans, matrix
from config.accounts.delegation_forms import LendForm
from config.accounts.tables import DELEGATIONS
from config.audit.forms import KeyedForm
from config.ui import htmx, lists
from config.ui.pages import open_or_send, signed_in
from config.ui.panels import Panel

PAGE, FRAGMENT = "accounts/delegation_form_page.html", "accounts/person_form.html"


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What one lends and borrows now or soon, and every delegation that one may see, over or not."""
    matrix.require(request.user, "delegations.see")
    user, now = signed_in(request), timezone.now()
    mine = loans.of_person(user=user, person=user.username, today=now.date())
    rows = [(row, row.state(now.date())) for row in mine]
    context = {
        "lent": [line for line in rows if line[0].mine == "lent"],
        "borrowed": [line for line in rows if line[0].mine == "borrowed"],
        "may_lend": matrix.permits(user, "delegations.lend"),
        "end": KeyedForm,
    }
    return lists.answer(request, DELEGATIONS, "accounts/delegations.html", context, now=now)


@open_or_send
def lend(request: HttpRequest) -> HttpResponse:
    """Lend one's approvals to another person for some days."""
    matrix.require(request.user, "delegations.lend")
    user, now = signed_in(request), timezone.now()
    form = LendForm(request.POST if request.method == "POST" else None, lender=user, today=now.date())
    context: dict[str, Any] = {"form": form, "action": request.path, "back": resolve_url("delegations")}
    context["button"] = _("Lend")
    if request.method != "POST":
        return htmx.render(request, PAGE, FRAGMENT, context)
    if form.attempt(lambda by: delegations.lend(by=by, **form.given()), user=user, now=now) is None:
        return htmx.render(request, PAGE, FRAGMENT, context, status=422)
    messages.success(request, _("Lent. They find it on their desk; you can take it back at any time."))
    return htmx.see_other(request, resolve_url("delegations"))


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a loan back, or give it back."""
    matrix.require(request.user, "delegations.see")
    form = KeyedForm(request.POST)
    answer = form.attempt(
        lambda by: delegations.end(by=by, delegation_id=pk), user=signed_in(request), now=timezone.now()
    )
    if answer is None:
        messages.error(request, " ".join(map(str, form.non_field_errors())) or _("Nothing was ended. Try again."))
    else:
        messages.success(request, _("It has ended, and counts for nothing from now on."))
    return htmx.see_other(request, resolve_url("delegations"))


def lent_to_me(request: HttpRequest, subject: Any) -> Panel | None:
    """For the desks: what is lent to the reader today; no query, it came with the person."""
    running = signed_in(request).loans
    rows = [(loan, sorted(str(loans.ACT_NAMES[act]) for act in loan.acts)) for loan in running if loan.acts]
    return Panel(gettext_lazy("Lent to you"), "accounts/lent_to_me.html", {"rows": rows}) if rows else None

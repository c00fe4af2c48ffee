"""What one act on a lot needs of a page: its form, its door, and what is said when it is done. The rest is the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from config.accounts import matrix
from config.accounts.models import User
from config.audit.commands import Answer, By
from config.audit.refused import Refused
from config.ui import htmx
from config.ui.pages import signed_in
from inventory import lots
from inventory.forms.fields import LotForm
from inventory.lots import LotDetail


@dataclass(frozen=True)
class LotAct:
    """An act on a lot: `do` calls its door, `said` puts the answer into a sentence. `takes_two` asks another person.

    `warns` when the answer leaves something to do: then the sentence is no success.
    `anywhere`: it may be done wherever the lot lies, or lay. `blind`: what the books say is not shown beside the form.
    """

    name: str
    label: str | Promise
    icon: str
    act: str
    form: Callable[..., LotForm]
    do: Callable[[LotForm, By], Answer]
    said: Callable[[LotForm, Answer], str]
    button: str | Promise
    note: str | Promise = ""
    takes_two: bool = False
    needs_mass: bool = True
    anywhere: bool = False
    blind: bool = False
    warns: Callable[[Answer], bool] = lambda _answer: False

    def refusal(self, user: User, lot: LotDetail) -> Refused | None:
        """What the role table says of this person and this lot: where it lies, and who received it."""
        return matrix.why_not(user, self.act, sites=None if self.anywhere else lot.reach, hands=lot.hands)

    def barrier(self, user: User, lot: LotDetail) -> str:
        """Why the act is not offered and its form not worth opening now, or ""."""
        if lot.frozen_at:
            return _("Its records differ from the ledger. An auditor has to look at it first.")
        if self.needs_mass and not lot.net_mg:
            return _("Nothing of it is left where you may act.")
        refusal = self.refusal(user, lot)
        return refusal.message if refusal else ""


def page(request: HttpRequest, number: str, act: LotAct, **options: Any) -> HttpResponse:
    """The page of an act: open it, or do it. A refused form comes back with 422 and the lot as it is now."""
    matrix.require(request.user, act.act)
    user = signed_in(request)
    lot = lots.one(user=user, number=number)
    if request.method != "POST":
        return _render(request, act, act.form(lot=lot, user=user, **options), lot)
    form = act.form(request.POST, lot=lot, user=user, **options)
    answer = form.attempt(lambda by: act.do(form, by), user=user, now=timezone.now())
    if answer is None:
        return _render(request, act, form, lot, status=422)
    level = messages.WARNING if act.warns(answer) else messages.SUCCESS
    messages.add_message(request, level, act.said(form, answer))
    url = reverse("request", args=[answer["request"]]) if act.takes_two else reverse("lot", args=[lot.number])
    return htmx.see_other(request, url)


def _render(request: HttpRequest, act: LotAct, form: LotForm, lot: LotDetail, status: int = 200) -> HttpResponse:
    context = {
        "act": act,
        "form": form,
        "lot": lot,
        "action": request.get_full_path(),
        "barrier": act.barrier(signed_in(request), lot),
    }
    return htmx.render(request, "inventory/act.html", "inventory/act_form.html", context, status=status)

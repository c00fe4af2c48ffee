"""Targets: the list, a new one, and one with its history. What is asked here counts once a second manager agrees."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from config.accounts import matrix
from config.accounts.models import User
from config.approvals import reads
from config.ui import figures, htmx, lists
from config.ui.pages import open_or_send, signed_in
from reserve import shortfall, targets
from reserve.forms import ChangeTargetForm, TargetForm
from reserve.tables import TARGETS
from reserve.tables.targets import in_words


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every target, in force, proposed, or ended (with ?all=1)."""
    context = {"every": bool(request.GET.get("all")), "may_propose": matrix.permits(request.user, "targets.write")}
    return lists.answer(request, TARGETS, "reserve/targets.html", context, now=timezone.now())


@open_or_send
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a target. A second manager decides on the request that then waits."""
    matrix.require(request.user, "targets.write")
    user, now = signed_in(request), timezone.now()
    if request.method == "POST":
        form = TargetForm(request.POST, user=user)
        answer = form.attempt(lambda by: targets.propose(by=by, target=form.target()), user=user, now=now)
        if answer is not None:
            messages.success(request, _("Proposed. The target counts once another manager has approved it."))
            return htmx.see_other(request, reverse("target", args=[answer["target"]]))
        return htmx.render(request, "reserve/target_new.html", "reserve/parts/target_form.html", {"form": form}, 422)
    form = TargetForm(initial=_initial(request, now.date().isoformat()), user=user)
    return htmx.render(request, "reserve/target_new.html", "reserve/parts/target_form.html", {"form": form})


def _initial(request: HttpRequest, today: str) -> dict[str, Any]:
    """What a link may fill in."""
    given = {name: request.GET.get(name, "") for name in ("element", "form", "material", "site")}
    return {**given, "basis": "net" if given["material"] else "contained", "effective_from": today}


@open_or_send
def target(request: HttpRequest, pk: int) -> HttpResponse:
    """One target: how it stands, what was asked about it, and a form to ask for a change."""
    user, now = signed_in(request), timezone.now()
    matrix.require(user, "targets.write" if request.method == "POST" else "targets.see")
    found = targets.one(user=user, target_id=pk)
    if request.method != "POST":
        return _page(request, user, found, _change_form(found))
    form = ChangeTargetForm(request.POST)
    answer = form.attempt(lambda by: targets.change(by=by, target_id=pk, **form.changes()), user=user, now=now)
    if answer is None:
        form.show_again(version=found["version"])
        return _page(request, user, found, form, 422)
    messages.success(request, _("Asked for. The change counts once another manager has approved it."))
    return htmx.see_other(request, reverse("target", args=[pk]))


def _change_form(found: dict[str, Any]) -> ChangeTargetForm:
    unit = figures.metric_for(found["required_mg"])
    return ChangeTargetForm(initial={"version": found["version"], "unit": unit})


def _page(
    request: HttpRequest, user: User, found: dict[str, Any], form: ChangeTargetForm, status: int = 200
) -> HttpResponse:
    today = timezone.now().date()
    now = shortfall.rows(as_of=today, target_ids=[found["id"]])
    history = reads.listing(user=user, subject=f"target {found['id']}").rows
    row = in_words(found, today)
    context = {
        "target": row,
        "now": now[0] if now else None,
        "history": history,
        "pending": [asked for asked in history if asked.state == "pending"],
        "may_change": matrix.permits(user, "targets.write") and row["state"] != "ended",
        "form": form,
        "today": today,
    }
    return htmx.render(request, "reserve/target.html", "reserve/parts/target_change.html", context, status)

"""The list of lots, and one lot."""

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.accounts import matrix
from config.accounts.models import User
from config.accounts.ties import Tied
from config.ui import figures, htmx, lists, panels
from config.ui.pages import signed_in
from inventory import lots, rounds
from inventory.forms import AsOfForm
from inventory.tables import LOTS, MOVEMENTS, ROUNDS
from inventory.views import moves, quality
from inventory.views.acts import LotAct

FACTS = 40  # of a lot's history on one page
ACTS: tuple[LotAct, ...] = (
    quality.THAW,
    quality.CONDITION,
    moves.TRANSFER,
    moves.SAMPLE,
    moves.SPLIT,
    quality.COUNT,
    quality.ASSAY,
    quality.RETEST,
    moves.ISSUE,
    moves.ADJUST,
    moves.REVERSE,
)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The lots that the person may see. A number that is scanned or typed whole opens its lot."""
    matrix.require(request.user, "lots.see")
    user, number = signed_in(request), request.GET.get("search", "")
    if number and not htmx.is_swap(request) and (number := lots.called(user=user, number=number[:120]) or ""):
        return redirect("lot", number)
    context = {"may_receive": matrix.permits(user, "lots.receive")}
    return lists.answer(request, LOTS, "inventory/lots.html", context, now=timezone.now())


@require_safe
def movements(request: HttpRequest) -> HttpResponse:
    """Every movement from or to the person's sites, the latest first."""
    return lists.answer(request, MOVEMENTS, "inventory/movements.html", {}, now=timezone.now())


@require_safe
def rounds_due(request: HttpRequest) -> HttpResponse:
    """Where lots in stores are to be counted, the soonest due first; and where a count differs from the books."""
    return lists.answer(request, ROUNDS, "inventory/rounds.html", {}, now=timezone.now())


@require_safe
def lot(request: HttpRequest, number: str) -> HttpResponse:
    """One lot: facts, where it lies, what it contains, its history, and what the person may do here.

    With ?as_of= or ?as_known_on= the lot as it then was; with ?cursor= an earlier page of its history.
    """
    matrix.require(request.user, "lots.see")
    user = signed_in(request)
    if request.GET.get("as_of") or request.GET.get("as_known_on"):
        return _then(request, user, number)
    found = lots.one(user=user, number=number)
    refusals = [act.refusal(user, found) for act in ACTS]
    timeline = lots.timeline(user=user, number=found.number, shown=FACTS, cursor=request.GET.get("cursor", ""))
    context = {
        "lot": found,
        "acts": [act for act in ACTS if not act.barrier(user, found)],
        "tied": [refusal.message for refusal in refusals if isinstance(refusal, Tied)],
        "rounds": rounds.of_lot(user=user, number=found.number, now=timezone.now()),
        "may_adjust": not moves.ADJUST.barrier(user, found),
        "first": moves.TRANSFER if found.accepted else quality.CONDITION,
        "overdue": bool(found.eligible_until and found.eligible_until < timezone.now().date()),
        "timeline": timeline,
        "facts": list(reversed(timeline.facts)),
        "chain": lots.chain_status(found.id),
        "panels": panels.of("lot", request, found),
    }
    return render(request, "inventory/lot.html", context)


def _then(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """The lot as it was; of a moment that cannot be read, the form says what is wrong."""
    form = AsOfForm(request.GET, now=timezone.now())
    if not form.is_valid():
        known = lots.one(user=user, number=number)
        return render(request, "inventory/lot_then.html", {"number": known.number, "form": form}, status=422)
    found = lots.then(user=user, number=number, **form.cleaned_data)
    moments = {"at": _written(form.cleaned_data["as_of"]), "known": _written(form.cleaned_data["as_known_on"])}
    context = {"number": found.number, "form": form, "lot": found, **moments}
    return render(request, "inventory/lot_then.html", context)


def _written(value: date | None) -> str:
    """A day or a moment as a page writes it."""
    if value is None:
        return ""
    return figures.moment(value) if isinstance(value, datetime) else figures.day(value)

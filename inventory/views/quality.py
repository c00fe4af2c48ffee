"""What is found about a lot: condition, assay, retest, count; and letting go a frozen one that holds together again."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.accounts import matrix
from config.accounts.models import User
from config.audit.commands import Answer, By
from config.ui import figures
from config.ui.pages import open_or_send, signed_in
from inventory import ledger, rounds, verification
from inventory.forms import AssayForm, ConditionForm, CountForm, RetestForm, ThawForm
from inventory.lots import LotDetail
from inventory.models import ACCEPTED, Place
from inventory.views import acts, moves
from inventory.views.acts import LotAct


def _condition(form: Any, by: By) -> Answer:
    given = form.cleaned_data
    return ledger.set_condition(
        by=by,
        lot=form.lot.number,
        condition=given["condition"],
        reason=given["reason"],
        seen_seq=given["seen_seq"],
    )


def _judged(form: Any, answer: Answer) -> str:
    """The condition, and whether the lot counts now: accepted, and in a store."""
    in_store = {at.place == Place.STORE for at in form.lot.where}
    if answer["condition"] not in ACCEPTED:
        counts = _("It does not count.")
    elif in_store == {True}:
        counts = _("It counts now.")
    elif True in in_store:
        counts = _("What lies in a store counts now, the rest once it lies there too.")
    else:
        counts = _("It counts once it lies in a store.")
    said = _("Lot {lot} is now in condition {condition}.")
    return f"{said.format(lot=answer['lot'], condition=answer['condition'])} {counts}"


def _assay(form: Any, by: By) -> Answer:
    given = form.cleaned_data
    moisture = given.get("moisture_pct")
    return ledger.record_assay(
        by=by,
        lot=form.lot.number,
        assay=form.assay(moisture=moisture.scaleb(-2) if moisture is not None else None),
        seen_seq=given["seen_seq"],
    )


def _retest(form: Any, by: By) -> Answer:
    return ledger.retest(by=by, lot=form.lot.number, seen_seq=form.cleaned_data["seen_seq"], **form.found())


def _count(form: Any, by: By) -> Answer:
    given = form.cleaned_data
    names = ("location", "net", "seals", "remarks", "occurred_at", "seen_seq")
    return ledger.count(by=by, lot=form.lot.number, **{name: given[name] for name in names})


def _counted(form: Any, answer: Answer) -> str:
    difference_mg = answer["variance_mg"]
    if not difference_mg:
        words = _("Counted {mass} of lot {lot} at {place}, as the books say.")
    elif difference_mg > 0:
        words = _("Counted {mass} of lot {lot} at {place}. The books say {book}: there is {difference} more.")
    else:
        words = _("Counted {mass} of lot {lot} at {place}. The books say {book}: {difference} are missing.")
    said = words.format(
        lot=answer["lot"],
        place=answer["location"],
        mass=figures.mass(answer["counted_mg"]),
        book=figures.mass(answer["book_mg"]),
        difference=figures.mass(abs(difference_mg)),
    )
    return format_html("{} {}", said, _to_settle(form, answer["location"])) if difference_mg else said


def _to_settle(form: Any, place: str) -> SafeString:
    """What to do about a count that differs: ask for an adjustment, where that may be done now, or count again."""

    def link(act: LotAct, query: str, words: str) -> SafeString:
        return format_html('<a href="{}?{}">{}</a>', reverse(act.name, args=[form.lot.number]), query, words)

    again = urlencode({"at": place})
    if moves.ADJUST.barrier(form.user, form.lot):
        return format_html("{}.", link(COUNT, again, _("Count again")))
    adjustment = link(moves.ADJUST, urlencode({"counted": place}), _("Ask for an adjustment"))
    return format_html(
        _("{adjustment}, or {again}."), adjustment=adjustment, again=link(COUNT, again, _("count again"))
    )


def _thaw(form: Any, by: By) -> Answer:
    return verification.thaw(by=by, lot=form.lot.number, reason=form.cleaned_data["reason"])


class CountAct(LotAct):
    """What is there can be counted whatever the records say, so a frozen lot too."""

    def barrier(self, user: User, lot: LotDetail) -> str:
        return super().barrier(user, replace(lot, frozen_at=None))


class ThawAct(LotAct):
    """Only a frozen lot can be let go, wherever it lies and however little is left of it."""

    def barrier(self, user: User, lot: LotDetail) -> str:
        if not lot.frozen_at:
            return _("It is not frozen.")
        refusal = self.refusal(user, lot)
        return refusal.message if refusal else ""


CONDITION = LotAct(
    name="lot-condition",
    label=gettext_lazy("Set condition"),
    icon="check",
    act="lots.accept",
    form=ConditionForm,
    do=_condition,
    said=_judged,
    button=gettext_lazy("Set condition"),
    note=gettext_lazy("A, B and C accept the lot: only then it counts. J holds it, H condemns it."),
)
ASSAY = LotAct(
    name="lot-assay",
    label=gettext_lazy("Record an assay"),
    icon="sample",
    act="lots.assay",
    form=AssayForm,
    do=_assay,
    said=lambda form, answer: _("The assay of lot {lot} is in force. Contained masses follow it.").format(
        lot=answer["lot"]
    ),
    button=gettext_lazy("Bring into force"),
    note=gettext_lazy("Percent of dry mass. The earlier assays stay on record."),
)
RETEST = LotAct(
    name="lot-retest",
    label=gettext_lazy("Record a retest"),
    icon="calendar",
    act="lots.retest",
    form=RetestForm,
    do=_retest,
    said=lambda form, answer: _(
        "Recorded the retest of lot {lot}. Next test due: {due}. Condition {condition}."
    ).format(
        lot=answer["lot"],
        due=figures.day(date.fromisoformat(answer["next_due_on"])) if answer["next_due_on"] else _("no day"),
        condition=answer["condition"],
    ),
    button=gettext_lazy("Record"),
    note=gettext_lazy("Passed, the due date moves on and the old one is kept. Failed, the lot goes to J."),
)
COUNT = CountAct(
    name="lot-count",
    label=gettext_lazy("Count"),
    icon="check",
    act="lots.count",
    form=CountForm,
    do=_count,
    said=_counted,
    warns=lambda answer: bool(answer["variance_mg"]),
    button=gettext_lazy("Record the count"),
    note=gettext_lazy(
        "All of the lot at one place. Nothing in the books changes: a difference is shown, for somebody to settle."
    ),
    blind=True,
)

THAW = ThawAct(
    name="lot-thaw",
    label=gettext_lazy("Let it go"),
    icon="check",
    act="lots.thaw",
    form=ThawForm,
    do=_thaw,
    said=lambda form, answer: _("Lot {lot} holds together and can be worked with again.").format(lot=answer["lot"]),
    button=gettext_lazy("Verify and let it go"),
    note=gettext_lazy(
        "The lot was frozen because its records differed. It is verified first; while anything differs it stays frozen."
    ),
    anywhere=True,
)


@open_or_send
def condition(request: HttpRequest, number: str) -> HttpResponse:
    """`?condition=` picks what the desk's button stood for; what the form does not offer picks nothing."""
    return acts.page(request, number, CONDITION, initial={"condition": request.GET.get("condition", "")})


@open_or_send
def assay(request: HttpRequest, number: str) -> HttpResponse:
    return acts.page(request, number, ASSAY)


@open_or_send
def retest(request: HttpRequest, number: str) -> HttpResponse:
    return acts.page(request, number, RETEST)


@open_or_send
def count(request: HttpRequest, number: str) -> HttpResponse:
    """`?at=` picks the place that the list of rounds led from; a place that a lot left with a variance is counted too."""
    matrix.require(request.user, COUNT.act)
    places = rounds.of_lot(user=signed_in(request), number=number, now=timezone.now())
    act = replace(COUNT, needs_mass=not places, anywhere=bool(places))
    return acts.page(request, number, act, places=places, initial={"location": request.GET.get("at", "")})


@open_or_send
def thaw(request: HttpRequest, number: str) -> HttpResponse:
    return acts.page(request, number, THAW)

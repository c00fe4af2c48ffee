"""Moving mass of a lot: transfer, sample, split; asking for an issue, an adjustment or a reversal."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts import matrix
from config.accounts.models import User
from config.audit import edge
from config.audit.commands import Answer, By
from config.ui import figures
from config.ui.pages import open_or_send, signed_in
from inventory import ledger, movements, rounds, units
from inventory.forms import AdjustForm, IssueForm, ReverseForm, SampleForm, SplitForm, TransferForm
from inventory.lots import LotDetail
from inventory.models import Place
from inventory.views import acts
from inventory.views.acts import LotAct


def _from_place(form: Any) -> dict[str, Any]:
    """What a mass that leaves a place goes with: its lot as the person saw it, the place, how much and why."""
    given = form.cleaned_data
    return {"lot": form.lot.number, **{name: given[name] for name in ("origin", "net", "reason", "seen_seq")}}


def _transfer(form: Any, by: By) -> Answer:
    given = form.cleaned_data
    return ledger.transfer(
        by=by, destination=given["destination"], occurred_at=given["occurred_at"], **_from_place(form)
    )


def _sample(form: Any, by: By) -> Answer:
    return ledger.sample(by=by, occurred_at=form.cleaned_data["occurred_at"], **_from_place(form))


def _split(form: Any, by: By) -> Answer:
    given = form.cleaned_data
    return ledger.split(
        by=by,
        lot=form.lot.number,
        location=given["location"],
        parts=given["parts"],
        numbers=given["numbers"],
        reason=given["reason"],
        seen_seq=given["seen_seq"],
    )


def _adjust(form: Any, by: By) -> Answer:
    given = form.cleaned_data
    return ledger.ask_adjust(
        by=by,
        lot=form.lot.number,
        location=given["location"],
        net=given["net"],
        gain=given["gain"] == "gain",
        reason=given["reason"],
        occurred_at=given["occurred_at"],
        seen_seq=given["seen_seq"],
    )


def _reverse(form: Any, by: By) -> Answer:
    return ledger.ask_reverse(by=by, movement_id=form.cleaned_data["movement"], reason=form.cleaned_data["reason"])


def _issue(form: Any, by: By) -> Answer:
    return ledger.ask_issue(by=by, **_from_place(form))


def entered(net: units.Entered) -> str:
    """The mass as it was typed, and in kg where it was typed in another unit."""
    typed, kg = f"{figures.plain(edge.plain(net.quantity))} {gettext(net.unit)}", figures.mass(net.mg)
    return kg if net.unit == "kg" else f"{typed} ({kg})"


TRANSFER = LotAct(
    name="lot-transfer",
    label=_("Transfer"),
    icon="transfer",
    act="lots.transfer",
    form=TransferForm,
    do=_transfer,
    said=lambda form, answer: gettext("Moved {mass} of lot {lot} to {destination}.").format(
        mass=entered(form.cleaned_data["net"]), lot=answer["lot"], destination=form.cleaned_data["destination"]
    ),
    button=_("Transfer"),
    note=_("Mass moves between two places of your sites, or onto a lane to another site."),
)
SAMPLE = LotAct(
    name="lot-sample",
    label=_("Sample"),
    icon="sample",
    act="lots.sample",
    form=SampleForm,
    do=_sample,
    said=lambda form, answer: gettext("Sampled {mass} of lot {lot}.").format(
        mass=entered(form.cleaned_data["net"]), lot=answer["lot"]
    ),
    button=_("Take the sample"),
    note=_("The sample leaves the lot and counts no longer."),
)
SPLIT = LotAct(
    name="lot-split",
    label=_("Split"),
    icon="split",
    act="lots.split",
    form=SplitForm,
    do=_split,
    said=lambda form, answer: gettext("Split off lot {lot}: {names}.").format(
        lot=answer["lot"], names=", ".join(answer["children"])
    ),
    button=_("Split off"),
    note=_("Each part becomes a lot of its own with the same condition, assay and dates."),
)
ADJUST = LotAct(
    name="lot-adjust",
    label=_("Ask for an adjustment"),
    icon="adjust",
    act="adjust.ask",
    form=AdjustForm,
    do=_adjust,
    said=lambda form, answer: (
        gettext("Asked to add {mass}. A manager has to agree before anything changes.")
        if form.cleaned_data["gain"] == "gain"
        else gettext("Asked to take out {mass}. A manager has to agree before anything changes.")
    ).format(mass=entered(form.cleaned_data["net"])),
    button=_("Ask"),
    note=_("The book mass is corrected when a manager, another person than you, agrees."),
    takes_two=True,
)


class IssueAct(LotAct):
    """Mass is issued from a store only."""

    def barrier(self, user: User, lot: LotDetail) -> str:
        in_store = any(at.place == Place.STORE for at in lot.where)
        return super().barrier(user, lot) or (
            "" if in_store else gettext("None of it lies in a store: move it there first.")
        )


ISSUE = IssueAct(
    name="lot-issue",
    label=_("Ask for an issue"),
    icon="issue",
    act="issue.ask",
    form=IssueForm,
    do=_issue,
    said=lambda form, answer: gettext(
        "Asked to issue {mass}. Two managers have to agree before anything leaves."
    ).format(mass=entered(form.cleaned_data["net"])),
    button=_("Ask"),
    note=_("Mass leaves the reserve when two managers, other people than you, agree."),
    takes_two=True,
)
REVERSE = LotAct(
    name="lot-reverse",
    label=_("Ask for a reversal"),
    icon="reverse",
    act="reverse.ask",
    form=ReverseForm,
    do=_reverse,
    said=lambda form, answer: gettext("Asked for the reversal. A manager has to agree before anything changes."),
    button=_("Ask"),
    note=_("A movement is never erased: a new one takes it back, when a manager, another person than you, agrees."),
    takes_two=True,
    needs_mass=False,
    anywhere=True,
)


@open_or_send
def transfer(request: HttpRequest, number: str) -> HttpResponse:
    """`?to=` picks the place that the desk named as best."""
    return acts.page(request, number, TRANSFER, initial={"destination": request.GET.get("to", "")})


@open_or_send
def sample(request: HttpRequest, number: str) -> HttpResponse:
    return acts.page(request, number, SAMPLE)


@open_or_send
def issue(request: HttpRequest, number: str) -> HttpResponse:
    return acts.page(request, number, ISSUE)


@open_or_send
def split(request: HttpRequest, number: str) -> HttpResponse:
    return acts.page(request, number, SPLIT)


@open_or_send
def adjust(request: HttpRequest, number: str) -> HttpResponse:
    """`?counted=` names the place where a count differs from the books: the difference is filled in."""
    matrix.require(request.user, ADJUST.act)
    place = request.GET.get("counted", "")
    found = rounds.of_lot(user=signed_in(request), number=number, now=timezone.now()) if place else []
    return acts.page(
        request,
        number,
        ADJUST,
        initial=next((_settling(row) for row in found if row.location == place and row.variance_mg), None),
    )


def _settling(row: rounds.Round) -> dict[str, str]:
    """What an adjustment asks for that brings the books to what was counted: a difference, never a new figure."""
    words = gettext("Count of {moment}: {counted} found, {book} by the books.")
    return {
        "location": row.location,
        "gain": "gain" if row.variance_mg > 0 else "loss",
        "quantity": units.kg(abs(row.variance_mg)),
        "unit": "kg",
        "reason": words.format(
            moment=figures.moment(row.counted_at) if row.counted_at else "",
            counted=figures.mass(row.counted_mg),
            book=figures.mass(row.book_mg),
        ),
    }


@open_or_send
def reverse(request: HttpRequest, number: str) -> HttpResponse:
    """`?movement=` picks the movement that the timeline's button stood at."""
    matrix.require(request.user, REVERSE.act)
    found = movements.listing(user=signed_in(request), lot=number, size=REVERSIBLE)
    picked = {"movement": request.GET.get("movement", "")}
    return acts.page(request, number, REVERSE, movements=found.rows, initial=picked)


REVERSIBLE = 100

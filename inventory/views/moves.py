"""Moving mass of a lot: transfer, sample, split; asking for an issue, an adjustment or a reversal."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts import matrix
from config.audit import edge
from config.audit.commands import Answer, By
from config.ui import figures
from config.ui.pages import open_or_send, signed_in
from inventory import ledger, movements, units
from inventory.forms import AdjustForm, IssueForm, ReverseForm, SampleForm, SplitForm, TransferForm
from inventory.views import acts
from inventory.views.acts import LotAct


def _transfer(form: Any, by: By) -> Answer:
    given = form.cleaned_data
    return ledger.transfer(
        by=by,
        lot=form.lot.number,
        origin=given["origin"],
        destination=given["destination"],
        net=given["net"],
        reason=given["reason"],
        occurred_at=given["occurred_at"],
        seen_seq=given["seen_seq"],
    )


def _sample(form: Any, by: By) -> Answer:
    given = form.cleaned_data
    return ledger.sample(
        by=by,
        lot=form.lot.number,
        origin=given["origin"],
        net=given["net"],
        reason=given["reason"],
        occurred_at=given["occurred_at"],
        seen_seq=given["seen_seq"],
    )


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
    given = form.cleaned_data
    return ledger.ask_issue(
        by=by,
        lot=form.lot.number,
        origin=given["origin"],
        net=given["net"],
        reason=given["reason"],
        seen_seq=given["seen_seq"],
    )


def entered(net: units.Entered) -> str:
    """The mass as it was typed, and in kg where it was typed in another unit."""
    typed, kg = f"{edge.plain(net.quantity)} {net.unit}", figures.mass(net.mg)
    return kg if net.unit == "kg" else f"{typed} ({kg})"


TRANSFER = LotAct(
    name="lot-transfer",
    label="Transfer",
    icon="transfer",
    act="lots.transfer",
    form=TransferForm,
    do=_transfer,
    said=lambda form, answer: (
        f"Moved {entered(form.cleaned_data['net'])} of lot {answer['lot']} to {form.cleaned_data['destination']}."
    ),
    button="Transfer",
    note="Mass moves between two places of your sites, or onto a lane to another site.",
)
SAMPLE = LotAct(
    name="lot-sample",
    label="Sample",
    icon="sample",
    act="lots.sample",
    form=SampleForm,
    do=_sample,
    said=lambda form, answer: f"Sampled {entered(form.cleaned_data['net'])} of lot {answer['lot']}.",
    button="Take the sample",
    note="The sample leaves the lot and counts no longer.",
)
SPLIT = LotAct(
    name="lot-split",
    label="Split",
    icon="split",
    act="lots.split",
    form=SplitForm,
    do=_split,
    said=lambda form, answer: f"Split off lot {answer['lot']}: {', '.join(answer['children'])}.",
    button="Split off",
    note="Each part becomes a lot of its own with the same condition, assay and dates.",
)
ADJUST = LotAct(
    name="lot-adjust",
    label="Ask for an adjustment",
    icon="adjust",
    act="adjust.ask",
    form=AdjustForm,
    do=_adjust,
    said=lambda form, answer: (
        f"Asked to {'add' if form.cleaned_data['gain'] == 'gain' else 'take out'} {entered(form.cleaned_data['net'])}."
        " A manager has to agree before anything changes."
    ),
    button="Ask",
    note="The book mass is corrected when a manager, another person than you, agrees.",
    takes_two=True,
)


ISSUE = LotAct(
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
    label="Ask for a reversal",
    icon="reverse",
    act="reverse.ask",
    form=ReverseForm,
    do=_reverse,
    said=lambda form, answer: "Asked for the reversal. A manager has to agree before anything changes.",
    button="Ask",
    note="A movement is never erased: a new one takes it back, when a manager, another person than you, agrees.",
    takes_two=True,
    needs_mass=False,
    anywhere=True,
)


@open_or_send
def transfer(request: HttpRequest, number: str) -> HttpResponse:
    return acts.page(request, number, TRANSFER)


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
    return acts.page(request, number, ADJUST)


@open_or_send
def reverse(request: HttpRequest, number: str) -> HttpResponse:
    """`?movement=` picks the movement that the timeline's button stood at."""
    matrix.require(request.user, REVERSE.act)
    found = movements.listing(user=signed_in(request), lot=number, size=REVERSIBLE)
    picked = {"movement": request.GET.get("movement", "")}
    return acts.page(request, number, REVERSE, movements=found.rows, initial=picked)


REVERSIBLE = 100

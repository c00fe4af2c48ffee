"""The lists of requests, and of what was done under break-glass, column by column."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.approvals import reads, reviews
from config.approvals.forms import GlassFilterForm, RequestFilterForm
from config.approvals.models import Request
from config.approvals.reads import RequestRow
from config.approvals.reviews import GlassRow
from config.audit.keyset import Page
from config.ui.tables import Column, Nothing, Table, register
from config.ui.templatetags.ui import badge, moment


@dataclass(frozen=True)
class RequestLine:
    """A request, whether it waits for the person who reads, and whether it is their own."""

    row: RequestRow
    yours: bool
    own: bool


def _find(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[RequestLine]:
    state = form.cleaned_data["state"]
    wanted = {"": Request.State.PENDING, "all": ""}.get(state, state)
    page = reads.listing(user=user, state=wanted, cursor=cursor, size=size)
    lines = [RequestLine(row, reads.may_decide(user, row), row.requester_id == user.pk) for row in page.rows]
    return Page(lines, page.next, page.previous, page.count, page.more)


def _request(line: RequestLine) -> SafeString:
    row = line.row
    at = reverse("request", args=[row.id])
    return format_html('<a href="{}">{}</a><small>{} · {}</small>', at, row.label, row.about, moment(row.asked_at))


def _what(line: RequestLine) -> SafeString:
    return format_html("{}<small>“{}”</small>", line.row.asks, Truncator(line.row.reason).chars(120))


def _state(line: RequestLine) -> tuple[str, str]:
    if line.yours:
        return "warn", gettext("Waits for you")
    return {
        "pending": ("muted", gettext("Waits for another")),
        "approved": ("ok", gettext("Approved")),
        "refused": ("bad", gettext("Refused")),
        "emergency": ("warn", gettext("Break-glass")),
    }.get(line.row.state, ("muted", gettext("Withdrawn")))


def _agreed(line: RequestLine) -> str:
    return gettext("{agreed} of {needed}").format(agreed=line.row.agreed, needed=line.row.needed)


REQUESTS = register(
    Table(
        name="requests",
        url_name="requests",
        act="requests.see",
        title=_("Requests"),
        one=_("request"),
        many=_("requests"),
        columns=(
            Column("request", _("Request"), lambda line: line.row.label, _request),
            Column("number", _("Number"), lambda line: line.row.id, number=True, shown=False),
            Column("subject", _("About"), lambda line: line.row.about, shown=False),
            Column("asked_at", _("Asked"), lambda line: line.row.asked_at, shown=False),
            Column("site", _("Site"), lambda line: line.row.site_code or gettext("whole reserve")),
            Column("what", _("What"), lambda line: line.row.asks, _what),
            Column("reason", _("Reason"), lambda line: line.row.reason, shown=False),
            Column(
                "asked_by",
                _("Asked by"),
                lambda line: line.row.requester,
                lambda line: gettext("You") if line.own else line.row.requester,
            ),
            Column("agreed", _("Agreed"), _agreed, number=True),
            Column("state", _("State"), lambda line: _state(line)[1], lambda line: badge(*_state(line))),
            Column("settled_at", _("Settled"), lambda line: line.row.settled_at, shown=False),
        ),
        form=lambda params, _user, _now: RequestFilterForm(params),
        find=_find,
        nothing=lambda _user: Nothing(
            _("Nothing waits"), _("An adjustment, a reversal or an issue of a lot is asked for on the lot's page.")
        ),
        unmatched=_("None yet"),
    )
)


@dataclass(frozen=True)
class GlassLine:
    """One emergency, and what became of its review by now."""

    row: GlassRow
    state: str


def _find_glass(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[GlassLine]:
    given = form.cleaned_data
    page = reviews.listing(user=user, now=now, state=given["state"], site=given["site"], cursor=cursor, size=size)
    lines = [GlassLine(row, row.state(now)) for row in page.rows]
    return Page(lines, page.next, page.previous, page.count, page.more)


def _act(line: GlassLine) -> str:
    """What kind of act; with its number for who is not told what it was about."""
    number = gettext("no. {number}").format(number=line.row.request_id)
    return line.row.label if line.row.subject else f"{line.row.label} {number}"


def _act_cell(line: GlassLine) -> SafeString:
    row = line.row
    about = format_html("{} · ", row.subject) if row.subject else ""
    at = reverse("break-glass-one", args=[row.id])
    return format_html('<a href="{}">{}</a><small>{}{}</small>', at, _act(line), about, moment(row.acted_at))


def _reason(line: GlassLine) -> SafeString:
    row = line.row
    return format_html("{}<small>“<bdi>{}</bdi>”</small>", row.summary, Truncator(row.reason).chars(120))


REVIEWS = {
    "overdue": ("bad", _("Review overdue")),
    "open": ("warn", _("To be reviewed")),
    "justified": ("ok", _("Justified")),
    "not justified": ("bad", _("Not justified")),
}


def review(line: GlassLine) -> SafeString:
    """The state of the review, until when or since when it is due, or who reviewed it."""
    row, due = line.row, moment(line.row.due_at)
    small = {"overdue": gettext("since {due}"), "open": gettext("by {due}")}.get(line.state)
    said = format_html(small, due=due) if small else format_html("{}, {}", row.reviewer, moment(row.reviewed_at))
    return format_html("{} <small>{}</small>", badge(*REVIEWS[line.state]), said)


BREAK_GLASS = register(
    Table(
        name="break-glass",
        url_name="break-glass",
        act="glass.see",
        title=_("Break-glass"),
        one=_("emergency"),
        many=_("emergencies"),
        columns=(
            Column("what", _("What"), _act, _act_cell),
            Column("request", _("Request"), lambda line: line.row.request_id, number=True, shown=False),
            Column("subject", _("About"), lambda line: line.row.subject, shown=False, act="requests.reserve"),
            Column("acted_at", _("Done at"), lambda line: line.row.acted_at, shown=False),
            Column("site", _("Site"), lambda line: line.row.site),
            Column("by", _("By"), lambda line: line.row.actor),
            Column("asked_by", _("Asked by"), lambda line: line.row.asked_by, shown=False),
            Column("done", _("What was done"), lambda line: line.row.summary, shown=False, act="requests.reserve"),
            Column("reason", _("Reason"), lambda line: line.row.reason, _reason, act="requests.reserve"),
            Column("review", _("Review"), lambda line: str(REVIEWS[line.state][1]), review),
            Column("due_at", _("Review due"), lambda line: line.row.due_at, shown=False),
            Column("reviewer", _("Reviewed by"), lambda line: line.row.reviewer, shown=False),
            Column("reviewed_at", _("Reviewed at"), lambda line: line.row.reviewed_at, shown=False),
            Column("remarks", _("Remarks"), lambda line: line.row.remarks, shown=False, act="requests.reserve"),
        ),
        form=lambda params, user, _now: GlassFilterForm(params, user=user),
        find=_find_glass,
        nothing=lambda _user: Nothing(
            _("Nobody has broken the glass"),
            _("What is done in an emergency without those who should agree shows here, with its review."),
        ),
        unmatched=_("None of that kind"),
    )
)

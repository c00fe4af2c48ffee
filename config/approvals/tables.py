"""The list of requests, column by column."""

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
from config.approvals import reads
from config.approvals.forms import RequestFilterForm
from config.approvals.models import Request
from config.approvals.reads import RequestRow
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

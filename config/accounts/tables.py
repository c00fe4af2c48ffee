"""The lists of people and of delegations, column by column."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts import access, loans, people
from config.accounts.delegation_forms import DelegationFilterForm
from config.accounts.loans import DelegationRow
from config.accounts.matrix import Role
from config.accounts.people import PersonRow
from config.accounts.people_forms import PeopleFilterForm
from config.audit.keyset import Page, whole
from config.ui.tables import Column, Nothing, Table, register
from config.ui.templatetags.ui import badge, day, moment, roles, word


def _find(form: Any, *, user: Any, now: datetime, cursor: str, size: int) -> Page[PersonRow]:
    at = form.cleaned_data["as_of"]
    return whole(access.as_of(at=at, filters=form.filters()) if at else people.listing(form.filters()))


def _person(row: PersonRow) -> SafeString:
    small = f"{row.username} · {row.email}" if row.email else row.username
    at = reverse("person", args=[row.username])
    return format_html('<a href="{}"><bdi>{}</bdi></a><small>{}</small>', at, row.name, small)


def _sites(row: PersonRow) -> str:
    if row.site_codes:
        return ", ".join(row.site_codes)
    if Role.WAREHOUSE in row.roles:
        return gettext("none yet")
    return gettext("by role") if row.roles else "–"


def _state(row: PersonRow) -> str:
    trouble = row.trouble
    if not row.is_active:
        return gettext("Shut out")
    return trouble[:1].upper() + trouble[1:] if trouble else gettext("May sign in")


def _state_badge(row: PersonRow) -> SafeString:
    return badge("muted" if not row.is_active else "warn" if row.trouble else "ok", _state(row))


def _last(row: PersonRow) -> str:
    return moment(row.last_login) if row.last_login else gettext("never")


PEOPLE = register(
    Table(
        name="people",
        url_name="people",
        act="people.see",
        title=_("People"),
        one=_("person"),
        many=_("people"),
        columns=(
            Column("person", _("Person"), lambda row: row.name, _person),
            Column("username", _("User name"), lambda row: row.username, shown=False),
            Column("email", _("E-mail"), lambda row: row.email, shown=False),
            Column("roles", _("Roles"), lambda row: roles(row.roles) or gettext("none")),
            Column("sites", _("Sites"), _sites),
            Column("state", _("State"), _state, _state_badge),
            Column("since", _("Here since"), lambda row: row.date_joined, lambda row: day(row.date_joined)),
            Column("last", _("Last sign-in"), lambda row: row.last_login, _last),
        ),
        form=lambda params, _user, now: PeopleFilterForm(params, now=now),
        find=_find,
        nothing=lambda _user: Nothing(_("Nobody yet"), _("People are added by an administrator.")),
        unmatched=_("Nobody matches"),
    )
)


@dataclass(frozen=True)
class DelegationLine:
    """A delegation, and how it stands today."""

    row: DelegationRow
    state: str


def _find_delegations(form: Any, *, user: Any, now: datetime, cursor: str, size: int) -> Page[DelegationLine]:
    today, state = now.date(), form.cleaned_data["state"]
    page = loans.listing(user=user, today=today, state=state, cursor=cursor, size=size)
    lines = [DelegationLine(row, row.state(today)) for row in page.rows]
    return Page(lines, page.next, page.previous, page.count, page.more)


def _who(line: DelegationLine) -> SafeString:
    return format_html("<bdi>{}</bdi> → <bdi>{}</bdi>", line.row.lender_name, line.row.borrower_name)


DELEGATION_STATES = {
    "running": ("ok", _("Running")),
    "to come": ("muted", _("To come")),
    "over": ("muted", _("Over")),
    "ended": ("muted", _("Ended early")),
}


def _delegation_state(line: DelegationLine) -> SafeString:
    row, shown = line.row, badge(*DELEGATION_STATES[line.state])
    if not row.ended_at:
        return shown
    return format_html("{}<small>{}, {}</small>", shown, word(row.ended_why), moment(row.ended_at))


DELEGATIONS = register(
    Table(
        name="delegations",
        url_name="delegations",
        act="delegations.see",
        title=_("All delegations"),
        one=_("delegation"),
        many=_("delegations"),
        columns=(
            Column("who", _("From, to"), lambda line: f"{line.row.lender_name} → {line.row.borrower_name}", _who),
            Column("number", _("Number"), lambda line: line.row.id, number=True, shown=False),
            Column("lender", _("Lent by"), lambda line: line.row.lender, shown=False),
            Column("borrower", _("Lent to"), lambda line: line.row.borrower, shown=False),
            Column("acts", _("Decides on"), lambda line: ", ".join(line.row.act_names)),
            Column("from", _("First day, UTC"), lambda line: line.row.from_on),
            Column("until", _("Last day, UTC"), lambda line: line.row.until_on),
            Column(
                "reason",
                _("Reason"),
                lambda line: line.row.reason,
                lambda line: Truncator(line.row.reason).chars(160),
            ),
            Column("state", _("State"), lambda line: str(DELEGATION_STATES[line.state][1]), _delegation_state),
            Column("made_at", _("Lent at"), lambda line: line.row.made_at, shown=False),
            Column("ended_at", _("Ended at"), lambda line: line.row.ended_at, shown=False),
            Column("ended_why", _("Why it ended"), lambda line: word(line.row.ended_why), shown=False),
        ),
        note=_("also those that are over"),
        form=lambda params, _user, _now: DelegationFilterForm(params),
        find=_find_delegations,
        nothing=lambda _user: Nothing(_("None"), _("What is lent shows here, also when it is over.")),
        unmatched=_("None of that kind"),
    )
)

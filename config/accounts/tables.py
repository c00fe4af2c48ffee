"""The list of people, column by column."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts import access, people
from config.accounts.matrix import Role
from config.accounts.people import PersonRow
from config.accounts.people_forms import PeopleFilterForm
from config.audit.keyset import Page, whole
from config.ui.tables import Column, Nothing, Table, register
from config.ui.templatetags.ui import badge, day, moment, roles


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

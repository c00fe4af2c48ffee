"""The list of flags."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit.keyset import Page, whole
from config.ui import figures
from config.ui.tables import Column, Nothing, Table, register
from config.ui.templatetags.ui import badge, day, word
from reserve import flags
from reserve.flags.reads import FlagRow
from reserve.forms import FlagFilter
from reserve.tables.cells import own_mass


def _find(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[FlagRow]:
    return whole(flags.listing(user=user, **{name: form.cleaned_data[name] for name in form.NARROWING}))


def _about(row: FlagRow) -> str:
    if not row.target:
        return gettext("ledger")
    measure = gettext("contained {element}").format(element=row.element) if row.element else gettext("net mass")
    where = row.site or gettext("whole reserve")
    return f"{where} · {measure}"


def _flag(row: FlagRow) -> SafeString:
    return format_html('<a href="{}">{}</a><small>{}</small>', reverse("flag", args=[row.id]), row.name, _about(row))


def _state(row: FlagRow) -> SafeString:
    until = gettext("until {day}").format(day=figures.day(row.waived_until)) if row.waived_until else ""
    return format_html("{}{}", word(row.state), format_html("<small>{}</small>", until) if until else "")


def _opened(row: FlagRow) -> SafeString:
    again = gettext("reopened {times}×").format(times=row.reopened) if row.reopened else ""
    return format_html("{}{}", day(row.opened_at), format_html("<small>{}</small>", again) if again else "")


def _mass(name: str, label: Any, **options: Any) -> Column:
    return own_mass(
        name, label, lambda row: getattr(row, f"{name}_mg") if row.target else None, lambda row: row.unit, **options
    )


FLAGS = register(
    Table(
        name="flags",
        url_name="flags",
        act="flags.see",
        title=_("Flags"),
        one=_("flag"),
        many=_("flags"),
        columns=(
            Column("flag", _("Flag"), lambda row: row.name, _flag),
            Column("number", _("Number"), lambda row: row.id, number=True, shown=False),
            Column("about", _("About"), _about, shown=False),
            Column(
                "severity",
                _("Severity"),
                lambda row: word(row.severity),
                lambda row: badge(row.level, word(row.severity)),
            ),
            Column("state", _("State"), lambda row: word(row.state), _state),
            Column("owner", _("Owner"), lambda row: row.owner),
            _mass("required", _("Required")),
            _mass("eligible", _("Eligible")),
            _mass("short", _("Short"), strong=True),
            _mass("on_order", _("On order")),
            Column("opened", _("Opened"), lambda row: row.opened_at, _opened),
            Column("waived_until", _("Waived until"), lambda row: row.waived_until, shown=False),
            Column("closed", _("Closed"), lambda row: row.closed_at, shown=False),
            Column("note", _("Note"), lambda row: row.note, shown=False),
        ),
        form=lambda params, _user, _now: FlagFilter(params, owners=flags.owners()),
        find=_find,
        nothing=lambda _user: Nothing(
            _("No flag"),
            _("Flags open by themselves when stock falls below a target. Clear a filter, or look at the position."),
            reverse("position"),
            _("Reserve position"),
        ),
        unmatched=_("No flag"),
        note=_("worst and oldest first; masses as of the last scan"),
    )
)

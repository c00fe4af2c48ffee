"""The audit log, column by column: every attempt to write, the refused ones too."""

import json
from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.audit import log
from config.audit.keyset import Page
from config.audit.log import CommandRow
from config.audit.log_form import LogFilterForm
from config.ui.tables import Column, Nothing, Table, register
from config.ui.templatetags.ui import badge, moment


def _find(form: Any, *, user: Any, now: datetime, cursor: str, size: int) -> Page[CommandRow]:
    return log.listing(filters=form.filters(), cursor=cursor, size=size)


def _act(row: CommandRow) -> SafeString:
    number = gettext("no. {id}").format(id=row.id)
    return format_html('{}<small class="code">{} · {}</small>', row.act, row.kind, number)


def _about(row: CommandRow) -> str:
    about = row.about
    return about[:1].upper() + about[1:]


def _about_cell(row: CommandRow) -> SafeString:
    site = gettext("site {site_code}").format(site_code=row.site_code) if row.site_code else ""
    small = format_html("<small>{}</small>", site) if site else ""
    return format_html("{}{}", _about(row) or "–", small)


def _who(row: CommandRow) -> SafeString:
    return format_html("<bdi>{}</bdi><small>{}</small>", row.name, row.username)


def _happened(row: CommandRow) -> str:
    return gettext("at once") if row.occurred_at == row.recorded_at else moment(row.occurred_at)


def _outcome(row: CommandRow) -> SafeString:
    if not row.refusal:
        return badge("ok", _("Done"))
    return format_html("{}<small>{}</small>", badge("bad", _("Refused")), row.refusal)


def _in_full(row: CommandRow) -> str:
    """What was asked and answered, as text to read."""
    return json.dumps({"request": row.request, "answer": row.answer}, ensure_ascii=False, separators=(", ", ": "))


def _folded(row: CommandRow) -> SafeString:
    words = gettext("Asked, answered")
    return format_html('<details><summary>{}</summary><span class="code">{}</span></details>', words, _in_full(row))


COMMANDS = register(
    Table(
        name="commands",
        url_name="commands",
        act="commands.see",
        title=_("Commands"),
        one=_("attempt"),
        many=_("attempts"),
        columns=(
            Column("act", _("Act"), lambda row: row.kind, _act),
            Column("number", _("Number"), lambda row: row.id, number=True, shown=False),
            Column("about", _("About"), _about, _about_cell),
            Column("site", _("Site"), lambda row: row.site_code, shown=False),
            Column("who", _("Who"), lambda row: row.name, _who),
            Column("username", _("User name"), lambda row: row.username, shown=False),
            Column("recorded", _("Recorded"), lambda row: row.recorded_at, lambda row: moment(row.recorded_at)),
            Column("happened", _("Happened"), lambda row: row.occurred_at, _happened),
            Column("outcome", _("Outcome"), lambda row: row.refusal or gettext("Done"), _outcome),
            Column("full", _("In full"), _in_full, _folded),
        ),
        form=lambda params, _user, _now: LogFilterForm(params),
        find=_find,
        nothing=lambda _user: Nothing(_("No attempt yet"), _("What people write stands here, done or refused.")),
        unmatched=_("No attempt matches"),
    )
)

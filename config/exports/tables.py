"""The exports log, column by column."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from config.audit.keyset import Page
from config.exports import log
from config.exports.forms import ExportsFilterForm
from config.exports.log import ExportRow
from config.ui.tables import Column, Nothing, Table, register
from config.ui.templatetags.ui import badge, moment

LEVELS = {"done": "ok", "failed": "bad", "waiting": "warn", "running": "warn"}


def _find(form: Any, *, user: Any, now: datetime, cursor: str, size: int) -> Page[ExportRow]:
    return log.listing(user, search=form.cleaned_data["search"], cursor=cursor, size=size)


def _list(row: ExportRow) -> SafeString:
    at = reverse("export", args=[row.id])
    return format_html('<a href="{}">{}</a><small>{}</small>', at, row.title, row.as_file)


def _who(row: ExportRow) -> SafeString:
    return format_html("{}<small>{}</small>", row.name, row.username)


EXPORTS = register(
    Table(
        name="exports",
        url_name="exports",
        act="exports.make",
        title=_("Exports"),
        one=_("export"),
        many=_("exports"),
        columns=(
            Column("list", _("List"), lambda row: row.title, _list),
            Column("number", _("Number"), lambda row: row.id, number=True, shown=False),
            Column("who", _("Who"), lambda row: row.name, _who),
            Column("filters", _("Filters"), lambda row: row.filters or str(_("none"))),
            Column("asked", _("Asked"), lambda row: row.asked_at, lambda row: moment(row.asked_at)),
            Column("rows", _("Rows"), lambda row: row.rows, number=True),
            Column(
                "state", _("State"), lambda row: row.label, lambda row: badge(LEVELS.get(row.state, "muted"), row.label)
            ),
            Column("format", _("Format"), lambda row: row.format, shown=False),
            Column("columns", _("Columns"), lambda row: ", ".join(row.columns), shown=False),
            Column("sha256", _("SHA-256"), lambda row: row.sha256, shown=False),
        ),
        form=lambda params, _user, _now: ExportsFilterForm(params),
        find=_find,
        nothing=lambda _user: Nothing(
            _("No exports yet"), _("Press Export on a list: the file has exactly the rows and columns that it shows.")
        ),
        unmatched=_("No export matches"),
    )
)

"""The list of movements."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit import edge
from config.audit.keyset import Page, whole
from config.ui import figures
from config.ui.tables import Column, Nothing, Table, mass, register
from config.ui.templatetags.ui import moment
from inventory import lots, movements
from inventory.forms import MovementFilterForm
from inventory.movements import MovementRow


def _find(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[MovementRow]:
    given = form.cleaned_data
    number = lots.called(user=user, number=given["lot"]) if given["lot"] else ""
    if number is None:
        return whole([])
    period = {"since": given["since"], "until": given["until"]}
    return movements.listing(user=user, lot=number, kind=given["kind"], cursor=cursor, size=size, **period)


def _movement(row: MovementRow) -> SafeString:
    number = gettext("no. {id}").format(id=row.id)
    taken = " · " + gettext("reversed") if row.reversed_by else ""
    return format_html("{}<small>{}{}</small>", row.kind_name, number, taken)


def _lot(row: MovementRow) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("lot", args=[row.lot]), row.lot)


def _net(row: MovementRow) -> SafeString | str:
    typed = _entered(row) if row.entered_unit not in ("", "kg") else ""
    small = format_html("<small>{}</small>", typed) if typed else ""
    return format_html("{}{}", figures.mass(row.net_mg, bare=True), small)


def _entered(row: MovementRow) -> str:
    return figures.plain(_entered_filed(row))


def _entered_filed(row: MovementRow) -> str:
    return "" if row.entered_quantity is None else f"{edge.plain(row.entered_quantity)} {row.entered_unit}"


MOVEMENTS = register(
    Table(
        name="movements",
        url_name="movements",
        act="lots.see",
        title=_("Movements"),
        one=_("movement"),
        many=_("movements"),
        columns=(
            Column("movement", _("Movement"), lambda row: row.kind_name, _movement),
            Column("number", _("Number"), lambda row: row.id, number=True, shown=False),
            Column("lot", _("Lot"), lambda row: row.lot, _lot),
            Column("origin", _("From"), lambda row: row.origin),
            Column("destination", _("To"), lambda row: row.destination),
            mass("net", _("Net, kg"), lambda row: row.net_mg, cell=_net),
            Column("entered", _("As entered"), _entered_filed, _entered, shown=False),
            Column("who", _("Who"), lambda row: row.who),
            Column("occurred", _("Happened"), lambda row: row.occurred_at),
            Column(
                "recorded",
                _("Recorded"),
                lambda row: row.recorded_at,
                lambda row: gettext("at once") if row.recorded_at == row.occurred_at else moment(row.recorded_at),
            ),
            Column("reason", _("Reason"), lambda row: row.reason, shown=False),
            Column("reverses", _("Reverses number"), lambda row: row.reverses, number=True, shown=False),
            Column("reversed_by", _("Reversed by number"), lambda row: row.reversed_by, number=True, shown=False),
        ),
        form=lambda params, _user, _now: MovementFilterForm(params),
        find=_find,
        nothing=lambda _user: Nothing(
            _("No movement yet"), _("What is received, moved, sampled or issued at your sites stands here.")
        ),
        unmatched=_("No movement matches"),
    )
)

"""The list of elements, stage by stage."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit.forms import FilterForm
from config.audit.keyset import Page, whole
from config.ui.tables import Column, Nothing, Table, Text, register
from inventory import catalogue
from reserve import elements
from reserve.elements import ElementRow
from reserve.tables.cells import cover, own_mass


def _find(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[ElementRow]:
    return whole(elements.listing(user=user, today=now.date()))


def _element(row: ElementRow) -> SafeString:
    small = f"{row.symbol} · {row.group}" if row.group else row.symbol
    return format_html('<a href="{}">{}</a><small>{}</small>', reverse("element", args=[row.symbol]), row.name, small)


def _stage(stage: str, label: Text) -> Column:
    return own_mass(stage, label, lambda row: row.held_mg.get(stage) or None, lambda row: row.unit)


def _short(row: ElementRow) -> str:
    if not row.targets:
        return gettext("no target")
    return gettext("{short} of {targets}").format(short=row.short, targets=row.targets)


def _short_cell(row: ElementRow) -> SafeString | str:
    return format_html("<strong>{}</strong>", _short(row)) if row.short else _short(row)


def _worst(row: ElementRow) -> SafeString | str:
    worst = row.worst
    if worst is None:
        return "–"
    name = f"{worst.name}, {worst.site}" if worst.site else worst.name
    return format_html("{}<small>{}</small>", cover(worst.cover_pct, worst.level), name)


ELEMENTS = register(
    Table(
        name="elements",
        url_name="elements",
        act="positions.see",
        title=_("Held along the chain"),
        one=_("element"),
        many=_("elements"),
        columns=(
            Column("element", _("Element"), lambda row: row.name, _element),
            Column("symbol", _("Symbol"), lambda row: row.symbol, shown=False),
            *(_stage(stage, label) for stage, label in catalogue.STAGES),
            Column("short", _("Targets short"), _short, _short_cell, number=True, act="targets.see"),
            Column(
                "worst",
                _("Worst cover"),
                lambda row: row.worst.cover_pct if row.worst else None,
                _worst,
                unit="%",
                act="targets.see",
            ),
        ),
        note=_("contained mass in every place and condition; targets that name it, or a material with it"),
        form=lambda params, _user, _now: FilterForm(params),
        find=_find,
        nothing=lambda _user: Nothing(
            _("Nothing is held or targeted yet"),
            _("An element appears here with the first lot that contains it, or with its first target."),
        ),
    )
)

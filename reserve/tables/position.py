"""The reserve position: every target against what counts for it, worst first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts import matrix
from config.accounts.models import User
from config.audit.keyset import Page, whole
from config.ui.tables import Column, Nothing, Table, kg, register
from config.ui.templatetags.ui import mass_in, word
from reserve import ordering, shortfall, waterfall
from reserve.forms import PositionFilter
from reserve.shortfall import ShortfallRow
from reserve.tables.cells import cover, drawn, own_mass
from reserve.waterfall import Drop


@dataclass(frozen=True)
class Line:
    """One target on a page; `steps` are there when it is open, `toggle` opens it or closes it on the position page."""

    row: ShortfallRow
    as_of: date
    past: bool
    order_url: str
    steps: list[Drop]
    toggle: str = ""


def lines(*, user: User, rows: list[ShortfallRow], as_of: date, today: date, opened: int | None = None) -> list[Line]:
    """The rows with what the person may do about them, one of them open."""
    links = ordering.links(user=user, rows=rows) if as_of >= today else {}
    return [
        Line(
            row=row,
            as_of=as_of,
            past=as_of < today,
            order_url=links.get(row.target, ""),
            steps=waterfall.steps(row, as_of=as_of, today=today) if row.target == opened else [],
        )
        for row in rows
    ]


def _find(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[Line]:
    given, today = form.cleaned_data, now.date()
    found = shortfall.rows(as_of=given["as_of"], today=today)
    rows = [row for row in found if _fits(row, given)]
    return whole(lines(user=user, rows=rows, as_of=given["as_of"], today=today, opened=given["open"]))


def _fits(row: ShortfallRow, given: dict[str, Any]) -> bool:
    return (
        given["element"] in ("", row.element)
        and given["form"] in ("", row.form)
        and given["stage"] in ("", row.stage)
        and (not given["short"] or row.short_mg > (0 if given["short"] == "1" else row.on_order_mg or 0))
    )


def _standing(line: Line) -> str:
    row = line.row
    if not row.short_mg:
        return gettext("Met")
    return row.flag.text if row.flag and not line.past else gettext("Short")


def _flag(line: Line) -> SafeString:
    standing = drawn("reserve/parts/standing.html", row=line.row, past=line.past)
    if not line.order_url:
        return standing
    return format_html(
        '{}<small><a href="{}">{}<span class="unseen">: {}</span></a></small>',
        *(standing, line.order_url, gettext("Order this"), line.row.name),
    )


def _cover(line: Line) -> SafeString:
    row = line.row
    bar = cover(row.cover_pct, row.level)
    if row.cover_days is None:
        return bar
    days = gettext("{days} days at {daily} a day")
    words = format_html(days, days=row.cover_days, daily=mass_in(row.daily_use_mg, row.unit))
    return format_html("{}<small>{}</small>", bar, words)


def _short(line: Line) -> SafeString | str:
    return mass_in(line.row.short_mg, line.row.unit) if line.row.short_mg else "–"


def _mass(name: str, label: Any, **options: Any) -> Column:
    return own_mass(name, label, lambda line: getattr(line.row, f"{name}_mg"), lambda line: line.row.unit, **options)


def _none(user: User) -> Nothing:
    note = _("A target names a level to hold of a material, or of an element in a form. Two managers set it.")
    if not matrix.permits(user, "targets.write"):
        return Nothing(_("No target counts on this day"), note)
    return Nothing(_("No target counts on this day"), note, reverse("target-new"), _("Propose a target"))


POSITION = register(
    Table(
        name="shortfalls",
        url_name="position",
        act="targets.see",
        title=_("Targets"),
        one=_("target"),
        many=_("targets"),
        columns=(
            Column(
                "target",
                _("Target"),
                lambda line: line.row.name,
                lambda line: drawn("reserve/parts/position_name.html", line=line, row=line.row),
            ),
            Column("scope", _("Where"), lambda line: line.row.scope, shown=False),
            Column("measure", _("Measure"), lambda line: line.row.measure, shown=False),
            Column("stage", _("Stage"), lambda line: word(line.row.stage)),
            _mass("required", _("Required")),
            _mass("floor", _("Floor"), shown=False),
            _mass("physical", _("Physically there"), shown=False),
            _mass("in_store", _("In store"), shown=False),
            _mass("accepted", _("Accepted"), shown=False),
            _mass("in_date", _("In date"), shown=False),
            _mass("compliant", _("Compliant"), shown=False),
            _mass("eligible", _("Eligible")),
            _mass("on_order", _("On order")),
            Column(
                "short",
                _("Short"),
                lambda line: kg(line.row.short_mg),
                _short,
                unit="kg",
                number=True,
                strong=True,
            ),
            Column("cover", _("Cover"), lambda line: line.row.cover_pct, _cover, unit="%"),
            Column("cover_days", _("Days of cover"), lambda line: line.row.cover_days, number=True, shown=False),
            Column("flag", _("Flag"), _standing, _flag),
        ),
        form=lambda params, _user, now: PositionFilter(params, today=now.date()),
        find=_find,
        nothing=_none,
        unmatched=_("No target fits"),
        note=_("masses in each target's unit and basis"),
        row_id=lambda line: f"target-{line.row.target}",
        below=lambda line: drawn("reserve/parts/waterfall.html", line=line, row=line.row) if line.steps else "",
    )
)

"""The list of lots."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts import matrix
from config.accounts.models import User
from config.audit import edge
from config.audit.keyset import Page
from config.ui import conditions, figures
from config.ui.tables import Column, Nothing, Table, mass, register
from config.ui.templatetags.ui import badge, condition_tag, day
from config.ui.templatetags.ui import mass as mass_tag
from inventory import lots
from inventory.forms import LotFilterForm
from inventory.lots import LotRow
from inventory.models import Verdict
from inventory.reference import FURTHER_ELEMENTS


@dataclass(frozen=True)
class LotLine:
    """A lot of the list: the element asked for and the two that it is held for, in mg, and what others say of it."""

    row: LotRow
    contained: list[tuple[str, int]]
    marks: list[lots.Mark]


def _find_lots(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[LotLine]:
    given = form.cleaned_data
    order = given["order"] or "-received"
    page = lots.listing(user=user, filters=form.filters(), order=order, cursor=cursor, size=size)
    marks = lots.marked(user, page.rows)
    lines = [LotLine(row, _contained(row, given["element"]), marks.get(row.number, [])) for row in page.rows]
    return Page(lines, page.next, page.previous, page.count, page.more)


def _contained(row: LotRow, asked: str) -> list[tuple[str, int]]:
    def rank(pair: tuple[str, int]) -> tuple[bool, bool, int]:
        return pair[0] != asked, pair[0] in FURTHER_ELEMENTS, -pair[1]

    return sorted(row.contained.items(), key=rank)[:2]


def _lot(line: LotLine) -> SafeString:
    row = line.row
    small = format_html("<small>{}</small>", row.supplier_lot) if row.supplier_lot else ""
    return format_html('<a href="{}">{}</a>{}', reverse("lot", args=[row.number]), row.number, small)


def _lot_material(line: LotLine) -> SafeString:
    small = format_html("<small>{}</small>", line.row.formula) if line.row.formula else ""
    return format_html("{}{}", line.row.material_name, small)


def _where(line: LotLine) -> SafeString:
    where = line.row.where
    if not where:
        return format_html('<span class="muted">{}</span>', gettext("Nothing left"))
    first = where[0]
    if len(where) == 1:
        kind = "" if first.place == "store" else f" · {first.place}"
        return format_html("{}<small>{}{}</small>", first.site_name, first.location, kind)
    more = len(line.row.sites) - 1
    beyond = gettext(" and {sites} more").format(sites=more) if more else ""
    return format_html(
        "{}{}<small>{}</small>", first.site_name, beyond, gettext("{where} places").format(where=len(where))
    )


def _condition(line: LotLine) -> SafeString:
    marks = [
        format_html(' <a href="{}">{}</a>', mark.url, badge(mark.level, mark.text))
        if mark.url
        else format_html(" {}", badge(mark.level, mark.text))
        for mark in line.marks
    ]
    if line.row.frozen_at:
        marks.append(format_html(" {}", badge("bad", _("Frozen"))))
    return format_html("{}{}", condition_tag(line.row.condition), format_html_join("", "{}", ((one,) for one in marks)))


def _net(line: LotLine) -> SafeString:
    net, free = line.row.net_mg, line.row.free_mg
    small = format_html("<small>{} {}</small>", figures.mass(free, bare=True), gettext("free")) if free != net else ""
    return format_html("{}{}", mass_tag(net, bare=True), small)


def _elements(line: LotLine) -> SafeString:
    if not line.contained:
        return format_html('<span class="muted">{}</span>', gettext("no assay"))
    cells = [
        (figures.mass(mg), figures.mass(int(Decimal(mg).quantize(Decimal("1e3"))), bare=True), symbol)
        for symbol, mg in line.contained
    ]
    return format_html_join(SafeString("<br>"), '<span title="{}">{} {}</span>', cells)


def _elements_filed(line: LotLine) -> str:
    return "; ".join(f"{symbol} {edge.plain(Decimal(mg).scaleb(-6))}" for symbol, mg in line.contained)


def _no_lots(user: User) -> Nothing:
    if matrix.permits(user, "lots.receive"):
        note = _("A lot appears here when it is received, or when it is on its way to your site.")
        return Nothing(_("No lots yet"), note, reverse("receive"), _("Receive a lot"))
    return Nothing(_("No lots yet"), _("A lot appears here when a warehouse has received it."))


LOTS = register(
    Table(
        name="lots",
        url_name="lots",
        act="lots.see",
        title=_("Lots"),
        one=_("lot"),
        many=_("lots"),
        columns=(
            Column("lot", _("Lot"), lambda line: line.row.number, _lot, order="number"),
            Column("supplier_lot", _("Supplier's lot"), lambda line: line.row.supplier_lot, shown=False),
            Column("material", _("Material"), lambda line: line.row.material_name, _lot_material),
            Column("material_code", _("Material code"), lambda line: line.row.material, shown=False),
            Column(
                "where",
                _("Where"),
                lambda line: "; ".join(f"{at.site_name} {at.location}" for at in line.row.where),
                _where,
            ),
            Column(
                "condition",
                _("Condition"),
                lambda line: f"{line.row.condition} · {conditions.NAMES.get(line.row.condition, '')}",
                _condition,
            ),
            Column("sourcing", _("Sourcing"), lambda line: str(Verdict(line.row.verdict).label), shown=False),
            mass("net", _("Net, kg"), lambda line: line.row.net_mg, cell=_net),
            mass("free", _("Free, kg"), lambda line: line.row.free_mg, shown=False),
            Column("contained", _("Contained, kg"), _elements_filed, _elements, number=True),
            Column(
                "due",
                _("Retest or expiry"),
                lambda line: line.row.eligible_until,
                lambda line: day(line.row.eligible_until),
                order="due",
            ),
            Column("expires", _("Expires"), lambda line: line.row.expires_on, shown=False),
            Column(
                "received",
                _("Received"),
                lambda line: line.row.received_at,
                lambda line: day(line.row.received_at),
                order="received",
            ),
        ),
        form=lambda params, user, _now: LotFilterForm(params, user=user),
        find=_find_lots,
        nothing=_no_lots,
        unmatched=_("No lots match"),
    )
)

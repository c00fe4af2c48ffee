"""The reserve position: every target, worst first, and the waterfall that opens under a row."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.accounts import matrix
from config.accounts.models import User
from config.ui import figures, htmx
from config.ui.pages import signed_in
from config.ui.steps_chart import Column
from inventory import catalogue
from reserve import ordering, shortfall, trend, waterfall
from reserve.forms import PositionFilter
from reserve.shortfall import ShortfallRow
from reserve.targets import TargetNotFound
from reserve.waterfall import Drop

PAGE, FRAGMENT, ROW = "reserve/position.html", "reserve/parts/position.html", "reserve/parts/position_row.html"
CHARTED = 22


@dataclass(frozen=True)
class Line:
    """One target on the page; `steps` are there when it is open."""

    row: ShortfallRow
    as_of: date
    past: bool
    order_url: str
    steps: list[Drop]


@dataclass(frozen=True)
class StageRow:
    """How the targets of one stage of the chain stand."""

    stage: str
    targets: int
    short: int
    critical: int


@require_safe
def position(request: HttpRequest) -> HttpResponse:
    """All targets, as they stand or stood on a day. Everything that narrows the page is in its address."""
    matrix.require(request.user, "targets.see")
    today = timezone.now().date()
    form = PositionFilter(request.GET, today=today)
    if not form.is_valid():
        return htmx.render(request, PAGE, FRAGMENT, {"form": form, "as_of": today, "today": today}, status=422)
    return htmx.render(request, PAGE, FRAGMENT, _context(signed_in(request), form, today))


@require_safe
def row(request: HttpRequest, pk: int) -> HttpResponse:
    """One row, open or closed, for htmx; without it, the page with that row open."""
    matrix.require(request.user, "targets.see")
    today = timezone.now().date()
    form = PositionFilter(request.GET, today=today)
    if not htmx.is_swap(request) or not form.is_valid():
        return redirect(f"{reverse('position')}?open={pk}#target-{pk}")
    as_of, opened = form.cleaned_data["as_of"], form.cleaned_data["open"]
    found = shortfall.rows(as_of=as_of, today=today, target_ids=[pk]) if pk < 2**63 else []
    if not found:
        raise TargetNotFound()
    (line,) = lines(user=signed_in(request), rows=found, as_of=as_of, today=today, opened=opened)
    return render(request, ROW, {"line": line, "today": today})


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


def _context(user: User, form: PositionFilter, today: date) -> dict[str, Any]:
    given = form.cleaned_data
    as_of: date = given["as_of"]
    every = shortfall.rows(as_of=as_of, today=today)
    rows = [row for row in every if _fits(row, given)]
    return {
        "form": form,
        "as_of": as_of,
        "today": today,
        "lines": lines(user=user, rows=rows, as_of=as_of, today=today, opened=given["open"]),
        "targets": len(every),
        "narrowed": len(rows) < len(every),
        "short": [row for row in rows if row.short_mg],
        "critical": sum(row.severity == "critical" for row in rows),
        "charted": [(_label(row), row.cover_pct, row.level) for row in rows[:CHARTED]],
        "uncharted": max(len(rows) - CHARTED, 0),
        "stages": _stages(rows),
        **(_trend(given, today) if rows else {}),
        "may_propose": matrix.permits(user, "targets.write"),
    }


def _trend(given: dict[str, Any], today: date) -> dict[str, Any]:
    """How the targets stood at the end of each past month, narrowed as the page is."""
    found = trend.standings(today=today, element=given["element"], form=given["form"], stage=given["stage"])
    return {
        "columns": [Column(point.on, point.met, point.targets) for point in found],
        "covers": [figures.percent(point.covered_pct) if point.targets else figures.UNKNOWN for point in found],
        "trend_sentence": trend.sentence(found),
    }


def _fits(row: ShortfallRow, given: dict[str, Any]) -> bool:
    return (
        given["element"] in ("", row.element)
        and given["form"] in ("", row.form)
        and given["stage"] in ("", row.stage)
        and (not given["short"] or row.short_mg > (0 if given["short"] == "1" else row.on_order_mg or 0))
    )


def _label(row: ShortfallRow) -> str:
    return f"{row.name} {row.site}" if row.site else row.name


def _stages(rows: list[ShortfallRow]) -> list[StageRow]:
    found = []
    for stage, label in catalogue.STAGES:
        here = [row for row in rows if row.stage == stage]
        if here:
            critical = sum(row.severity == "critical" for row in here)
            found.append(StageRow(str(label), len(here), sum(row.short_mg > 0 for row in here), critical))
    return found

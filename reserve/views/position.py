"""The reserve position: every target, worst first, and the waterfall that opens under a row."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from config.accounts import matrix
from config.audit.keyset import Page
from config.ui import figures, htmx, lists, tables
from config.ui.pages import signed_in
from config.ui.steps_chart import Column
from inventory import catalogue
from reserve import shortfall, targets, trend
from reserve.forms import PositionFilter
from reserve.shortfall import ShortfallRow
from reserve.tables import POSITION
from reserve.tables.position import Line, lines
from reserve.targets import TargetNotFound

PAGE, FRAGMENT, ROW = "reserve/position.html", "reserve/parts/position.html", "ui/parts/table_body.html"
CHARTED = 22


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
    now = timezone.now()
    today = now.date()
    context = {"as_of": today, "today": today, "may_propose": matrix.permits(request.user, "targets.write")}

    def also(form: PositionFilter, page: Page[Line]) -> dict[str, Any]:
        rows = [_with_toggle(request, line) for line in page.rows]
        before = {} if rows or form.narrowed else _before(form.cleaned_data["as_of"])
        return {**_around(form, [line.row for line in rows], today), "page": replace(page, rows=rows), **before}

    return lists.answer(request, POSITION, PAGE, context, now=now, fragment=FRAGMENT, also=also)


@require_safe
def row(request: HttpRequest, pk: int) -> HttpResponse:
    """One row, open or closed, for htmx; without it, the page with that row open."""
    matrix.require(request.user, "targets.see")
    user, now = signed_in(request), timezone.now()
    asked = tables.asked(POSITION, user=user, params=request.GET, now=now)
    if not htmx.is_swap(request) or not asked.form.is_valid():
        return redirect(f"{reverse('position')}?open={pk}#target-{pk}")
    as_of, opened, today = asked.form.cleaned_data["as_of"], asked.form.cleaned_data["open"], now.date()
    found = shortfall.rows(as_of=as_of, today=today, target_ids=[pk]) if pk < 2**63 else []
    if not found:
        raise TargetNotFound()
    (line,) = lines(user=user, rows=found, as_of=as_of, today=today, opened=opened)
    shown = tables.shown(POSITION, user=user, view=asked.view)
    (body,) = shown.bodies([_with_toggle(request, line)])
    return render(request, ROW, {"shown": shown, "body": body})


def _with_toggle(request: HttpRequest, line: Line) -> Line:
    """The row with the address of this page on which it is closed, or open."""
    params = request.GET.copy()
    params.pop("open", None)
    if not line.steps:
        params["open"] = str(line.row.target)
    return replace(line, toggle=f"?{params.urlencode()}")


def _around(form: PositionFilter, rows: list[ShortfallRow], today: date) -> dict[str, Any]:
    """The sentence, the charts and the stages above the table."""
    given = form.cleaned_data
    return {
        "as_of": given["as_of"],
        "short": [row for row in rows if row.short_mg],
        "critical": sum(row.severity == "critical" for row in rows),
        "charted": [(_label(row), row.cover_pct, row.level) for row in rows[:CHARTED]],
        "uncharted": max(len(rows) - CHARTED, 0),
        "stages": _stages(rows),
        **(_trend(given, today) if rows else {}),
    }


def _before(as_of: date) -> dict[str, Any]:
    """What an empty page says of a day before the first target: since when one counts, and the way to that day."""
    first = targets.first_day()
    if first is None or first <= as_of:
        return {}
    day = figures.day(first)
    note = gettext("The first target came into force on {day}.").format(day=day)
    action = gettext("The position on {day}").format(day=day)
    return {
        "nothing": tables.Nothing(gettext("No target counts on this day"), note, f"?as_of={first.isoformat()}", action)
    }


def _trend(given: dict[str, Any], today: date) -> dict[str, Any]:
    """How the targets stood at the end of each past month, narrowed as the page is."""
    found = trend.standings(today=today, element=given["element"], form=given["form"], stage=given["stage"])
    return {
        "columns": [Column(point.on, point.met, point.targets) for point in found],
        "covers": [figures.percent(point.covered_pct) if point.targets else figures.UNKNOWN for point in found],
        "trend_sentence": trend.sentence(found),
    }


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

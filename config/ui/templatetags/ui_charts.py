"""The charts as template tags. Each is an SVG with a title and a description, and carries its figures as a table."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.text import slugify
from django.utils.translation import gettext as _

from config.ui import charts, figures, map_chart, shapes, steps_chart

register = template.Library()
Row = tuple[str, list[str], str]  # head, cells, and where the head leads


@register.inclusion_tag("ui/parts/chart.html")
def line_chart(
    points: Sequence[tuple[date, int]],
    title: str,
    desc: str = "",
    unit: str = "t",
    target: int | None = None,
    floor: int | None = None,
    step: bool = False,
    second: Sequence[tuple[date, int]] = (),
    second_label: str = "",
    first_label: str = "",
    targets: Sequence[tuple[date, int | None]] = (),
) -> dict[str, Any]:
    """A mass over time: {% line_chart points title="Magnets" unit="t" target=target_mg floor=floor_mg desc="..." %}.

    `points` are (day, mg) in order; `desc` is the sentence that a reader hears; `step` for stock between movements.
    `second`, with points for the same days, is drawn dashed and called `second_label` in the table, the first
    `first_label`. `targets` is a target that changed: (day, mg or None) for the same days.
    """
    unit = figures.overview(unit)
    wanted: dict[str, Any] = {"unit": unit, "target_mg": target, "floor_mg": floor, "step": step, "second": second}
    wanted |= {"targets": targets}
    drawn = [charts.line(points, width=width, **wanted) for width in (560, 340)] if points else []
    beside = [[figures.mass(mg, unit, bare=True)] for _, mg in second] or [[] for _ in points]
    rows = [
        (figures.day(on), [figures.mass(mg, unit, bare=True), *more], "")
        for (on, mg), more in zip(points, beside, strict=True)
    ]
    mass_words = _("Mass")
    head = [_("Day"), f"{first_label or mass_words}, {unit}"] + ([f"{second_label}, {unit}"] if second else [])
    if targets:
        head.append(_("Target, %(unit)s") % {"unit": unit})
        for (_head, cells, _url), (_on, mg) in zip(rows, targets, strict=True):
            cells.append(figures.mass(mg, unit, bare=True))
    return _chart(title, desc, "chart", drawn, head, rows)


@register.inclusion_tag("ui/parts/chart.html")
def bars_chart(rows: Sequence[tuple[str, Decimal | int | None, str]], title: str, desc: str = "") -> dict[str, Any]:
    """Stock against target: {% bars_chart rows title="Stock against target" %}, rows (label, percent, level)."""
    drawn = [charts.bars(rows, narrow=narrow) for narrow in (False, True)] if rows else []
    table = [(label, [figures.percent(value)], "") for label, value, _ in rows]
    return _chart(title, desc, "chart", drawn, [_("Target"), _("Cover")], table)


@register.inclusion_tag("ui/parts/chart.html")
def chain(stages: Sequence[charts.Stage], title: str, desc: str = "", unit: str = "t") -> dict[str, Any]:
    """The chain concentrate to magnet: {% chain stages title="Neodymium along the chain" %}, stages charts.Stage."""
    unit = figures.overview(unit)
    drawn = [charts.chain(stages, unit=unit, narrow=narrow) for narrow in (False, True)] if stages else []
    targeted = any(stage.target_mg is not None for stage in stages)
    counted = any(stage.eligible_mg is not None for stage in stages)
    rows = [
        (
            stage.name,
            [
                figures.mass(stage.held_mg, unit, bare=True),
                *([figures.mass(stage.eligible_mg, unit, bare=True)] if counted else []),
                *([figures.mass(stage.target_mg, unit, bare=True)] if targeted else []),
                " · ".join(words for words in (stage.caption, *stage.share.split("\n"), stage.flag) if words),
            ],
            stage.url,
        )
        for stage in stages
    ]
    head = [_("Stage"), _("Held, %(unit)s") % {"unit": unit}]
    head += [_("Eligible, %(unit)s") % {"unit": unit}] if counted else []
    head += [_("Target, %(unit)s") % {"unit": unit}] if targeted else []
    head.append(_("How it stands"))
    return _chart(title, desc, "chain", drawn, head, rows)


@register.inclusion_tag("ui/parts/chart.html")
def site_map(spots: Sequence[map_chart.Spot], title: str, desc: str = "", unit: str = "t") -> dict[str, Any]:
    """Places from their coordinates: {% site_map spots title="Where it lies" unit="t" %}, spots map_chart.Spot."""
    drawn = [map_chart.draw(spots, unit=figures.overview(unit), width=width) for width in (700, 340)] if spots else []
    return _chart(title, desc, "chart map", drawn, [], [])


@register.inclusion_tag("ui/parts/chart.html")
def bridge_chart(
    start: tuple[str, int], causes: Sequence[tuple[str, int]], now: tuple[str, int], title: str, unit: str = "t"
) -> dict[str, Any]:
    """From then to now by cause: {% bridge_chart start causes now title="What changed" unit="t" %}, (label, mg) each."""
    unit = figures.overview(unit)
    bars = steps_chart.spans(start, causes, now)
    drawn = [steps_chart.bridge(bars, unit=unit, narrow=narrow) for narrow in (False, True)]
    words = [f"{label} {figures.mass(mg, unit, sign=True)}" for label, mg in causes]
    desc = ", ".join([f"{start[0]} {figures.mass(start[1], unit)}", *words, f"{now[0]} {figures.mass(now[1], unit)}"])
    return _chart(title, desc, "chart", drawn, [], [])


@register.inclusion_tag("ui/parts/chart.html")
def columns_chart(
    points: Sequence[steps_chart.Column], title: str, desc: str = "", extra: Sequence[str] = (), extra_label: str = ""
) -> dict[str, Any]:
    """How many of all were met: {% columns_chart points title="Targets met" extra=covers extra_label="Covered" %}."""
    drawn = [steps_chart.columns(points, width=width) for width in (560, 340)] if points else []
    rows = [
        (figures.day(p.on), [figures.number(p.met), figures.number(p.all), *extra[index : index + 1]], "")
        for index, p in enumerate(points)
    ]
    head = [_("Day"), _("Met"), _("In force")] + ([extra_label] if extra else [])
    return _chart(title, desc, "chart", drawn, head, rows)


@register.inclusion_tag("ui/parts/waterfall.html")
def waterfall(steps: Sequence[tuple[str, int, int]], unit: str = "kg", caption: str = "") -> dict[str, Any]:
    """From physical to eligible: {% waterfall steps unit="t" %}, steps (label, mg left, mg lost at this step)."""
    total = max([left_mg + lost_mg for _, left_mg, lost_mg in steps] + [1])
    rows = [
        {
            "label": label,
            "left": figures.mass(left_mg, unit, bare=True),
            "lost": figures.mass(-lost_mg, unit, bare=True) if lost_mg else "",
            "held_width": charts.share(charts.part(left_mg, total)),
            "lost_width": charts.share(charts.part(lost_mg, total)),
        }
        for label, left_mg, lost_mg in steps
    ]
    return {"rows": rows, "unit": unit, "caption": caption}


def _chart(
    title: str, desc: str, css: str, drawn: list[shapes.Figure], head: list[str], rows: list[Row]
) -> dict[str, Any]:
    sizes = zip(("wide", "narrow"), drawn, strict=False)
    return {
        "title": title,
        "desc": desc or title,
        "css": css,
        "key": slugify(title),
        "sizes": list(sizes),
        "head": head,
        "rows": rows,
    }

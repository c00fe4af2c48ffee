"""The charts as template tags. Each is an SVG with a title and a description, and carries its figures as a table."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.text import slugify

from config.ui import charts, figures

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
) -> dict[str, Any]:
    """A mass over time: {% line_chart points title="Magnets" unit="t" target=target_mg floor=floor_mg desc="..." %}.

    `points` are (day, mg) in order; `desc` is the sentence that a reader hears; `step` for stock between movements.
    `second`, with points for the same days, is drawn dashed and called `second_label` in the table.
    """
    wanted: dict[str, Any] = {"unit": unit, "target_mg": target, "floor_mg": floor, "step": step, "second": second}
    drawn = [charts.line(points, width=width, **wanted) for width in (560, 340)] if points else []
    beside = [[figures.mass(mg, unit, bare=True)] for _, mg in second] or [[] for _ in points]
    rows = [
        (figures.day(on), [figures.mass(mg, unit, bare=True), *more], "")
        for (on, mg), more in zip(points, beside, strict=True)
    ]
    head = ["Day", f"Mass, {unit}"] + ([f"{second_label}, {unit}"] if second else [])
    return _chart(title, desc, "chart", drawn, head, rows)


@register.inclusion_tag("ui/parts/chart.html")
def bars_chart(rows: Sequence[tuple[str, Decimal | int | None, str]], title: str, desc: str = "") -> dict[str, Any]:
    """Stock against target: {% bars_chart rows title="Stock against target" %}, rows (label, percent, level)."""
    drawn = [charts.bars(rows, narrow=narrow) for narrow in (False, True)] if rows else []
    table = [(label, [figures.percent(value)], "") for label, value, _ in rows]
    return _chart(title, desc, "chart", drawn, ["Target", "Cover"], table)


@register.inclusion_tag("ui/parts/chart.html")
def chain(stages: Sequence[charts.Stage], title: str, desc: str = "", unit: str = "t") -> dict[str, Any]:
    """The chain concentrate to magnet: {% chain stages title="Neodymium along the chain" %}, stages charts.Stage."""
    drawn = [charts.chain(stages, unit=unit, narrow=narrow) for narrow in (False, True)] if stages else []
    targeted = any(stage.target_mg is not None for stage in stages)
    rows = [
        (
            stage.name,
            [
                figures.mass(stage.held_mg, unit, bare=True),
                *([figures.mass(stage.target_mg, unit, bare=True)] if targeted else []),
                stage.caption,
            ],
            stage.url,
        )
        for stage in stages
    ]
    head = ["Stage", f"Held, {unit}", *([f"Target, {unit}"] if targeted else []), "How it stands"]
    return _chart(title, desc, "chain", drawn, head, rows)


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
    title: str, desc: str, css: str, drawn: list[charts.Figure], head: list[str], rows: list[Row]
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

"""Two drawings of how something came to be: the bridge from then to now, and columns of how many were met."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from config.ui import axis, figures
from config.ui.charts import coordinate as _n
from config.ui.shapes import Figure, Line, Rect, Shape, Text


@dataclass(frozen=True)
class Span:
    """A bar of the bridge in mg, from where it begins to where it ends; a `total` begins at nothing."""

    label: str
    begin_mg: int
    end_mg: int
    total: bool


@dataclass(frozen=True)
class Column:
    """A moment: how many of all were met."""

    on: date
    met: int
    all: int


def spans(start: tuple[str, int], causes: Sequence[tuple[str, int]], now: tuple[str, int]) -> list[Span]:
    """The bars of a bridge: start, each cause from where the one before it ended, and now."""
    found, level = [Span(start[0], 0, start[1], True)], start[1]
    for label, change_mg in causes:
        found.append(Span(label, level, level + change_mg, False))
        level += change_mg
    return [*found, Span(now[0], 0, now[1], True)]


def bridge(bars: Sequence[Span], *, unit: str, narrow: bool) -> Figure:
    """From then to now, a row for each cause: what it added or took away lies where the one before it ended."""
    width, row, left = (340, 42, 0) if narrow else (560, 32, 150)
    end, lowest = width - (4 if narrow else 96), min(min(bar.begin_mg, bar.end_mg) for bar in bars)
    highest = max(max(bar.begin_mg, bar.end_mg) for bar in bars)
    lowest, highest = min(lowest, 0), max(highest, lowest + 1)
    shapes: list[Shape] = []

    def x_of(mg: int) -> Decimal:
        return left + Decimal(mg - lowest) * (end - left) / (highest - lowest)

    for index, bar in enumerate(bars):
        y = row * index
        bar_y = y + 22 if narrow else y + 8
        first, last = sorted((x_of(bar.begin_mg), x_of(bar.end_mg)))
        css = "held" if bar.total else "held ok" if bar.end_mg >= bar.begin_mg else "held warn"
        value = bar.end_mg if bar.total else bar.end_mg - bar.begin_mg
        text = figures.brief(abs(value), unit if bar.total else figures.unit_for(abs(value)))
        text = text if bar.total else ("+" if value > 0 else figures.MINUS) + text
        shapes.append(Rect(css, _n(first), str(bar_y), _n(max(last - first, Decimal(2))), "14", "3"))
        name_css, anchor = "stage small" if bar.total else "label", "start" if narrow else "end"
        shapes.append(Text(name_css, *_label_at(narrow, left, y), bar.label, anchor))
        value_css = "value" if bar.total else "value ok" if value > 0 else "value warn"
        place = (str(width), str(y + 14), "end") if narrow else (_n(last + 8), str(bar_y + 11), "start")
        shapes.append(Text(value_css, place[0], place[1], text, place[2]))
        if index + 1 < len(bars):
            x = x_of(bar.end_mg)
            shapes.append(Line("link", _n(x), str(bar_y + 14), _n(x), str(bar_y + row)))
    return Figure(width, row * len(bars) + 4, tuple(shapes))


def _label_at(narrow: bool, left: int, y: int) -> tuple[str, str]:
    return ("0", str(y + 14)) if narrow else (str(left - 12), str(y + 19))


def columns(points: Sequence[Column], *, width: int) -> Figure:
    """How many were met at each moment: a column of all, filled up to those that were met."""
    most = max(max(point.all for point in points), 1)
    tick = axis.nice_step(most, 4)
    top = tick * -(-most // tick)
    left, right, top_y, bottom = 34, width - 8, 16, 168
    shapes: list[Shape] = []

    def y_of(count: int) -> Decimal:
        return bottom - Decimal(count) * (bottom - top_y) / top

    for count in range(0, top + 1, tick):
        shapes.append(Line("grid", str(left), _n(y_of(count)), str(right), _n(y_of(count))))
        shapes.append(Text("axis", str(left - 8), _n(y_of(count) + 4), figures.number(count), "end"))
    step = Decimal(right - left) / len(points)
    wide = step * Decimal("0.66")
    for index, point in enumerate(points):
        x = left + step * index + (step - wide) / 2
        if point.all:
            shapes.append(Rect("unmet", _n(x), _n(y_of(point.all)), _n(wide), _n(bottom - y_of(point.all)), "2"))
        if point.met:
            shapes.append(Rect("held ok", _n(x), _n(y_of(point.met)), _n(wide), _n(bottom - y_of(point.met)), "2"))
    every = 6 if width > 400 else 12
    for index in range(0, len(points), every):
        x, anchor = left + step * index + step / 2, "middle"
        if index == 0:
            x, anchor = Decimal(left), "start"
        elif index + 1 == len(points):
            x, anchor = Decimal(right), "end"
        shapes.append(Text("axis", _n(x), "190", figures.axis_day(points[index].on, months=True), anchor))
    return Figure(width, 200, tuple(shapes))

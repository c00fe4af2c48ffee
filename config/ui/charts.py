"""The geometry of the charts: plain data in, shapes out, drawn without script or style.
Coordinates are Decimals cut to a tenth and handed over as text, so no float and no locale touches them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from config.ui import axis, figures
from config.ui.shapes import Figure, Line, Path, Rect, Shape, Text

Number = Decimal | int
TENTH = Decimal("0.1")
LABEL = 26  # characters of a label beside a bar; the table has it whole


@dataclass(frozen=True)
class Flow:
    """What can pass from a stage to the next: `label` such as `4 t/mo`, `weight` 1-10 is the arrow's thickness."""

    label: str
    level: str = "ok"
    weight: int = 4
    note: str = ""


@dataclass(frozen=True)
class Stage:
    """One stage of the chain: what is held, a caption, its target, the flow to the next. `eligible_mg` is what counts of
    it, drawn full inside what is there; `share` says how much of the target that is, `flag` what stands against it."""

    name: str
    held_mg: int
    caption: str = ""
    target_mg: int | None = None
    short: bool = False
    flow: Flow | None = None
    url: str = ""
    eligible_mg: int | None = None
    share: str = ""
    flag: str = ""

    @property
    def counting_mg(self) -> int:
        return self.held_mg if self.eligible_mg is None else self.eligible_mg


def share(percent: Number | None) -> str:
    """The filled part of a bar of 100, clamped; "" where the percentage is unknown or nothing."""
    if percent is None or percent <= 0:
        return ""
    return _n(min(Decimal(percent), Decimal(100)))


def part(value: int, total: int, length: int = 100) -> Decimal:
    """The length of `value` on a scale where `total` is `length` long; a little that is not nothing stays visible."""
    if total <= 0 or value <= 0:
        return Decimal(0)
    return max(Decimal(min(value, total) * length) / total, Decimal("0.8"))


def bars(rows: Sequence[tuple[str, Number | None, str]], *, narrow: bool) -> Figure:
    """Percent of target for each row (label, percent, level), with a line at 100 %. A bar past the axis is cut off."""
    longest = max((Decimal(value) for _, value, _ in rows if value is not None), default=Decimal(100))
    top = min(max(-(-int(longest) // 25) * 25, 125), 200)
    room = min(max(len(label) for label, _, _ in rows), LABEL) * 7 + 10
    width, row, left = (340, 40, 0) if narrow else (560, 23, room)
    bottom, end = 8 + row * len(rows), width - 46
    full = _along(100, top, left, end)
    shapes: list[Shape] = []
    for at in range(0, top + 1, 50):
        x = _along(at, top, left, end)
        shapes.append(Line("target" if at == 100 else "grid", _n(x), "4", _n(x), str(bottom)))
        shapes.append(Text("axis", _n(x), str(bottom + 18), f"{at} %", "start" if narrow and at == 0 else "middle"))
    for index, (label, value, level) in enumerate(rows):
        y = 8 + row * index
        bar_y = str(y + 20 if narrow else y + 6)
        name = (str(y + 13), label, "start") if narrow else (str(y + 16), _cut(label), "end")
        filled = _along(min(max(Decimal(value or 0), Decimal(0)), Decimal(top)), top, left, end) - left
        shapes += [
            Text("label", "0" if narrow else str(left - 10), *name),
            Rect("slot", str(left), bar_y, _n(full - left), "11"),
        ]
        shapes += [Rect(f"held {level}", str(left), bar_y, _n(filled), "11")] if filled else []
        figure = "unknown" if value is None else figures.percent(value)
        shapes.append(Text("value", _n(max(left + filled, full) + 6), str(int(bar_y) + 10), figure))
    return Figure(width, bottom + 26, tuple(shapes))


def line(
    points: Sequence[tuple[date, int]],
    *,
    unit: str,
    width: int,
    target_mg: int | None = None,
    floor_mg: int | None = None,
    step: bool = False,
    second: Sequence[tuple[date, int]] = (),
    targets: Sequence[tuple[date, int | None]] = (),
) -> Figure:
    """A mass over time with its target and floor. `step` holds each value until the next point, as stock does.

    `second` is drawn dashed over the same days. `targets` is a target that changed: its level at each day, None without.
    """
    known = [(on, mg) for on, mg in targets if mg is not None]
    highest = max([mg for _, mg in [*points, *second, *known]] + [target_mg or 0, floor_mg or 0, 1])
    ticks = axis.ticks(highest, unit)
    top = ticks[-1]
    labels = [figures.brief(mg, unit, bare=True) for mg in ticks]
    left, right, top_y, bottom = 7 * max(len(label) for label in labels) + 14, width - 12, 14, 168
    first, last = points[0][0].toordinal(), max(points[-1][0].toordinal(), points[0][0].toordinal() + 1)

    def y_of(mg: int) -> Decimal:
        return _along(mg, top, bottom, top_y)

    shapes: list[Shape] = []
    for mg, label in zip(ticks, labels, strict=True):
        y = y_of(mg)
        shapes += [
            Line("grid", str(left), _n(y), str(right), _n(y)),
            Text("axis", str(left - 8), _n(y + 4), label, "end"),
        ]
    shapes += _days(first, last, left, right, width)

    def along(line: Sequence[tuple[date, int]]) -> list[tuple[Decimal, Decimal]]:
        return [(_along(on.toordinal() - first, last - first, left, right), y_of(mg)) for on, mg in line]

    track = along(points)
    path = _track(track, step)
    shapes.append(Path("band", f"{path} L{_n(track[-1][0])} {bottom} L{_n(track[0][0])} {bottom} Z"))
    if second:
        shapes.append(Path("track second", _track(along(second), step)))
    shapes.append(Path("track", path))
    if known:
        shapes.append(Path("target", _track(along(known), step=True)))
    shapes += _levels(target_mg, floor_mg, y_of, unit, left, right, drawn=bool(known))
    return Figure(width, 200, tuple(shapes))


def chain(stages: Sequence[Stage], *, unit: str, narrow: bool) -> Figure:
    """What is held at each stage, all on one scale, with the flows between: across where there is room, else down."""
    scale = max([stage.held_mg for stage in stages] + [stage.target_mg or 0 for stage in stages] + [1])
    return _chain_down(stages, unit, scale) if narrow else _chain_across(stages, unit, scale)


def _chain_across(stages: Sequence[Stage], unit: str, scale: int) -> Figure:
    width, top, tall = 1100, 50, 110
    column = Decimal(width) / len(stages)
    vessel = min(Decimal(104), column - 48)
    shapes: list[Shape] = []
    for index, stage in enumerate(stages):
        middle = column * index + column / 2
        x = middle - vessel / 2
        shapes.append(Text("stage", _n(middle), "24", stage.name, "middle"))
        shapes.append(Rect("slot", _n(x), str(top), _n(vessel), str(tall), "6"))
        for css, mass_mg in _fills(stage):
            filled = part(mass_mg, scale, tall)
            rounding = _n(min(filled / 2, Decimal(6)))
            shapes.append(Rect(css, _n(x), _n(top + tall - filled), _n(vessel), _n(filled), rounding))
        if stage.target_mg is not None:
            shapes += _target_across(stage, scale, unit, x, vessel, (top, tall))
        shapes.append(
            Text("value large", _n(middle), str(top + tall + 26), figures.brief(stage.held_mg, unit), "middle")
        )
        for line, (css, words) in enumerate(_under(stage)):
            shapes.append(Text(css, _n(middle), str(top + tall + 45 + 18 * line), words, "middle"))
        if stage.flow is not None and index + 1 < len(stages):
            shapes += _arrow_right(
                stage.flow, middle + vessel / 2 + 6, middle + column - vessel / 2 - 6, top + tall // 2
            )
    lines = max(len(_under(stage)) for stage in stages)
    return Figure(width, top + tall + 42 + 18 * lines, tuple(shapes))


def _fills(stage: Stage) -> list[tuple[str, int]]:
    """What is there, pale where it does not count, and what counts of it, full."""
    css = "held bad" if stage.short else "held"
    if stage.eligible_mg is None:
        return [(css, stage.held_mg)] if stage.held_mg else []
    there = [("there", stage.held_mg)] if stage.held_mg > stage.eligible_mg else []
    return there + ([(css, stage.eligible_mg)] if stage.eligible_mg else [])


def _under(stage: Stage) -> list[tuple[str, str]]:
    """The lines under a stage: how it stands, its share of the target, its flag."""
    level = " bad" if stage.short else ""
    lines = [(_caption(stage), stage.caption)]
    lines += [(f"caption strong{level}", words) for words in stage.share.split("\n") if words]
    return lines + ([(f"caption strong{level}", f"⚑ {stage.flag}")] if stage.flag else [])


def _target_across(
    stage: Stage, scale: int, unit: str, x: Decimal, vessel: Decimal, span: tuple[int, int]
) -> list[Shape]:
    """The target's line over a vessel and its words, light where they lie on what is held."""
    top, tall = span
    target_mg = stage.target_mg or 0
    y = top + tall - part(target_mg, scale, tall)
    words_y = y - 7 if y - top > 16 else y + 16
    filled_from = top + tall - part(stage.counting_mg, scale, tall)
    over, words_over = y > filled_from, words_y - 11 > filled_from
    if over and not words_over:  # not across the edge of what is held: above it
        words_y = top + tall - part(stage.held_mg, scale, tall) - 5
    reach = 0 if over else 3
    return [
        Line("target inverse" if over else "target", _n(x - reach), _n(y), _n(x + vessel + reach), _n(y)),
        Text(
            "caption inverse" if words_over else "caption",
            _n(x + vessel / 2),
            _n(words_y),
            figures.level("target", target_mg, unit),
            "middle",
        ),
    ]


def _chain_down(stages: Sequence[Stage], unit: str, scale: int) -> Figure:
    width, row = 340, 86 + 18 * any(stage.share or stage.flag for stage in stages)
    shapes: list[Shape] = []
    for index, stage in enumerate(stages):
        y = row * index
        shapes.append(Text("stage", "0", str(y + 16), stage.name))
        shapes.append(Text("value large", str(width), str(y + 16), figures.brief(stage.held_mg, unit), "end"))
        shapes.append(Rect("slot", "0", str(y + 26), str(width), "14", "4"))
        filled = part(stage.counting_mg, scale, width)
        for css, mass_mg in _fills(stage):
            shapes.append(Rect(css, "0", str(y + 26), _n(part(mass_mg, scale, width)), "14", "4"))
        if stage.target_mg is not None:
            x = part(stage.target_mg, scale, width)
            over = "target inverse" if x < filled else "target"
            shapes.append(Line("target", _n(x), str(y + 20), _n(x), str(y + 26)))
            shapes.append(Line(over, _n(x), str(y + 26), _n(x), str(y + 40)))
            shapes.append(
                Text("caption", str(width), str(y + 57), figures.level("target", stage.target_mg, unit), "end")
            )
        first, *more = _under(stage)
        shapes.append(Text(first[0], "0", str(y + 57), first[1]))
        if more:
            shapes.append(Text(more[0][0], "0", str(y + 75), " · ".join(words for _, words in more)))
        if stage.flow is not None and index + 1 < len(stages):
            shapes += _arrow_down(stage.flow, y + row - 23, y + row - 4, width // 2)
    return Figure(width, row * len(stages) - 20, tuple(shapes))


def _caption(stage: Stage) -> str:
    return "caption bad" if stage.short else "caption"


def _arrow_right(flow: Flow, start: Decimal, end: Decimal, y: int) -> list[Shape]:
    middle = (start + end) / 2
    head = f"M{_n(end - 10)} {y - 8} L{_n(end)} {y} L{_n(end - 10)} {y + 8} Z"
    shapes: list[Shape] = [
        Line(f"flow {flow.level}", _n(start), str(y), _n(end - 9), str(y), str(flow.weight)),
        Path(f"head {flow.level}", head),
        Text(f"caption {flow.level}", _n(middle), str(y - 14), flow.label, "middle"),
    ]
    return shapes + (
        [Text(f"caption strong {flow.level}", _n(middle), str(y + 24), flow.note, "middle")] if flow.note else []
    )


def _arrow_down(flow: Flow, start: int, end: int, x: int) -> list[Shape]:
    label = f"{flow.label} · {flow.note}" if flow.note else flow.label
    return [
        Line(f"flow {flow.level}", str(x), str(start), str(x), str(end - 7), str(flow.weight)),
        Path(f"head {flow.level}", f"M{x - 7} {end - 8} L{x} {end} L{x + 7} {end - 8} Z"),
        Text(f"caption {flow.level}", str(x + 14), str((start + end) // 2 + 4), label),
    ]


def _days(first: int, last: int, left: int, right: int, width: int) -> list[Shape]:
    """Five day labels (three where narrow), the outer two kept inside the frame."""
    count = 4 if width > 400 else 2
    shapes: list[Shape] = []
    for index in range(count + 1):
        on = date.fromordinal(first + (last - first) * index // count)
        x = _along(on.toordinal() - first, last - first, left, right)
        anchor = "start" if index == 0 else "end" if index == count else "middle"
        shapes.append(Text("axis", _n(x), "190", figures.axis_day(on, months=last - first > 120), anchor))
    return shapes


def _track(track: Sequence[tuple[Decimal, Decimal]], step: bool) -> str:
    pieces = [f"M{_n(track[0][0])} {_n(track[0][1])}"]
    for (_, before), (x, y) in pairwise(track):
        pieces += [f"L{_n(x)} {_n(before)}"] * step + [f"L{_n(x)} {_n(y)}"]
    return " ".join(pieces)


def _levels(
    target_mg: int | None,
    floor_mg: int | None,
    y_of: Callable[[int], Decimal],
    unit: str,
    left: int,
    right: int,
    *,
    drawn: bool = False,
) -> list[Shape]:
    """The target and floor lines; their words keep out of each other's way."""
    shapes: list[Shape] = []
    for css, mg, other in (("target", target_mg, None), ("floor", floor_mg, target_mg)):
        if mg is None:
            continue
        y = y_of(mg)
        close = other is not None and 0 <= y - y_of(other) < 22
        if not (drawn and css == "target"):
            shapes.append(Line(css, str(left), _n(y), str(right), _n(y)))
        shapes.append(
            Text("axis", str(right), _n(y + 14 if close or y < 24 else y - 6), figures.level(css, mg, unit), "end")
        )
    return shapes


def _cut(label: str) -> str:
    return label if len(label) <= LABEL else label[: LABEL - 1].rstrip() + "…"


def _along(value: Number, top: int, start: Number, end: Number) -> Decimal:
    return start + Decimal(value) * (end - start) / top


def _n(value: Number) -> str:
    text = format(Decimal(value).quantize(TENTH), "f")
    return text.removesuffix(".0")


coordinate = _n  # its name in drawings that have a file of their own

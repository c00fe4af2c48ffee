"""What a drawing is made of: each shape writes itself as SVG, text escaped. A template took ten times as long for them.

Coordinates are text already (`charts.coordinate`), so no float and no locale touches them.
"""

from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class Rect:
    css: str
    x: str
    y: str
    width: str
    height: str
    rx: str = "3"

    def svg(self) -> str:
        return f"<rect{_attributes(self.css, x=self.x, y=self.y, width=self.width, height=self.height, rx=self.rx)}/>"


@dataclass(frozen=True)
class Line:
    css: str
    x1: str
    y1: str
    x2: str
    y2: str
    thick: str = "1"

    def svg(self) -> str:
        ends = _attributes(self.css, x1=self.x1, y1=self.y1, x2=self.x2, y2=self.y2)
        return f'<line{ends} stroke-width="{escape(self.thick)}"/>'


@dataclass(frozen=True)
class Path:
    css: str
    d: str

    def svg(self) -> str:
        return f"<path{_attributes(self.css, d=self.d)}/>"


@dataclass(frozen=True)
class Text:
    css: str
    x: str
    y: str
    text: str
    anchor: str = "start"

    def svg(self) -> str:
        anchor = escape(self.anchor)
        return (
            f'<text{_attributes(self.css, x=self.x, y=self.y)} text-anchor="{anchor}">{escape(str(self.text))}</text>'
        )


@dataclass(frozen=True)
class Circle:
    css: str
    cx: str
    cy: str
    r: str

    def svg(self) -> str:
        return f"<circle{_attributes(self.css, cx=self.cx, cy=self.cy, r=self.r)}/>"


Shape = Rect | Line | Path | Text | Circle


@dataclass(frozen=True)
class Figure:
    """One drawing in its own coordinates; `width` is also the width in CSS pixels it is drawn for."""

    width: int
    height: int
    shapes: tuple[Shape, ...]

    def svg(self) -> SafeString:
        """What stands between <svg> and </svg>, every value in it escaped."""
        return mark_safe("".join(shape.svg() for shape in self.shapes))


def _attributes(css: str, **values: str) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in {"class": css, **values}.items())

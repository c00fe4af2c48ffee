"""A map of places drawn from their coordinates alone: equirectangular, with a graticule, no tiles and no coastline.

Circles are in proportion by area. Labels keep clear of each other and of the circles, or are left to the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, radians

from config.ui import figures
from config.ui.charts import coordinate as _n
from config.ui.shapes import Circle, Figure, Line, Shape, Text

CHARACTER, LINE_HEIGHT, LARGEST = Decimal("6.9"), 15, 34
STEPS = (1, 2, 5, 10, 15, 30)


@dataclass(frozen=True)
class Spot:
    """A place on the map: its name, degrees north and east, and the mass in mg that its circle shows."""

    name: str
    latitude: Decimal
    longitude: Decimal
    mass_mg: int
    url: str = ""


@dataclass(frozen=True)
class Frame:
    """The part of the earth that is drawn, in degrees, and how many pixels a degree is either way."""

    west: Decimal
    south: Decimal
    east: Decimal
    north: Decimal
    across: Decimal
    down: Decimal
    width: int
    height: int

    def x(self, longitude: Decimal | int) -> Decimal:
        return (longitude - self.west) * self.across

    def y(self, latitude: Decimal | int) -> Decimal:
        return (self.north - latitude) * self.down


Box = tuple[Decimal, Decimal, Decimal, Decimal]


def draw(spots: Sequence[Spot], *, unit: str, width: int) -> Figure:
    """The map of the places, `width` pixels wide, with a circle for what lies at each."""
    frame = _frame(spots, width)
    largest = max((spot.mass_mg for spot in spots), default=0) or 1
    ordered = sorted(spots, key=lambda spot: -spot.mass_mg)
    circles = [(frame.x(s.longitude), frame.y(s.latitude), _radius(s.mass_mg, largest, width)) for s in ordered]
    shapes: list[Shape] = _graticule(frame)
    for spot, (x, y, r) in zip(ordered, circles, strict=True):
        shapes.append(Circle("spot" if spot.mass_mg else "spot nothing", _n(x), _n(y), _n(r)))
    taken: list[Box] = [(x - r, y - r, x + r, y + r) for x, y, r in circles]
    for spot, (x, y, r) in zip(ordered, circles, strict=True):
        shapes += _label(spot, x, y, r, unit, frame, taken)
    return Figure(width, frame.height + 22, tuple(shapes))


def _frame(spots: Sequence[Spot], width: int) -> Frame:
    """The smallest frame around all places with room for circles and names; a degree is as long as it is at mid-height."""
    west, east = min(s.longitude for s in spots), max(s.longitude for s in spots)
    south, north = min(s.latitude for s in spots), max(s.latitude for s in spots)
    wide = max((east - west) * Decimal("1.5"), Decimal(8))
    squeeze = Decimal(str(round(max(cos(radians(float((south + north) / 2))), 0.2), 4)))  # degrees, not masses
    across = width / wide
    down = across / squeeze
    least, most = (Decimal(240), Decimal(360)) if width > 400 else (Decimal(210), Decimal(330))
    tall = min(max((north - south) * Decimal("1.5") * down, least), most)
    if (north - south) * Decimal("1.35") * down > most:
        down = most / ((north - south) * Decimal("1.35"))
        across = down * squeeze
        wide = width / across
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    high = tall / down
    return Frame(
        west=middle_x - wide / 2,
        south=middle_y - high / 2,
        east=middle_x + wide / 2,
        north=middle_y + high / 2,
        across=across,
        down=down,
        width=width,
        height=int(tall),
    )


def _radius(mass_mg: int, largest: int, width: int) -> Decimal:
    """In proportion by area, on a scale where the largest is `LARGEST`; what holds a little stays visible."""
    most = LARGEST if width > 400 else 18
    share = (Decimal(mass_mg) / largest).sqrt()
    return max(share * most, Decimal(3))


def _graticule(frame: Frame) -> list[Shape]:
    """Meridians and parallels at round degrees, named along the edges."""
    span = max(frame.east - frame.west, frame.north - frame.south)
    step = next((step for step in STEPS if span / step <= 7), 45)
    shapes: list[Shape] = []
    for degree in _round(frame.west, frame.east, step):
        x = frame.x(degree)
        shapes.append(Line("graticule", _n(x), "0", _n(x), str(frame.height)))
        if 16 < x < frame.width - 16:
            shapes.append(Text("axis", _n(x), str(frame.height + 15), _degree(degree, "E", "W"), "middle"))
    for degree in _round(frame.south, frame.north, step):
        y = frame.y(degree)
        shapes.append(Line("graticule", "0", _n(y), str(frame.width), _n(y)))
        if 14 < y < frame.height - 4:
            shapes.append(Text("axis", "2", _n(y - 4), _degree(degree, "N", "S")))
    return shapes


def _round(first: Decimal, last: Decimal, step: int) -> list[int]:
    start = -int(-first // step) * step if first < 0 else int(first // step) * step
    return [degree for degree in range(start - step, int(last) + step, step) if first < degree < last]


def _degree(value: int, plus: str, minus: str) -> str:
    return f"{figures.number(abs(value))}°" + ("" if not value else f" {plus if value > 0 else minus}")


def _label(spot: Spot, x: Decimal, y: Decimal, r: Decimal, unit: str, frame: Frame, taken: list[Box]) -> list[Shape]:
    """Name and mass in the first free place beside the circle: right, left, below, above, then the corners."""
    mass = figures.brief(spot.mass_mg, unit)
    wide = max(len(spot.name), len(mass)) * CHARACTER
    high = Decimal(2 * LINE_HEIGHT)
    places = [
        (x + r + 5, y - high / 2, "start"),
        (x - r - 5 - wide, y - high / 2, "end"),
        (x - wide / 2, y + r + 3, "middle"),
        (x - wide / 2, y - r - 3 - high, "middle"),
        (x + r * Decimal("0.7") + 4, y + r * Decimal("0.7"), "start"),
        (x + r * Decimal("0.7") + 4, y - r * Decimal("0.7") - high, "start"),
        (x - r * Decimal("0.7") - 4 - wide, y + r * Decimal("0.7"), "end"),
        (x - r * Decimal("0.7") - 4 - wide, y - r * Decimal("0.7") - high, "end"),
    ]
    places += [
        (x - r, y - r - 3 - high, "start"),
        (x + r - wide, y - r - 3 - high, "end"),
        (x - r, y + r + 3, "start"),
        (x + r - wide, y + r + 3, "end"),
    ]
    own = (x - r, y - r, x + r, y + r)
    for left, top, anchor in places:
        if _free((left, top, left + wide, top + high), frame, taken, own):
            return _words(spot, mass, left, top, anchor, wide)
    return _led(spot, mass, x, y, r, (wide, high), frame, taken)


def _led(
    spot: Spot,
    mass: str,
    x: Decimal,
    y: Decimal,
    r: Decimal,
    size: tuple[Decimal, Decimal],
    frame: Frame,
    taken: list[Box],
) -> list[Shape]:
    """Where there is no room beside the circle: the words further off, with a line that leads to them."""
    wide, high = size
    for far in (26, 44, 62, 80, 100, 124):
        for along, down in ((0, 1), (0, -1), (-1, 1), (1, 1), (-1, -1), (1, -1), (-2, 1), (2, 1), (-2, -1), (2, -1)):
            middle, top = x + along * far * Decimal("0.7"), y + down * (r + far) - (high if down < 0 else 0)
            box = (middle - wide / 2, top, middle + wide / 2, top + high)
            if _free(box, frame, taken, None):
                end = top if down > 0 else top + high
                line = Line("leader", _n(x), _n(y), _n(middle), _n(end))
                return [line, *_words(spot, mass, box[0], top, "middle", wide)]
    return []


def _free(box: Box, frame: Frame, taken: list[Box], own: Box | None) -> bool:
    """Whether the box is inside the frame and clear of all that is taken, but for the circle it belongs to; takes it."""
    inside = min(box[:2]) >= 0 and box[2] <= frame.width and box[3] <= frame.height
    if not inside or any(_meet(box, other) for other in taken if other != own):
        return False
    taken.append(box)
    return True


def _words(spot: Spot, mass: str, left: Decimal, top: Decimal, anchor: str, wide: Decimal) -> list[Shape]:
    at = {"start": left, "end": left + wide, "middle": left + wide / 2}[anchor]
    return [
        Text("spot-name", _n(at), _n(top + 12), spot.name, anchor),
        Text("caption", _n(at), _n(top + 12 + LINE_HEIGHT), mass, anchor),
    ]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

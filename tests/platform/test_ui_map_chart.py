"""The map: everything inside its frame, circles by area, labels that never lie on one another."""

from decimal import Decimal

import pytest

from config.ui import map_chart
from config.ui.map_chart import Spot
from config.ui.shapes import Circle, Text

T = 10**9
DEPOTS = [
    Spot("Hammond Depot", Decimal("41.5834"), Decimal("-87.5"), 88 * T),
    Spot("Warren Depot", Decimal("41.2376"), Decimal("-80.8184"), 106 * T),
    Spot("Scotia Depot", Decimal("42.8265"), Decimal("-73.9643"), 95 * T),
    Spot("Point Pleasant Depot", Decimal("38.8445"), Decimal("-82.1371"), 32 * T),
    Spot("Curtis Bay Depot", Decimal("39.225"), Decimal("-76.585"), 43 * T),
    Spot("Wenden Depot", Decimal("33.8225"), Decimal("-113.541"), 71 * T),
]
CROWD = [Spot(f"Store {n}", Decimal(50) + Decimal(n) / 500, Decimal(4), n * T) for n in range(30)]


def boxes(figure):
    for name in [shape for shape in figure.shapes if isinstance(shape, Text) and shape.css == "spot-name"]:
        wide = len(name.text) * map_chart.CHARACTER
        left = Decimal(name.x) - {"start": Decimal(0), "middle": Decimal(wide) / 2, "end": Decimal(wide)}[name.anchor]
        yield left, Decimal(name.y) - 12, left + wide, Decimal(name.y) + 18


@pytest.mark.parametrize("width", [700, 340])
@pytest.mark.parametrize("spots", [DEPOTS, CROWD, DEPOTS[:1]])
def test_labels_and_circles_stay_inside_and_labels_apart(spots, width):
    figure = map_chart.draw(spots, unit="t", width=width)
    circles = [shape for shape in figure.shapes if isinstance(shape, Circle)]
    assert len(circles) == len(spots)
    for circle in circles:
        x, y, r = Decimal(circle.cx), Decimal(circle.cy), Decimal(circle.r)
        assert r <= x <= figure.width - r
        assert r <= y <= figure.height - r
    found = list(boxes(figure))
    assert found
    for index, one in enumerate(found):
        assert one[0] >= -1
        assert one[2] <= figure.width + 1
        assert not any(map_chart._meet(one, other) for other in found[index + 1 :])


def test_every_depot_is_named_where_there_is_room():
    figure = map_chart.draw(DEPOTS, unit="t", width=700)
    names = {shape.text for shape in figure.shapes if isinstance(shape, Text)}
    assert {spot.name for spot in DEPOTS} <= names


def test_area_is_in_proportion_to_mass():
    spots = [Spot("A", Decimal(0), Decimal(0), 4 * T), Spot("B", Decimal(0), Decimal(40), T)]
    large, small = [shape for shape in map_chart.draw(spots, unit="t", width=700).shapes if isinstance(shape, Circle)]
    assert Decimal(large.r) == 2 * Decimal(small.r)

"""The geometry of the charts: nothing outside the frame, levels where they belong, no float."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from config.ui import axis, charts
from config.ui.charts import Flow, Stage
from config.ui.shapes import Line, Path, Rect, Text

TONNE_MG = 10**9


def texts(figure):
    return [shape.text for shape in figure.shapes if isinstance(shape, Text)]


def of_class(figure, kind, css):
    return [shape for shape in figure.shapes if isinstance(shape, kind) and css in shape.css.split()]


def edges(figure):
    """Every x and y that a shape reaches."""
    for shape in figure.shapes:
        if isinstance(shape, Rect):
            yield Decimal(shape.x) + Decimal(shape.width), Decimal(shape.y) + Decimal(shape.height)
        elif isinstance(shape, Line):
            yield Decimal(shape.x1), Decimal(shape.y1)
            yield Decimal(shape.x2), Decimal(shape.y2)
        elif isinstance(shape, Text):
            yield Decimal(shape.x), Decimal(shape.y)


def assert_inside(figure):
    assert all(0 <= x <= figure.width and 0 <= y <= figure.height for x, y in edges(figure))


@pytest.mark.parametrize(
    ("percent", "width"),
    [(None, ""), (0, ""), (Decimal("-3"), ""), (Decimal("48.26"), "48.3"), (100, "100"), (Decimal(232), "100")],
)
def test_it_clamps_a_share_to_the_bar(percent, width):
    assert charts.share(percent) == width


def test_it_keeps_a_little_visible():
    assert charts.part(1, 10**15) > 0
    assert charts.part(0, 10**15) == 0


@pytest.mark.parametrize(("top", "step"), [(1, 1), (4, 1), (5, 2), (160, 50), (100, 25), (7_001, 2_000)])
def test_it_chooses_round_steps(top, step):
    assert axis.nice_step(top, 4) == step


@pytest.mark.parametrize("narrow", [True, False])
def test_it_draws_cover_against_a_line_at_a_hundred(narrow):
    rows = [("Neodymium oxide", Decimal(31), "bad"), ("Nodules", Decimal(232), "ok"), ("Scandium", None, "muted")]
    figure = charts.bars(rows, narrow=narrow)
    (full,) = of_class(figure, Line, "target")
    (short,), (past,) = of_class(figure, Rect, "bad"), of_class(figure, Rect, "ok")
    assert Decimal(short.x) + Decimal(short.width) < Decimal(full.x1) < Decimal(past.x) + Decimal(past.width)
    assert not of_class(figure, Rect, "muted")
    assert "unknown" in texts(figure)
    assert_inside(figure)


def test_it_cuts_a_long_label_beside_a_bar_and_keeps_it_above_one():
    label = "Samarium-cobalt magnet block, 2:17, sintered"
    assert label not in texts(charts.bars([(label, Decimal(50), "bad")], narrow=False))
    assert label in texts(charts.bars([(label, Decimal(50), "bad")], narrow=True))


def points(*tonnes):
    return [(date(2026, 1, 1) + timedelta(days=30 * index), mass * TONNE_MG) for index, mass in enumerate(tonnes)]


def test_it_draws_a_line_with_its_target_and_floor():
    figure = charts.line(points(58, 70, 54, 94), unit="t", width=560, target_mg=120 * TONNE_MG, floor_mg=60 * TONNE_MG)
    (target,), (floor,) = of_class(figure, Line, "target"), of_class(figure, Line, "floor")
    assert Decimal(target.y1) < Decimal(floor.y1)
    assert {"target 120\u00a0t", "floor 60\u00a0t", "0", "150"} <= set(texts(figure))
    assert_inside(figure)


def test_it_holds_a_value_until_the_next_where_stock_moves_in_steps():
    (path,) = of_class(charts.line(points(10, 20), unit="t", width=560, step=True), Path, "track")
    assert path.d.count("L") == 2


@pytest.mark.parametrize("series", [points(0), points(5), points(0, 0)])
def test_it_draws_even_where_there_is_next_to_nothing(series):
    assert_inside(charts.line(series, unit="kg", width=340))


STAGES = [
    Stage("Oxide", 418 * TONNE_MG, "28 mo", target_mg=180 * TONNE_MG, flow=Flow("9 t/mo")),
    Stage("Metal", 0, "none", flow=Flow("1.5 t/mo", "bad", 2, "bottleneck")),
    Stage("Magnet", 58 * TONNE_MG, "3.9 mo", target_mg=120 * TONNE_MG, short=True, flow=Flow("never drawn")),
]


@pytest.mark.parametrize("narrow", [True, False])
def test_it_draws_the_chain_with_what_is_short_and_what_holds_it_up(narrow):
    figure = charts.chain(STAGES, unit="t", narrow=narrow)
    assert len(of_class(figure, Rect, "slot")) == 3
    assert len(of_class(figure, Rect, "held")) == 2
    assert len(of_class(figure, Rect, "bad")) == 1
    assert len(of_class(figure, Line, "flow")) == 2
    assert "bottleneck" in " ".join(texts(figure))
    assert "never drawn" not in texts(figure)
    assert_inside(figure)


@pytest.mark.parametrize(
    ("mg", "text"),
    [(412 * TONNE_MG, "412"), (31_250_000_000, "31.2"), (3_000, "0.000003"), (1_234 * TONNE_MG, "1,234"), (0, "0")],
)
def test_it_writes_three_figures_that_matter_in_a_drawing(mg, text):
    figure = charts.chain([Stage("Oxide", mg)], unit="t", narrow=True)
    assert f"{text}\u00a0t" in texts(figure)


def test_it_draws_a_second_line_over_the_same_days_and_makes_room_for_it():
    days = [date(2026, 11, 1), date(2027, 11, 1)]
    first, second = [(day, 10 * 10**9) for day in days], [(day, 90 * 10**9) for day in days]
    figure = charts.line(first, unit="t", width=560, second=second)
    tracks = [shape for shape in figure.shapes if isinstance(shape, Path) and shape.css.startswith("track")]
    assert [shape.css for shape in tracks] == ["track second", "track"]
    assert "100" in [shape.text for shape in figure.shapes if isinstance(shape, Text)]

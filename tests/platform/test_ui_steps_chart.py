"""The bridge and the columns: bars begin where the one before them ended, and everything is inside the frame."""

from datetime import date
from decimal import Decimal

import pytest

from config.ui import steps_chart
from config.ui.shapes import Rect, Text
from config.ui.steps_chart import Column

T = 10**9
BARS = steps_chart.spans(("On 31 Oct 2026", 100 * T), [("Accepted", 40 * T), ("Issued", -60 * T)], ("Today", 80 * T))


def test_a_cause_begins_where_the_one_before_it_ended():
    assert [(bar.begin_mg // T, bar.end_mg // T) for bar in BARS] == [(0, 100), (100, 140), (140, 80), (0, 80)]


@pytest.mark.parametrize("narrow", [True, False])
def test_it_draws_what_came_and_went_with_sign_and_colour(narrow):
    figure = steps_chart.bridge(BARS, unit="t", narrow=narrow)
    rects = [shape for shape in figure.shapes if isinstance(shape, Rect)]
    assert [rect.css for rect in rects] == ["held", "held ok", "held warn", "held"]
    assert {"+40\xa0t", "\u221260\xa0t"} <= {shape.text for shape in figure.shapes if isinstance(shape, Text)}
    assert all(Decimal(r.x) >= 0 and Decimal(r.x) + Decimal(r.width) <= figure.width for r in rects)


@pytest.mark.parametrize("narrow", [True, False])
def test_it_draws_from_nothing_to_nothing(narrow):
    bars = steps_chart.spans(("Then", 0), [("Accepted", 5), ("Issued", -5)], ("Today", 0))
    assert steps_chart.bridge(bars, unit="g", narrow=narrow).shapes


@pytest.mark.parametrize("width", [560, 340])
def test_columns_are_as_high_as_their_numbers(width):
    points = [Column(date(2026, month, 28), month, 12) for month in range(1, 11)] + [Column(date(2026, 11, 2), 0, 0)]
    rects = [shape for shape in steps_chart.columns(points, width=width).shapes if isinstance(shape, Rect)]
    met = [Decimal(rect.height) for rect in rects if rect.css == "held ok"]
    assert len(met) == 10
    assert met == sorted(met)
    assert len([rect for rect in rects if rect.css == "unmet"]) == 10

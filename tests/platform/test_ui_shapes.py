"""config.ui.shapes: a drawing's shapes as SVG."""

import pytest

from config.ui.shapes import Circle, Figure, Line, Path, Rect, Text

SHAPES = [
    (Rect("held low", "1", "2", "3.5", "4"), '<rect class="held low" x="1" y="2" width="3.5" height="4" rx="3"/>'),
    (Line("grid", "1", "2", "3", "4"), '<line class="grid" x1="1" y1="2" x2="3" y2="4" stroke-width="1"/>'),
    (Path("track", "M1 2 L3 4"), '<path class="track" d="M1 2 L3 4"/>'),
    (Circle("spot", "1", "2", "3"), '<circle class="spot" cx="1" cy="2" r="3"/>'),
    (Text("label", "1", "2", "Nd"), '<text class="label" x="1" y="2" text-anchor="start">Nd</text>'),
]


@pytest.mark.parametrize(("shape", "svg"), SHAPES, ids=lambda value: type(value).__name__)
def test_it_writes_the_shape(shape, svg):
    assert shape.svg() == svg


def test_it_shows_script_in_a_label_as_text():
    drawn = Figure(10, 10, (Text('a"b', "1", "2", "</text><script>alert('x')</script>"),)).svg()
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn
    assert 'class="a&quot;b"' in drawn


def test_it_keeps_the_order_in_which_shapes_lie_over_each_other():
    figure = Figure(10, 10, (Circle("first", "1", "1", "1"), Text("second", "1", "1", "x")))
    assert figure.svg().index("first") < figure.svg().index("second")

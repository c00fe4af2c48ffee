"""How severe a shortfall is, at each bound."""

import pytest

from reserve import severity

BOUNDS = [
    # (eligible, required, floor, severity)
    (1001, 1000, None, ""),
    (1000, 1000, None, ""),
    (999, 1000, None, "minor"),
    (800, 1000, None, "minor"),
    (799, 1000, None, "major"),
    (500, 1000, None, "major"),
    (499, 1000, None, "critical"),
    (700, 1000, 700, "major"),
    (699, 1000, 700, "critical"),
    (0, 1000, 0, "major"),
]


@pytest.mark.parametrize(("eligible", "required", "floor", "expected"), BOUNDS)
def test_it_changes_at_its_bounds_to_the_milligram(
    eligible: int, required: int, floor: int | None, expected: str
) -> None:
    assert severity.of(eligible_mg=eligible, required_mg=required, floor_mg=floor) == expected

"""Contained mass is rounded half-even to the milligram, by Python when it is written and by SQL when it is read alike."""

from decimal import Decimal
from fractions import Fraction

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.ledger.state import contained_mg
from inventory.verification.sums import half_even

masses = st.one_of(st.integers(0, 1000), st.integers(0, 9 * 10**15))
shares = st.one_of(
    st.sampled_from(["0", "0.5", "0.25", "0.125", "0.75", "1", "0.0000000001", "0.9999999999", "0.3333333333"]),
    st.decimals(min_value=0, max_value=1, places=10, allow_nan=False).map(lambda value: format(value, "f")),
)
ways = st.lists(st.tuples(masses, shares, shares), min_size=1, max_size=50)


@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ways=ways)
def test_three_ways_to_round_give_one_number(db: None, ways: list[tuple[int, str, str]]) -> None:
    exact = [(mass, moisture, fraction) for mass, moisture, fraction in ways if Decimal(moisture) < 1]
    written = [contained_mg(mass, Decimal(moisture), Decimal(fraction)) for mass, moisture, fraction in exact]
    assert written == [
        round(mass * (1 - Fraction(moisture)) * Fraction(fraction)) for mass, moisture, fraction in exact
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT inventory_contained_mg(mass, moisture, fraction), {half_even('mass * (1 - moisture) * fraction')}"
            " FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[]) WITH ORDINALITY AS w(mass, moisture, fraction, i)"
            " ORDER BY i",
            [list(column) for column in zip(*exact, strict=True)] if exact else [[], [], []],
        )
        assert [(int(read), int(verified)) for read, verified in cursor.fetchall()] == [(mg, mg) for mg in written]

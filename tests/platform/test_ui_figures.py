"""Masses, percentages and days as people read them: exact, and never better than the truth."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from config.ui import figures

NB = figures.NO_BREAK


@pytest.mark.parametrize(
    ("mg", "unit", "text"),
    [
        (0, "kg", "0"),
        (1, "kg", "0.000001"),
        (12_345_600_000, "kg", "12,345.6"),
        (12_345_678_901, "kg", "12,345.678901"),
        (-2_850_000, "kg", "−2.85"),
        (1, "t", "0.000000001"),
        (1_500, "g", "1.5"),
        (1_234_567, "mg", "1,234,567"),
        (9_223_372_036_854_775_807, "kg", "9,223,372,036,854.775807"),
        (Decimal(2_000_000), "kg", "2"),
    ],
)
def test_it_writes_a_mass_exactly(mg, unit, text):
    assert figures.mass(mg, unit, bare=True) == text
    assert figures.mass(mg, unit) == f"{text}{NB}{unit}"


@pytest.mark.parametrize("mg", [1.0, Decimal("1.5")])
def test_it_refuses_what_is_not_whole_milligrams(mg):
    with pytest.raises(ValueError, match="whole number of milligrams"):
        figures.mass(mg)


def test_it_shows_an_unknown_mass_as_unknown_and_not_as_zero():
    assert figures.mass(None) == figures.tonnes(None) == figures.percent(None) == "–"


def test_it_marks_what_came_in_where_asked():
    assert figures.mass(5_000_000, sign=True, bare=True) == "+5"
    assert figures.mass(0, sign=True, bare=True) == "0"


@pytest.mark.parametrize(
    ("mg", "text"),
    [
        (58_123_456_789, "58.123"),
        (58_123_500_000, "58.124"),
        (58_122_500_000, "58.122"),
        (58_122_500_001, "58.123"),
        (-1_500_000_000, "−1.500"),
        (0, "0.000"),
        (499_999, "<0.001"),
        (1_234_567_000_000_000, "1,234,567.000"),
    ],
)
def test_it_rounds_tonnes_half_even_to_the_kilogram(mg, text):
    assert figures.tonnes(mg, bare=True) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("48.3", 0, "48"),
        ("48.5", 0, "48"),
        ("99.97", 0, "99.9"),
        ("99.9999", 2, "99.99"),
        ("100", 0, "100"),
        ("232.4", 0, "232"),
        ("0.2", 0, "<1"),
        ("0", 0, "0"),
        ("-6.2", 1, "−6.2"),
        ("85.7365", 2, "85.74"),
        ("1234", 0, "1,234"),
    ],
)
def test_it_never_rounds_a_short_cover_up_to_full(value, places, text):
    assert figures.percent(Decimal(value), places) == f"{text}{NB}%"


def test_it_writes_days_and_moments_the_same_everywhere():
    at = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
    assert figures.day(date(2026, 11, 20)) == figures.day(at) == "20 Nov 2026"
    assert figures.moment(at) == "20 Nov 2026 14:05 UTC"


@pytest.mark.parametrize(
    ("mg", "unit", "text"),
    [
        (0, "kg", "0.000"),
        (1, "kg", "<0.001"),
        (12_345_678_501, "kg", "12,345.679"),
        (1_500, "kg", "0.002"),
        (1_234, "g", "1.234"),
        (7, "mg", "7"),
    ],
)
def test_it_rounds_for_overviews_to_three_decimals_of_the_rows_own_unit(mg, unit, text):
    assert figures.rounded(mg, unit, bare=True) == text


@pytest.mark.parametrize(
    ("mg", "text"),
    [(412_345_678_901, "412"), (58_050_000_000, "58"), (1_249_000_000, "1.25"), (0, "0"), (61_000_000, "0.061")],
)
def test_it_writes_three_figures_in_sentences(mg, text):
    assert figures.brief(mg, "t") == f"{text}{NB}t"


def test_it_writes_french_with_its_own_marks_and_days():
    with translation.override("fr"):
        assert figures.mass(1_234_567_800_000) == f"1\u202f234\u202f567,8{NB}kg"
        assert figures.tonnes(1) == f"<0,001{NB}t"
        assert figures.brief(1_249_000_000, "t") == f"1,25{NB}t"
        assert figures.percent(Decimal("85.7365"), 2) == f"85,74{NB}%"
        assert figures.percent(48) == f"48{NB}%"
        assert figures.day(date(2026, 11, 24)) == "24 nov. 2026"
        assert figures.moment(datetime(2026, 3, 1, 14, 5, tzinfo=UTC)) == "1 mars 2026 14:05 UTC"
        assert figures.number(-1234) == "-1\u202f234"
        assert figures.axis_day(date(2026, 11, 24), months=True) == "nov. 26"


def test_it_writes_masses_in_the_preferred_unit_only_where_a_row_has_none():
    with figures.preferring("t"):
        assert figures.mass(1_234_500_000) == f"1.2345{NB}t"
        assert figures.mass(1_234_500_000, "kg") == f"1,234.5{NB}kg"
    with figures.preferring("lb"):
        assert figures.mass(453_592_370) == f"1,000.000{NB}lb"
    assert figures.mass(10**6) == f"1{NB}kg"
    with pytest.raises(ValueError, match="not 'stone'"), figures.preferring("stone"):
        pass

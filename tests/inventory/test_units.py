"""Masses as people enter them."""

from decimal import Decimal

import pytest

from inventory import units


@pytest.mark.parametrize(
    ("quantity", "unit", "mg"),
    [
        ("1", "mg", 1),
        ("0.000001", "kg", 1),
        ("2.85", "kg", 2_850_000),
        ("0.000000001", "t", 1),
        ("22046.226", "lb", 9_999_999_901),
        ("1", "short ton", 907_184_740),
        ("1", "long ton", 1_016_046_909),
        ("1", "troy oz", 31_103),
    ],
)
def test_it_gives_the_exact_milligrams(quantity: str, unit: str, mg: int) -> None:
    assert units.enter(quantity, unit).mg == mg


def test_a_customary_unit_keeps_what_was_entered() -> None:
    entered = units.enter("1.5", "lb")
    assert (entered.quantity, entered.unit, entered.mg) == (Decimal("1.5"), "lb", 680_389)


@pytest.mark.parametrize(
    "quantity",
    [
        "0",
        "-1",
        "NaN",
        "Infinity",
        "1e400",
        "1E3",
        "1_000",
        "１２.5",
        "٣.٥",
        "",
        " ",
        "1,5",
        "0x10",
        "+1",
        ".5",
        "5.",
        "9" * 40,
    ],
)
def test_it_refuses_what_is_not_a_plain_positive_mass(quantity: str) -> None:
    with pytest.raises(units.BadMass):
        units.enter(quantity)


@pytest.mark.parametrize(("quantity", "unit"), [("0.0000001", "kg"), ("0.5", "mg"), ("1.0000000001", "t")])
def test_it_refuses_more_than_a_milligram_can_say_and_never_rounds(quantity: str, unit: str) -> None:
    with pytest.raises(units.BadMass, match="finer than a milligram"):
        units.enter(quantity, unit)


@pytest.mark.parametrize(("unit", "why"), [("mtu", "contained"), ("flask", "mercury"), ("stone", "must be one of")])
def test_it_refuses_a_unit_of_another_basis_or_none(unit: str, why: str) -> None:
    with pytest.raises(units.BadMass, match=why):
        units.enter("1", unit)


def test_kilograms_are_written_exactly() -> None:
    assert [units.kg(mg) for mg in (0, 1, 12_500_000, -1_000_000, 10**15)] == [
        "0",
        "0.000001",
        "12.5",
        "-1",
        "1000000000",
    ]

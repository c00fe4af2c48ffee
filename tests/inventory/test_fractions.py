"""Frozen element fractions: against molmass, and the conversion vectors of the domain."""

import csv
import re
from decimal import Decimal

import pytest
from molmass import Formula

from inventory import fractions
from inventory.reference import DATA


def _spelled(formula: str) -> str:
    hydrate = re.fullmatch(r"(.*)\.(\d*)H2O", formula)
    return f"{hydrate[1]}(H2O){hydrate[2] or 1}" if hydrate else formula


def test_every_factor_of_the_domain_is_frozen_and_agrees_with_it() -> None:
    with (DATA / "stoichiometric_factors.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 50
    for row in rows:
        off = fractions.of(row["element"], row["formula"]) / Decimal(row["element_mass_fraction"]) - 1
        assert abs(off) < Decimal("3e-4"), row


@pytest.mark.parametrize("key", sorted(fractions.frozen()), ids="-".join)
def test_a_frozen_fraction_is_what_molmass_says_to_the_last_digits_of_the_tables(key: tuple[str, str]) -> None:
    symbol, formula = key
    found = {item.symbol: item.fraction for item in Formula(_spelled(formula)).composition().values()}[symbol]
    assert abs(Decimal(repr(found)) / fractions.of(symbol, formula) - 1) < Decimal("1e-4")


def test_the_conversion_vectors_hold_to_5_parts_per_million() -> None:
    nd, w = fractions.of("Nd", "Nd2O3"), fractions.of("W", "WO3")
    reo = Decimal(1000) * (1 - Decimal("0.08")) * Decimal("0.60")
    oxide = reo * Decimal("0.157") * Decimal("0.90")
    metal = oxide * nd * Decimal("0.95")
    magnet = metal * Decimal("0.70") / Decimal("0.31")
    needed = Decimal(1000) * Decimal("0.31") / Decimal("0.70") / Decimal("0.95") / nd
    for computed, expected in [
        (1000 * Decimal("0.995") * nd, "853.068"),
        (reo, "552.0"),
        (oxide, "77.998"),
        (metal, "63.528"),
        (magnet, "143.45"),
        (needed, "543.726"),
        (100 * 10 * w, "792.971"),
    ]:
        printed = Decimal(1).scaleb(-len(expected.partition(".")[2])) / 2
        assert abs(computed - Decimal(expected)) < max(Decimal(expected) * Decimal("5e-6"), printed), expected

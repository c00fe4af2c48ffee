"""Element mass fractions of compounds: computed once (IUPAC abridged atomic weights), frozen in data/element_fractions.csv.

A library upgrade never changes them. Used when a material is added; lots keep their own from then on.
"""

import csv
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from inventory.reference import DATA


class Fraction(NamedTuple):
    element: str
    formula: str
    fraction: Decimal
    source: str
    dated_on: date


@cache
def frozen() -> dict[tuple[str, str], Fraction]:
    """(symbol, formula) -> frozen fraction, quantised to 10 digits, with its source and date."""
    with (DATA / "element_fractions.csv").open(newline="", encoding="utf-8") as file:
        return {
            (row["element"], row["formula"]): Fraction(
                row["element"],
                row["formula"],
                Decimal(row["fraction"]),
                row["source"],
                date.fromisoformat(row["dated_on"]),
            )
            for row in csv.DictReader(file)
        }


def of(symbol: str, formula: str) -> Decimal:
    """Mass fraction of an element in a pure compound. Raises KeyError for one that is not frozen."""
    return frozen()[symbol, formula].fraction

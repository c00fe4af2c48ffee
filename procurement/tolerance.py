"""Variation in quantity: how much more than ordered may arrive. 0 % means 0 % (FAR 52.211-16)."""

from decimal import Decimal


def most_mg(*, wanted_mg: int, tolerance_pct: Decimal) -> int:
    """The most that may arrive on a line: wanted mass plus tolerance, in whole milligrams, never rounded up."""
    return wanted_mg * (10_000 + int(tolerance_pct * 100)) // 10_000

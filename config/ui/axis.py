"""Where the marks of an axis stand: round numbers in the unit that it is read in."""

from decimal import Decimal

from config.ui import figures


def nice_step(top: int, ticks: int) -> int:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that reaches `top` in at most `ticks` steps."""
    step = 1
    while True:
        for tenths in (10, 20, 25, 50):
            if step * tenths % 10 == 0 and step * tenths // 10 * ticks >= top:
                return step * tenths // 10
        step *= 10


def ticks(highest_mg: int, unit: str) -> list[int]:
    """The masses in mg that an axis names, from 0 to the first that reaches the highest; round ones in the unit."""
    grain = figures.POUND_MG / 1000 if unit == "lb" else Decimal(1)
    grains = -int(-highest_mg // grain)
    step = nice_step(grains, 4)
    return [int(step * index * grain) for index in range(-(-grains // step) + 1)]

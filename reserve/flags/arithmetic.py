"""The arithmetic of a flag: as it was frozen at opening, beside what it is now."""

from dataclasses import dataclass
from typing import Any

from reserve.flags.reads import FlagRow
from reserve.shortfall import ShortfallRow

ROWS = (
    ("required_mg", "Required"),
    ("floor_mg", "Floor"),
    ("physical_mg", "Held anywhere"),
    ("in_store_mg", "In a store"),
    ("accepted_mg", "Accepted: A, B, C"),
    ("in_date_mg", "In date"),
    ("compliant_mg", "Compliant, where asked"),
    ("eligible_mg", "Free, so eligible"),
    ("short_mg", "Short"),
    ("on_order_mg", "On order, not counted"),
)
STRONG = ("required_mg", "eligible_mg", "short_mg")


@dataclass(frozen=True)
class Figure:
    """One line of the arithmetic, in mg; None where it was not stated."""

    label: str
    opening_mg: int | None
    now_mg: int | None
    strong: bool

    @property
    def change_mg(self) -> int | None:
        if self.opening_mg is None or self.now_mg is None:
            return None
        return self.now_mg - self.opening_mg


def lines(opening: dict[str, Any], now: ShortfallRow | None) -> list[Figure]:
    """Opening beside now, from required to short. Empty for a flag that is not about a target."""
    if "required_mg" not in opening:
        return []
    frozen = {name: _mg(opening.get(name)) for name, _ in ROWS}
    frozen["short_mg"] = max((frozen["required_mg"] or 0) - (frozen["eligible_mg"] or 0), 0)
    found = [Figure(label, frozen[name], getattr(now, name, None), name in STRONG) for name, label in ROWS]
    return [line for line in found if line.opening_mg is not None or line.now_mg is not None]


def _mg(value: Any) -> int | None:
    return None if value is None else int(value)


def unit(flag: FlagRow, now: ShortfallRow | None) -> str:
    """The unit in which the flag is told."""
    return now.unit if now else flag.unit

"""The arithmetic of a flag: as it was frozen at opening, beside what it is now."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from reserve.flags.reads import FlagRow
from reserve.shortfall import ShortfallRow

ROWS = (
    ("required_mg", gettext_lazy("Required")),
    ("floor_mg", gettext_lazy("Floor")),
    ("physical_mg", gettext_lazy("Held anywhere")),
    ("in_store_mg", gettext_lazy("In a store")),
    ("accepted_mg", gettext_lazy("Accepted: A, B, C")),
    ("in_date_mg", gettext_lazy("In date")),
    ("compliant_mg", gettext_lazy("Compliant, where asked")),
    ("eligible_mg", gettext_lazy("Free, so eligible")),
    ("short_mg", gettext_lazy("Short")),
    ("on_order_mg", gettext_lazy("On order, not counted")),
)
STRONG = ("required_mg", "eligible_mg", "short_mg")


@dataclass(frozen=True)
class Figure:
    """One line of the arithmetic, in mg; None where it was not stated."""

    label: str | Promise
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

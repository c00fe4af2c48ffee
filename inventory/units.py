"""Masses: integer milligrams inside, the unit a person chose outside.

mg, g, kg and t are exact and refused beyond the milligram. Customary units keep the entered quantity and unit; their mg is
derived once, half-even. Factors: NIST SP 811 (2008) appendix B; metric ton unit: USGS, 10 kg of contained compound.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from config.audit import edge
from config.audit.refused import Refused

EXACT = {"mg": Decimal(1), "g": Decimal(10**3), "kg": Decimal(10**6), "t": Decimal(10**9)}
CUSTOMARY = {
    "lb": Decimal("453592.37"),
    "short ton": Decimal("907184740"),
    "long ton": Decimal("1016046908.8"),
    "troy oz": Decimal("31103.4768"),
    "mtu": Decimal(10**7),
    "flask": Decimal("34473020.12"),
}
UNITS = EXACT | CUSTOMARY
MAX_MG = 9_000_000_000_000_000_000 // 1000  # 9 million tonnes in one entry; sums of a thousand such still fit a BIGINT
# The customary units in words; mg, g, kg, t, lb and mtu are the same in every language.
WORDS = (gettext_noop("short ton"), gettext_noop("long ton"), gettext_noop("troy oz"), gettext_noop("flask"))
DECIMALS = 12  # what is kept of a quantity as it was entered
_WIDE = Context(prec=60)


@dataclass(frozen=True)
class Entered:
    """A mass as somebody wrote it, and the milligrams it comes to."""

    quantity: Decimal
    unit: str
    mg: int


class BadMass(Refused):
    code = "bad_mass"
    status = 422
    template = _("{value} {unit} is not a mass that can be entered: {why}")
    field = "net_kg"


def enter(
    quantity: str | Decimal,
    unit: str = "kg",
    *,
    field: str = "net_kg",
    element_symbols: tuple[str, ...] = (),
    nothing: bool = False,
) -> Entered:
    """Return the mass of `quantity` `unit`. Refuses BadMass: not plain digits, not positive, finer than 1 mg, too much.

    With `nothing`, no mass at all is one too: a count may find the place empty. An mtu counts contained compound, so it
    cannot state a net mass; a flask holds mercury only.
    """
    try:
        value = edge.decimal(quantity)
        if unit not in UNITS:
            raise edge.NotPlain(format_lazy(_("the unit must be one of {names}."), names=", ".join(UNITS)))
        if unit == "mtu":
            raise edge.NotPlain(_("a metric ton unit counts contained compound, not net mass; give the net mass."))
        if unit == "flask" and "Hg" not in element_symbols:
            raise edge.NotPlain(_("a flask holds mercury only."))
        if value < 0 or (value == 0 and not nothing):
            raise edge.NotPlain(
                _("it must be more than nothing.") if not nothing else _("it cannot be less than nothing.")
            )
        if int(value.normalize(_WIDE).as_tuple().exponent) < -DECIMALS:
            raise edge.NotPlain(format_lazy(_("it has more than {decimals} decimals."), decimals=DECIMALS))
        exact = _WIDE.multiply(value, UNITS[unit])
        if unit in EXACT and exact != exact.to_integral_value():
            raise edge.NotPlain(_("it is finer than a milligram (6 decimals of a kilogram)."))
        mg = int(exact.to_integral_value(rounding=ROUND_HALF_EVEN))
        if mg > MAX_MG or (value and not mg):
            raise edge.NotPlain(_("it must lie between 1 mg and 9 million t."))
    except edge.NotPlain as plain:
        raise BadMass(value=str(quantity)[:40], unit=unit, why=plain.args[0]).at(field) from None
    return Entered(value, unit, mg)


def kg(mg: int) -> str:
    """Exact kilograms as a decimal string, without trailing zeros: 12500000 -> '12.5'."""
    sign, whole, rest = "-" if mg < 0 else "", *divmod(abs(mg), 10**6)
    return f"{sign}{whole}.{rest:06d}".rstrip("0").rstrip(".")

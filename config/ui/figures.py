"""Numbers and days as people read them. Exact: integers and Decimals in, text out, no float on the way."""

from datetime import date, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from django.utils import dateformat, timezone

PLACES = {"mg": 0, "g": 3, "kg": 6, "t": 9}
MINUS, NO_BREAK, UNKNOWN = "\u2212", "\u00a0", "–"
Mass = int | Decimal


def mass(mg: Mass | None, unit: str = "kg", *, bare: bool = False, sign: bool = False) -> str:
    """Writes a mass given in mg exactly, in mg, g, kg or t: `12,345.6 kg`. `bare` leaves the unit to the head."""
    if mg is None:
        return UNKNOWN
    whole = _integral(mg)
    number, fraction = divmod(abs(whole), 10 ** PLACES[unit])
    digits = f"{fraction:0{PLACES[unit]}d}".rstrip("0") if fraction else ""
    text = _signed(whole, f"{number:,}" + (f".{digits}" if digits else ""), sign)
    return text if bare else text + NO_BREAK + unit


def tonnes(mg: Mass | None, *, bare: bool = False, sign: bool = False) -> str:
    """Writes a mass given in mg in tonnes, rounded half-even to the kilogram; what is not zero never reads 0.000."""
    return rounded(mg, "t", bare=bare, sign=sign)


def rounded(mg: Mass | None, unit: str, *, bare: bool = False, sign: bool = False) -> str:
    """Writes a mass given in mg in mg, g, kg or t, rounded half-even to three decimals; what is not zero never reads 0.000."""
    if mg is None:
        return UNKNOWN
    if not PLACES[unit]:
        return mass(mg, unit, bare=bare, sign=sign)
    whole = _integral(mg)
    grain = 10 ** (PLACES[unit] - 3)
    grains, rest = divmod(abs(whole), grain)
    grains += rest * 2 > grain or (rest * 2 == grain and grains % 2 == 1)
    text = f"{grains // 1000:,}.{grains % 1000:03d}"
    text = _signed(whole, "<0.001" if whole and not grains else text, sign)
    return text if bare else text + NO_BREAK + unit


def unit_for(most_mg: int) -> str:
    """The unit in which the largest of some masses reads well: t from 1 t (and for nothing), kg from 1 kg, else g."""
    return "t" if most_mg >= 10**9 or not most_mg else "kg" if most_mg >= 10**6 else "g"


def brief(mg: Mass, unit: str) -> str:
    """Writes a mass given in mg to three figures, for drawings and sentences; the exact one must stand nearby."""
    shown = Decimal(_integral(mg)).scaleb(-PLACES[unit])
    places = min(max(2 - shown.adjusted(), 0), PLACES[unit]) if shown else 0
    text = f"{shown.quantize(Decimal(1).scaleb(-places)):,}"
    return (text.rstrip("0").rstrip(".") if places else text) + NO_BREAK + unit


def percent(value: Decimal | int | None, places: int = 0) -> str:
    """Writes a percentage: `48 %`. What is below 100 never reads 100, and what is above 0 never reads 0."""
    if value is None:
        return UNKNOWN
    exact = Decimal(value)
    shown = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    if exact < 100 <= shown:
        shown = exact.quantize(Decimal(1).scaleb(-max(places, 1)), ROUND_FLOOR)
    if exact > 0 and shown == 0:
        return f"<{Decimal(1).scaleb(-places)}{NO_BREAK}%"
    return _signed(int(shown < 0) * -1, f"{abs(shown):,}", False) + f"{NO_BREAK}%"


def day(value: date) -> str:
    """`20 Nov 2026`; a moment gives its day in the current time zone."""
    return dateformat.format(_local(value), "j M Y")


def moment(value: datetime) -> str:
    """`20 Nov 2026 14:05 UTC`, in the current time zone and saying which."""
    return dateformat.format(timezone.localtime(value), "j M Y H:i T")


def iso_day(value: date) -> str:
    return _local(value).strftime("%Y-%m-%d")


def _local(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def _integral(mg: Mass) -> int:
    if isinstance(mg, float) or int(mg) != mg:
        raise ValueError(f"A mass is a whole number of milligrams, not {mg!r}.")
    return int(mg)


def _signed(value: int, text: str, plus: bool) -> str:
    if value < 0:
        return MINUS + text
    return "+" + text if plus and value > 0 else text

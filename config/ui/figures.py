"""Numbers and days as people read them. Exact: integers and Decimals in, text out, no float on the way."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from django.utils import dateformat, timezone, translation
from django.utils.translation import gettext as _

PLACES = {"mg": 0, "g": 3, "kg": 6, "t": 9}
MINUS, NO_BREAK, UNKNOWN = "\u2212", "\u00a0", "–"
POUND_MG = Decimal("453592.37")
KG_MG = 10**6
MG = {**{unit: Decimal(10**places) for unit, places in PLACES.items()}, "lb": POUND_MG}
UNITS = tuple(MG)
Mass = int | Decimal

# How a language writes numbers: the mark between groups, the decimal mark, and the words of a day.
_MARKS = {"fr": ("\u202f", ",")}
_DAYS = {"fr": "j N Y"}
# The unit that the person reading prefers where a row has none of its own; set for each page, kg everywhere else.
_preferred: ContextVar[str] = ContextVar("preferred_unit", default="kg")


@contextmanager
def preferring(unit: str) -> Iterator[None]:
    """Masses without a unit of their own are written in this one (mg, g, kg, t or lb) until the block ends."""
    if unit not in UNITS:
        raise ValueError(f"A mass is shown in {', '.join(UNITS)}, not {unit!r}.")
    token = _preferred.set(unit)
    try:
        yield
    finally:
        _preferred.reset(token)


def in_unit(words: str) -> str:
    """Words over masses in kg, with the unit that the person prefers: `Net, kg` -> `Net, t`."""
    unit = preferred_unit()
    return words if unit == "kg" else re.sub(r"\bkg\b", unit, words)


def preferred_unit() -> str:
    """The unit of masses that are written without one of their own: the person's choice, or kg."""
    return _preferred.get()


def marked(text: str) -> str:
    """A number written as `1,234.5`, with the marks of the language that the page speaks: `1 234,5` in French."""
    marks = _MARKS.get(_language())
    return text.translate({ord(","): marks[0], ord("."): marks[1]}) if marks else text


def number(value: int | Decimal) -> str:
    """A count or a plain decimal with groups: `1,234`, `1 234` in French."""
    return marked(f"{value:,}")


def plain(text: str) -> str:
    """A decimal in plain digits as a person types it: `12.5`, `12,5` in French. No groups, nothing rounded."""
    return text.replace(".", _MARKS.get(_language(), ("", "."))[1])


def _language() -> str:
    return (translation.get_language() or "en").partition("-")[0]


def mass(mg: Mass | None, unit: str = "", *, bare: bool = False, sign: bool = False) -> str:
    """Writes a mass given in mg exactly, in mg, g, kg or t: `12,345.6 kg`. `bare` leaves the unit to the head.

    Without a unit it is the one that the person prefers; pounds are rounded to three decimals.
    """
    unit = unit or preferred_unit()
    if mg is None:
        return UNKNOWN
    if unit == "lb":
        return rounded(mg, unit, bare=bare, sign=sign)
    whole = _integral(mg)
    number, fraction = divmod(abs(whole), 10 ** PLACES[unit])
    digits = f"{fraction:0{PLACES[unit]}d}".rstrip("0") if fraction else ""
    text = _signed(whole, marked(f"{number:,}" + (f".{digits}" if digits else "")), sign)
    return text if bare else text + NO_BREAK + unit


def tonnes(mg: Mass | None, *, bare: bool = False, sign: bool = False) -> str:
    """Writes a mass given in mg in tonnes, rounded half-even to the kilogram; what is not zero never reads 0.000.

    Who reads masses in pounds gets pounds.
    """
    return rounded(mg, overview("t"), bare=bare, sign=sign)


def overview(unit: str) -> str:
    """The unit in which overviews write what is traded in `unit`: that one, or pounds for a person who prefers them."""
    return "lb" if preferred_unit() == "lb" else unit


def rounded(mg: Mass | None, unit: str, *, bare: bool = False, sign: bool = False) -> str:
    """Writes a mass given in mg in mg, g, kg, t or lb, rounded half-even to three decimals; what is not zero never
    reads 0.000."""
    if mg is None:
        return UNKNOWN
    if unit == "mg":
        return mass(mg, unit, bare=bare, sign=sign)
    whole = _integral(mg)
    grain = POUND_MG / 1000 if unit == "lb" else Decimal(10 ** (PLACES[unit] - 3))
    grains = int((abs(whole) / grain).to_integral_value(ROUND_HALF_EVEN))
    text = f"{grains // 1000:,}.{grains % 1000:03d}"
    text = _signed(whole, marked("<0.001" if whole and not grains else text), sign)
    return text if bare else text + NO_BREAK + unit


def unit_for(most_mg: int) -> str:
    """The unit in which overviews write masses of which this is the largest."""
    return overview(metric_for(most_mg))


def metric_for(most_mg: int) -> str:
    """The metric unit in which the largest of some masses reads well: t from 1 t (and for nothing), kg from 1 kg, else g."""
    return "t" if most_mg >= 10**9 or not most_mg else "kg" if most_mg >= 10**6 else "g"


def brief(mg: Mass, unit: str, *, bare: bool = False) -> str:
    """Writes a mass given in mg to three figures, for drawings and sentences; the exact one must stand nearby."""
    shown = _integral(mg) / MG[unit]
    places = min(max(2 - shown.adjusted(), 0), PLACES.get(unit, 3)) if shown else 0
    text = f"{shown.quantize(Decimal(1).scaleb(-places)):,}"
    text = marked(text.rstrip("0").rstrip(".") if places else text)
    return text if bare else text + NO_BREAK + unit


def level(which: str, mg: Mass, unit: str) -> str:
    """A `target` or a `floor` as a chart names it: `target 120 t`."""
    words = _("target {mass}") if which == "target" else _("floor {mass}")
    return words.format(mass=brief(mg, unit))


def percent(value: Decimal | int | None, places: int = 0) -> str:
    """Writes a percentage: `48 %`. What is below 100 never reads 100, and what is above 0 never reads 0."""
    if value is None:
        return UNKNOWN
    exact = Decimal(value)
    shown = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    if exact < 100 <= shown:
        shown = exact.quantize(Decimal(1).scaleb(-max(places, 1)), ROUND_FLOOR)
    if exact > 0 and shown == 0:
        return marked(f"<{Decimal(1).scaleb(-places)}") + f"{NO_BREAK}%"
    return _signed(int(shown < 0) * -1, marked(f"{abs(shown):,}"), False) + f"{NO_BREAK}%"


def day(value: date) -> str:
    """`20 Nov 2026`, `20 nov. 2026` in French; a moment gives its day in the current time zone."""
    return dateformat.format(_local(value), _DAYS.get(_language(), "j M Y"))


def moment(value: datetime) -> str:
    """`20 Nov 2026 14:05 UTC`, in the current time zone and saying which."""
    return dateformat.format(timezone.localtime(value), _DAYS.get(_language(), "j M Y") + " H:i T")


def axis_day(value: date, *, months: bool) -> str:
    """A day as an axis bears it: `20 Nov`, or `Nov 26` where the axis runs over months."""
    month = "N" if _language() in _DAYS else "M"
    return dateformat.format(value, f"{month} y" if months else f"j {month}")


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

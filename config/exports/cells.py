"""A value as a cell of a file: exact, and never a formula.

A spreadsheet takes text that begins with = + - @, a tab or a line end (or the full-width signs) for a formula, and text from
people can begin so. In CSV such text gets an apostrophe before it (OWASP, CSV injection), also where a semicolon, tab or
line end inside it would begin a cell for a program that splits there. XLSX says of each cell that it is text.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils.functional import Promise

from config.audit import edge

Value = str | Promise | Decimal | int | date | datetime | None
FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b\u2212"
BEGINS = re.compile(rf"\s*[{FORMULA}]|[\t\r\n]")
INSIDE = re.compile(rf"([;\t\r\n]\s*\"?\s*)([{FORMULA}])")
# What a spreadsheet's number holds without rounding.
DIGITS = 15


def plain(value: Value) -> str:
    """The value as text, exactly: masses as plain decimals, days and moments in ISO 8601, moments in UTC."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Decimal():
            return edge.plain(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
    return str(value)


def defused(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = INSIDE.sub(r"\1'\2", text)
    return f"'{text}" if BEGINS.match(text) else text


def csv(value: Value) -> str:
    """A cell of a CSV: numbers and days as they are, text defused."""
    return plain(value) if isinstance(value, Decimal | int | date | None) else defused(str(value))


def is_number(value: Value) -> bool:
    """True for what a spreadsheet's number holds to the last digit."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        return False
    return len(plain(Decimal(value)).lstrip("-").replace(".", "").strip("0")) <= DIGITS and abs(value) < 10**DIGITS

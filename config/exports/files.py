"""Writing a list into a file, row by row, so that memory stays flat however long it is."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from config.exports import cells
from config.exports.models import Export
from config.exports.refusals import TooLongForACell
from config.ui.tables import Column

EVERY = 100
LONGEST_CELL = 32_767
FIRST_EXCEL_YEAR = 1900


@dataclass(frozen=True)
class About:
    """What a file says of itself beside its rows: pairs of a word and a text, in order."""

    title: str
    facts: tuple[tuple[str, str], ...]


def write(
    to: IO[bytes],
    format: str,
    *,
    about: About,
    columns: Sequence[Column],
    rows: Iterable[Any],
    tell: Callable[[int], None],
) -> int:
    """Write the rows and return how many. `tell` hears of every hundred, and may stop it by raising."""
    if format == Export.Format.XLSX:
        return _xlsx(to, about, columns, rows, tell)
    return _csv(to, about if format == Export.Format.CSV else None, columns, rows, tell)


def _values(columns: Sequence[Column], row: Any) -> list[cells.Value]:
    return [column.value(row) for column in columns if column.value is not None]


def _csv(
    to: IO[bytes], about: About | None, columns: Sequence[Column], rows: Iterable[Any], tell: Callable[[int], None]
) -> int:
    """RFC 4180. For people with a byte order mark and what it is above the rows; for programs the bare table."""
    text = io.TextIOWrapper(to, encoding="utf-8", errors="replace", newline="", write_through=False)
    if about:
        text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    if about:
        writer.writerow([cells.defused(about.title)])
        writer.writerows([[cells.defused(word), cells.defused(fact)] for word, fact in about.facts])
        writer.writerow([])
    writer.writerow([cells.defused(column.filed) for column in columns])
    count = 0
    for count, row in enumerate(rows, 1):
        writer.writerow([cells.csv(value) for value in _values(columns, row)])
        if count % EVERY == 0:
            tell(count)
    text.flush()
    text.detach()
    return count


def _xlsx(
    to: IO[bytes], about: About, columns: Sequence[Column], rows: Iterable[Any], tell: Callable[[int], None]
) -> int:
    book = xlsxwriter.Workbook(
        to,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    try:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(_sheet_name(_("Rows")))
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, max(len(columns) - 1, 0), 18)
        heads = [column.filed for column in columns if column.value is not None]
        for at, head in enumerate(heads):
            sheet.write_string(0, at, head, bold)
        count = 0
        for count, row in enumerate(rows, 1):
            for at, value in enumerate(_values(columns, row)):
                _cell(sheet, count, at, value, heads[at])
            if count % EVERY == 0:
                tell(count)
        _about(book, about, count)
    finally:
        book.close()
    return count


def _cell(sheet: Any, line: int, at: int, value: cells.Value, head: str) -> None:
    if value is None or value == "":
        return
    if cells.is_number(value):
        sheet.write_number(line, at, value)
    elif isinstance(value, date) and not isinstance(value, datetime) and value.year > FIRST_EXCEL_YEAR:
        sheet.write_datetime(line, at, value)
    else:
        _text(sheet, line, at, cells.plain(value), head)


def _text(sheet: Any, line: int, at: int, words: str, head: str) -> None:
    """Whole or not at all. Raises TooLongForACell."""
    if len(words) > LONGEST_CELL:
        raise TooLongForACell(column=head, most=LONGEST_CELL)
    sheet.write_string(line, at, words)


def _about(book: Any, about: About, count: int) -> None:
    """A second sheet: what this is, of when, for whom."""
    sheet = book.add_worksheet(_sheet_name(_("About")))
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 80)
    for line, (word, fact) in enumerate([("", about.title), *about.facts, (_("Number of rows"), str(count))]):
        sheet.write_string(line, 0, word)
        _text(sheet, line, 1, fact, word)


def _sheet_name(words: str) -> str:
    """At most 31 characters, none of those that a sheet's name may not hold."""
    return "".join(" " if letter in "[]:*?/\\'" else letter for letter in words)[:31] or "1"

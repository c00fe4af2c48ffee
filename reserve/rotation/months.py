"""Months of the schedule: rows under their month, and a month as the weeks of a calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

from reserve.rotation.reads import CalendarDay, RotationRow

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 1)


@dataclass(frozen=True)
class Cell:
    """One day of a calendar page. `due` is what is due then; days of other months are `outside` and stay empty."""

    day: date
    outside: bool
    today: bool
    due: CalendarDay | None

    @property
    def hidden(self) -> int:
        """How many rows of the day are not shown."""
        return self.due.total - len(self.due.rows) if self.due else 0


def grouped(rows: list[RotationRow]) -> list[tuple[date, list[RotationRow]]]:
    """(first of the month, rows due in it), in the rows' order."""
    months: dict[date, list[RotationRow]] = {}
    for row in rows:
        months.setdefault(row.due_on.replace(day=1), []).append(row)
    return list(months.items())


def last_of(month: date) -> date:
    """The last day of the month that begins on `month`."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def before(month: date) -> date | None:
    """The month before, or None where calendars end."""
    return (month - timedelta(days=1)).replace(day=1) if month > EARLIEST else None


def after(month: date) -> date | None:
    """The month after, or None where calendars end."""
    return last_of(month) + timedelta(days=1) if month < LATEST else None


def cells(month: date, due: list[CalendarDay], *, today: date) -> list[Cell]:
    """Whole weeks, Monday first, that hold the month which begins on `month`."""
    by_day = {found.day: found for found in due}
    start = month - timedelta(days=month.weekday())
    weeks = -(-((last_of(month) - start).days + 1) // 7)
    days = [start + timedelta(days=number) for number in range(7 * weeks)]
    return [
        Cell(day, (day.year, day.month) != (month.year, month.month), day == today, by_day.get(day)) for day in days
    ]

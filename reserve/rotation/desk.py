"""What the schedule says on people's desks: retests and replacements due at their sites, and how many are overdue."""

from dataclasses import dataclass
from datetime import date, timedelta

from config.accounts.models import User
from reserve.rotation import reads
from reserve.rotation.reads import RotationRow, Wanted

SOON = timedelta(days=60)
SHOWN = 20
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Due:
    """Rows due until a day, soonest first (so overdue ones lead), how many there are, and whether more than are shown."""

    until: date
    rows: list[RotationRow]
    more: bool
    count: int

    @property
    def overdue(self) -> int:
        return sum(row.state == "overdue" for row in self.rows)


def due(*, user: User, today: date, limit: int = SHOWN) -> Due:
    """Open rows that are overdue or due within 60 days at the sites that the person may see. Three queries."""
    until = today + SOON
    page = reads.rows(user=user, today=today, wanted=Wanted(until=until), size=limit)
    return Due(until, page.rows, more=bool(page.next), count=page.count)


def overdue(*, user: User, today: date, most: int = MOST_COUNTED) -> int:
    """How many rows are overdue at the sites that the person may see, counted up to `most`. One query."""
    return reads.counted(user=user, today=today, wanted=Wanted(state="overdue"), most=most)

"""The buyer's desk: needs without an order, what waits for me, what is late, my drafts."""

from dataclasses import dataclass
from datetime import date, datetime

from config.accounts.models import User
from config.audit.keyset import Few
from procurement import desk, orders
from reserve import flags, shortfall
from reserve.flags.reads import FlagRow
from reserve.shortfall import ShortfallRow

SHOWN = 12
MOST = 50


@dataclass(frozen=True)
class Need:
    """A target that is short by more than what is on order for it; `waiting` answer its flag and are not placed yet."""

    row: ShortfallRow
    uncovered_mg: int
    waiting: list[orders.OrderRow]

    @property
    def uncounted_mg(self) -> int:
        """What is there and does not count: on hold, in quarantine or on its way, lapsed, or not free."""
        return self.row.physical_mg - self.row.eligible_mg


@dataclass(frozen=True)
class Buyer:
    needs: list[Need]
    uncovered: int
    short: int
    mine: list[FlagRow]
    to_place: Few[orders.OrderRow]
    submitted: Few[orders.OrderRow]
    late: Few[desk.LateRow]
    expiring: Few[orders.OrderRow]
    drafts: Few[orders.OrderRow]


def read(*, user: User, now: datetime) -> Buyer:
    """Eleven queries. Raises NotAllowed for whoever may not see targets and flags."""
    today = now.date()
    rows = [row for row in shortfall.rows(as_of=today) if row.short_mg]
    uncovered = [row for row in rows if row.short_mg > (row.on_order_mg or 0)]
    return Buyer(
        needs=_needs(user, uncovered[:SHOWN], today),
        uncovered=len(uncovered),
        short=len(rows),
        mine=flags.listing(user=user, owner=user.username),
        to_place=desk.to_place(user, today=today, limit=MOST),
        submitted=desk.submitted(user, today=today, limit=MOST),
        late=desk.late_lines(user, today=today, limit=MOST),
        expiring=desk.expiring(user, today=today, limit=MOST),
        drafts=desk.drafts(user, today=today, limit=MOST),
    )


def _needs(user: User, rows: list[ShortfallRow], today: date) -> list[Need]:
    waiting = desk.unplaced(user, flag_ids=[row.flag.id for row in rows if row.flag], today=today)
    return [
        Need(row, row.short_mg - (row.on_order_mg or 0), waiting.get(row.flag.id, []) if row.flag else [])
        for row in rows
    ]

"""The buyer's desk: needs without an order, what waits for me, what is late, my drafts."""

from dataclasses import dataclass
from datetime import datetime

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
    """A target that is short by more than what is on order for it."""

    row: ShortfallRow
    uncovered_mg: int


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
    """Nine queries. Raises NotAllowed for whoever may not see targets and flags."""
    today = now.date()
    rows = [row for row in shortfall.rows(as_of=today) if row.short_mg]
    needs = [Need(row, row.short_mg - (row.on_order_mg or 0)) for row in rows if row.short_mg > (row.on_order_mg or 0)]
    return Buyer(
        needs=needs[:SHOWN],
        uncovered=len(needs),
        short=len(rows),
        mine=flags.listing(user=user, owner=user.username),
        to_place=desk.to_place(user, today=today, limit=MOST),
        submitted=desk.submitted(user, today=today, limit=MOST),
        late=desk.late_lines(user, today=today, limit=MOST),
        expiring=desk.expiring(user, today=today, limit=MOST),
        drafts=desk.drafts(user, today=today, limit=MOST),
    )

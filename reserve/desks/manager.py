"""The manager's desk: where the reserve is short, who acts on it, what waits for a decision, what changed and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.accounts.models import User
from config.approvals import reads
from config.approvals.reads import RequestRow
from config.audit.keyset import Few
from inventory import changes
from inventory.changes import Change
from procurement import desk, orders
from reserve import flags, shortfall
from reserve.desks import reading
from reserve.flags.reads import FlagRow
from reserve.shortfall import ShortfallRow

SHOWN = 8
MOST = 50
DAYS = (1, 7, 30)


@dataclass(frozen=True)
class Manager:
    worst: list[ShortfallRow]
    targets: int
    short: int
    critical: int
    flags: list[FlagRow]
    open_flags: int
    severe: int
    unowned: int
    requests: Few[RequestRow]
    orders: Few[orders.OrderRow]
    changes: list[Change]
    turned: list[FlagRow]
    since: datetime

    @property
    def to_decide(self) -> int:
        return self.requests.of + self.orders.of


def read(*, user: User, now: datetime, days: int | None = None) -> Manager:
    """What is short, open and waiting, and what changed since the person last read it, or in the last `days`; 12 queries.

    Raises NotAllowed for who sees no targets.
    """
    today, since = now.date(), now - timedelta(days=days) if days else reading.since(user, now)
    rows = shortfall.rows(as_of=today)
    open_flags = flags.listing(user=user)
    return Manager(
        worst=rows[:SHOWN],
        targets=len(rows),
        short=sum(row.short_mg > 0 for row in rows),
        critical=sum(row.severity == "critical" for row in rows),
        flags=[flag for flag in open_flags if flag.state != "waived"][:SHOWN],
        open_flags=len(open_flags),
        severe=sum(flag.severity == "critical" for flag in open_flags),
        unowned=sum(not flag.owner for flag in open_flags),
        requests=reads.to_decide(user=user, most=MOST),
        orders=desk.waiting_for_approval(user, today=today, limit=MOST),
        changes=changes.by_cause(user=user, since=since, until=now),
        turned=flags.turned(user=user, since=since, until=now, most=SHOWN),
        since=since,
    )

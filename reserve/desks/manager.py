"""The manager's desk: where the reserve is short, who acts on it, what waits for a decision, what changed and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.accounts.models import User
from config.approvals import reads
from config.approvals.reads import RequestRow
from inventory import changes
from inventory.changes import Change
from procurement import desk, orders
from reserve import flags, shortfall
from reserve.flags.reads import FlagRow
from reserve.shortfall import ShortfallRow

SHOWN = 8
SINCE = timedelta(days=7)


@dataclass(frozen=True)
class Manager:
    worst: list[ShortfallRow]
    targets: int
    short: int
    critical: int
    flags: list[FlagRow]
    open_flags: int
    unowned: int
    requests: list[RequestRow]
    waiting: int
    orders: list[orders.OrderRow]
    changes: list[Change]
    since: datetime
    opened: int
    closed: int

    @property
    def to_decide(self) -> int:
        return self.waiting + len(self.orders)


def read(*, user: User, now: datetime) -> Manager:
    """Thirteen queries. Raises NotAllowed for whoever may not see targets and flags."""
    today = now.date()
    rows = shortfall.rows(as_of=today)
    open_flags = flags.listing(user=user)
    events = flags.count_events(since=now - SINCE)
    pending = reads.listing(user=user, state="pending").rows
    return Manager(
        worst=rows[:SHOWN],
        targets=len(rows),
        short=sum(row.short_mg > 0 for row in rows),
        critical=sum(row.severity == "critical" for row in rows),
        flags=[flag for flag in open_flags if flag.state != "waived"][:SHOWN],
        open_flags=len(open_flags),
        unowned=sum(not flag.owner for flag in open_flags),
        requests=[row for row in reversed(pending) if reads.may_decide(user, row)][:SHOWN],
        waiting=reads.waiting_for(user=user),
        orders=desk.waiting_for_approval(user, today=today),
        changes=changes.by_cause(user=user, since=now - SINCE, until=now),
        since=now - SINCE,
        opened=events.get("opened", 0) + events.get("reopened", 0),
        closed=events.get("closed", 0),
    )

"""The auditor's desk: any day again, opening + movements = closing, what was waived or overridden, what verification says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

from config.accounts.models import User
from config.approvals import reads, reviews
from config.approvals.reads import RequestRow
from config.approvals.reviews import GlassRow
from config.audit import log
from config.audit.keyset import Few
from config.exports import log as exports
from config.exports.log import ExportRow
from config.jobs import status
from config.jobs.status import JobStatus
from inventory import changes, lots, verification
from inventory.changes import RollForward
from inventory.ledger import asks
from reserve import flags
from reserve.desks import reading
from reserve.flags.reads import FlagRow

VERIFY = "inventory.verify_ledger"
OVERRIDES = (asks.ADJUST, asks.REVERSE)
SHOWN = 50


@dataclass(frozen=True)
class Auditor:
    first: date
    last: date
    rows: list[RollForward]
    kinds: Sequence[tuple[str, str | Promise]]
    differing: int
    waivers: list[FlagRow]
    overrides: Few[RequestRow]
    glass: list[GlassRow]
    exports: Few[ExportRow]
    since: datetime
    refused: int
    frozen: int
    verification: JobStatus | None

    @property
    def moved(self) -> list[tuple[RollForward, list[tuple[str | Promise, int]]]]:
        """Materials that moved, or do not add up, with what each of `kinds` did to them, under its name."""
        rows = [row for row in self.rows if row.by_kind or row.difference_mg]
        return [(row, [(label, row.by_kind.get(kind, 0)) for kind, label in self.kinds]) for row in rows]

    @property
    def still(self) -> list[RollForward]:
        """Materials that were held and did not move."""
        return [row for row in self.rows if not row.by_kind and not row.difference_mg]


def read(*, user: User, first: date, last: date, now: datetime) -> Auditor:
    """The roll-forward of a period, and what was waived, overridden and refused in it; 13 queries, and those of a snapshot.

    And what was done under break-glass or exported since the person last read it.
    """
    with verification.snapshot():  # opening, movements and closing of one instant: what is under way is no difference
        rows = changes.roll_forward(user=user, first=first, last=last)
    shown = [(kind, changes.CAUSES[kind]) for kind in changes.KINDS if any(row.by_kind.get(kind) for row in rows)]
    since = reading.since(user, now)
    start, end = changes.window(first=first, last=last)
    return Auditor(
        first=first,
        last=last,
        rows=rows,
        kinds=shown,
        differing=sum(row.difference_mg != 0 for row in rows),
        waivers=flags.listing(user=user, state="waived"),
        overrides=reads.settled(user=user, states=["approved"], kinds=OVERRIDES, since=start, until=end, most=SHOWN),
        glass=reviews.since(user=user, at=since),
        exports=exports.since(user, at=since, most=SHOWN),
        since=since,
        frozen=lots.listing(user=user, filters=lots.LotFilters(frozen=True), size=1).count,
        refused=log.count_refused(since=start, until=end),
        verification=next((job for job in status.rows(now=now) if job.name == VERIFY), None),
    )

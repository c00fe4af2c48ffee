"""The ledger in a file with what it comes to, targets too: for a check that needs nothing of ours (docs/ledger-export.md)."""

from datetime import UTC, datetime
from pathlib import Path

from inventory import verification
from inventory.verification import ledger_file
from inventory.verification.ledger_file import Written
from reserve import shortfall


def write(*, path: Path, now: datetime) -> Written:
    """Write the whole ledger as of one instant, with what counts on the day of `now`. Changes nothing in the database.

    The file is there whole or not at all, and its owner's alone; it takes the place of one that is there. Raises OSError.
    """
    with verification.snapshot(read_only=True):
        targets = shortfall.rows(as_of=now.astimezone(UTC).date())
        eligible = [{"target": row.target, "eligible_mg": row.eligible_mg} for row in targets]
        return ledger_file.write(path, ledger_file.rows(now=now, claims={"target": eligible}))

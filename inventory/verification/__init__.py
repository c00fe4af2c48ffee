"""Does the ledger hold together? Recomputed independently, in one REPEATABLE READ transaction; names, never repairs."""

from inventory.verification.checks import CHECKS, differences, one
from inventory.verification.difference import Difference, Tally, snapshot
from inventory.verification.night import DIFFERS, HOLDS, NotFrozen, StillDiffers, make_anchor, nightly, thaw

__all__ = [
    "CHECKS",
    "DIFFERS",
    "HOLDS",
    "Difference",
    "NotFrozen",
    "StillDiffers",
    "Tally",
    "differences",
    "make_anchor",
    "nightly",
    "one",
    "snapshot",
    "thaw",
]

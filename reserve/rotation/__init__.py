"""The rotation schedule: what has to be tested or replaced by when, and what came of it."""

from reserve.rotation.acts import record_retest, start
from reserve.rotation.plan import plan
from reserve.rotation.policies import end_policy, propose_policy
from reserve.rotation.reads import RotationRow, Wanted, calendar, counted, one, retests, rows

__all__ = [
    "RotationRow",
    "Wanted",
    "calendar",
    "counted",
    "end_policy",
    "one",
    "plan",
    "propose_policy",
    "record_retest",
    "retests",
    "rows",
    "start",
]

"""The rotation schedule: what has to be tested or replaced by when, and what came of it."""

from reserve.rotation.acts import record_retest, start
from reserve.rotation.desk import Due, due, overdue
from reserve.rotation.plan import plan
from reserve.rotation.policies import end_policy, propose_policy
from reserve.rotation.reads import (
    RetestRow,
    RotationRow,
    Wanted,
    calendar,
    counted,
    following,
    of_lot,
    one,
    retests,
    rows,
)

__all__ = [
    "Due",
    "RetestRow",
    "RotationRow",
    "Wanted",
    "calendar",
    "counted",
    "due",
    "end_policy",
    "following",
    "of_lot",
    "one",
    "overdue",
    "plan",
    "propose_policy",
    "record_retest",
    "retests",
    "rows",
    "start",
]

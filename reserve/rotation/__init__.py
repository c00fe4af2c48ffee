"""The rotation schedule: what has to be tested or replaced by when, and what came of it."""

from reserve.rotation.acts import propose_policy, record_retest, start
from reserve.rotation.plan import plan
from reserve.rotation.reads import RotationRow, one, rows

__all__ = ["RotationRow", "one", "plan", "propose_policy", "record_retest", "rows", "start"]

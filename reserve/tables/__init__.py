"""The lists of the reserve, column by column."""

from reserve.tables.changes import CHANGES
from reserve.tables.elements import ELEMENTS
from reserve.tables.flags import FLAGS
from reserve.tables.position import POSITION
from reserve.tables.rotation import POLICIES, ROTATION
from reserve.tables.targets import TARGETS

__all__ = ["CHANGES", "ELEMENTS", "FLAGS", "POLICIES", "POSITION", "ROTATION", "TARGETS"]

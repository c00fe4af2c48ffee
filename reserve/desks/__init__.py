"""What each role finds on its desk: what waits, what is wrong, what changed. Reads only; every count leads to its list."""

from reserve.desks import administrator, auditor, manager, procurement, reading, warehouse

__all__ = ["administrator", "auditor", "manager", "procurement", "reading", "warehouse"]

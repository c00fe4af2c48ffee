"""Lots as people read them: the list, one lot, its history, and whether its chain holds. Reads only.

Everything is scoped by `Lot.objects.visible_to(user)`; masses are summed over the balances that this person may see.
"""

from inventory.lots.beginnings import Found, beginning, called_by_supplier
from inventory.lots.chain import ChainStatus, chain_status
from inventory.lots.detail import Contained, Kin, LotDetail, one
from inventory.lots.filters import BadFilter, LotFilters, lying_at, register_filter
from inventory.lots.history import Fact, Timeline, timeline
from inventory.lots.places import Where
from inventory.lots.rows import ORDERS, LotRow, Mark, called, listing, marked, register_mark
from inventory.lots.then import LotThen, then

__all__ = [
    "ORDERS",
    "BadFilter",
    "ChainStatus",
    "Contained",
    "Fact",
    "Found",
    "Kin",
    "LotDetail",
    "LotFilters",
    "LotRow",
    "LotThen",
    "Mark",
    "Timeline",
    "Where",
    "beginning",
    "called",
    "called_by_supplier",
    "chain_status",
    "listing",
    "lying_at",
    "marked",
    "one",
    "register_filter",
    "register_mark",
    "then",
    "timeline",
]

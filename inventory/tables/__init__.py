"""The lists of the inventory, column by column."""

from inventory.tables.holdings import KEPT_SITES, MATERIALS, SITES
from inventory.tables.lots import LOTS
from inventory.tables.movements import MOVEMENTS
from inventory.tables.rounds import ROUNDS

__all__ = ["KEPT_SITES", "LOTS", "MATERIALS", "MOVEMENTS", "ROUNDS", "SITES"]

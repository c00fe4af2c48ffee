"""Tables of the inventory. Private to this app: others enter by its doors (catalogue, sites, lots, ledger, positions)."""

from inventory.models.catalogue import HOLDING, Element, Form, Location, Material, MaterialElement, Place, Site, Stage
from inventory.models.facts import AllocationChange, Assay, ConditionChange, Count, Freeze, Movement, Retest
from inventory.models.lots import ACCEPTED, Balance, Condition, Lot, LotParent, Verdict
from inventory.models.positions import Anchor, ContainedPosition, LotFact, Position, PositionEntry, PositionMonth

__all__ = [
    "ACCEPTED",
    "HOLDING",
    "AllocationChange",
    "Anchor",
    "Assay",
    "Balance",
    "Condition",
    "ConditionChange",
    "ContainedPosition",
    "Count",
    "Element",
    "Form",
    "Freeze",
    "Location",
    "Lot",
    "LotFact",
    "LotParent",
    "Material",
    "MaterialElement",
    "Movement",
    "Place",
    "Position",
    "PositionEntry",
    "PositionMonth",
    "Retest",
    "Site",
    "Stage",
    "Verdict",
]

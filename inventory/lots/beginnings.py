"""Finding lots by how their number, or the supplier's, begins: quick at any size, because nothing is counted or joined first."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from config.accounts.matrix import Reach, reach
from config.accounts.models import User
from inventory.ledger.finding import number_key
from inventory.models import Balance, Lot
from inventory.models.lots import SUPPLIER_KEY, LotQuerySet

CANDIDATES = 2000  # of one beginning, before it is asked which of them the person may see


@dataclass(frozen=True)
class Found:
    """A lot whose number, or whose supplier's number, begins as asked."""

    number: str
    supplier_lot: str
    material_name: str
    condition: str


def supplier_key(number: str) -> str:
    """The form in which suppliers' lot numbers are compared: as PostgreSQL folds them in SUPPLIER_KEY."""
    return unicodedata.normalize("NFKC", number).strip().lower()


def beginning(*, user: User, words: str, most: int) -> list[Found]:
    """Lots that begin so, at most `most`, ours before the supplier's; two to six queries, each by an index.

    A beginning that thousands of lots share is not searched through for somebody who sees few of them: their own lots
    are searched instead. So the answer is complete, and does not tell by its time what lies elsewhere.
    """
    rows = Lot.objects.alias(supplier_key=SUPPLIER_KEY)
    ours = _visible(user, rows, Q(number_key__startswith=number_key(words)), most)
    theirs = _visible(user, rows, Q(supplier_key__startswith=supplier_key(words)), most)
    return list({row.number: row for row in [*ours, *theirs]}.values())[:most]


def called_by_supplier(*, user: User, number: str) -> str | None:
    """Our number of the one lot whose supplier calls it exactly so; None where it is none or several. One query."""
    rows = Lot.objects.alias(supplier_key=SUPPLIER_KEY).filter(supplier_key=supplier_key(number))
    found = list(rows.visible_to(user).values_list("number", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def _visible(user: User, rows: LotQuerySet, begins: Q, most: int) -> list[Found]:
    if reach(user, "lots.see") is Reach.ALL:
        return _read(rows.filter(begins)[:most])
    # Asked in one query, so that a lot elsewhere costs not even a query more than one that does not exist.
    candidates = rows.filter(begins).values("pk")[:CANDIDATES]
    found = _read(Lot.objects.visible_to(user).filter(pk__in=candidates)[:most])
    if len(found) == most or not rows.filter(begins)[CANDIDATES - 1 : CANDIDATES].exists():
        return found
    own = Balance.objects.visible_to(user).order_by().values("lot")
    return _read(rows.filter(begins, pk__in=own)[:most])


def _read(rows: Any) -> list[Found]:
    """In the order of the index: a collation's order would have to be sorted first."""
    lines = rows.values_list("number", "supplier_lot", "material__name", "condition")
    return sorted((Found(*line) for line in lines), key=lambda row: number_key(row.number))

"""Movements as people and programs read them: newest first, those of one lot, or one. Reads only."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from config.accounts.models import User
from config.audit import edge, keyset
from config.audit.keyset import Order, Page
from inventory.ledger import finding
from inventory.ledger.refusals import MovementNotFound
from inventory.models import HOLDING, Movement

NEWEST = Order("-occurred", "occurred_at", datetime, descending=True)


@dataclass(frozen=True)
class MovementRow:
    """One movement; mass in mg. `entered_*` is what was typed. `reversed_by` names the movement that took it back."""

    id: int
    lot: str
    kind: str
    origin: str
    origin_kind: str
    destination: str
    net_mg: int
    entered_quantity: Decimal | None
    entered_unit: str
    reason: str
    reverses: int | None
    reversed_by: int | None
    who: str
    occurred_at: datetime
    recorded_at: datetime
    origin_site: str
    destination_site: str

    @property
    def site(self) -> str:
        """The site that answers for the movement: where it came from, or where it went from the world outside."""
        return self.origin_site if self.origin_kind in HOLDING else self.destination_site

    @property
    def reversible(self) -> bool:
        """False where the ledger would refuse at once: reversals, splits, and what was reversed already."""
        return self.kind not in (Movement.Kind.REVERSE, Movement.Kind.SPLIT) and self.reversed_by is None

    @property
    def kind_name(self) -> str:
        return str(Movement.Kind(self.kind).label)


def listing(
    *,
    user: User,
    lot: str = "",
    kind: str = "",
    since: date | None = None,
    until: date | None = None,
    cursor: str = "",
    size: int = keyset.SIZE,
) -> Page[MovementRow]:
    """Movements from or to the person's sites, newest first; of one lot, of one kind, that happened from the first day to the
    last. Two queries, three with a lot.

    Raises LotNotFound, BadText and BadCursor.
    """
    rows = Movement.objects.visible_to(user)
    if lot:
        rows = rows.filter(lot=finding.lot(user, edge.text(lot, what=gettext_lazy("Lot"), longest=120, field="lot")))
    if kind:
        rows = rows.filter(kind=edge.text(kind, what=gettext_lazy("Kind"), longest=20, field="kind"))
    if since:
        rows = rows.filter(occurred_at__gte=datetime.combine(since, time(), tzinfo=UTC))
    if until:
        rows = rows.filter(occurred_at__lt=datetime.combine(until, time(), tzinfo=UTC) + timedelta(days=1))
    return keyset.page(rows.values(*COLUMNS), order=NEWEST, cursor=cursor, size=size, read=_rows)


def one(*, user: User, movement_id: int) -> MovementRow:
    """One movement. Raises MovementNotFound, also for one between foreign places."""
    found = Movement.objects.visible_to(user).filter(pk=movement_id).values(*COLUMNS).first()
    if found is None:
        raise MovementNotFound(movement=movement_id)
    return _row(found)


COLUMNS = (
    "id",
    "lot__number",
    "kind",
    "origin__code",
    "origin__kind",
    "destination__code",
    "net_mg",
    "entered_quantity",
    "entered_unit",
    "reason",
    "reverses_id",
    "reversed_by__id",
    "actor__name",
    "occurred_at",
    "recorded_at",
    "origin__site__code",
    "destination__site__code",
)


def _rows(found: list[dict[str, Any]]) -> list[MovementRow]:
    return [_row(line) for line in found]


def _row(line: dict[str, Any]) -> MovementRow:
    return MovementRow(*(line[column] for column in COLUMNS))

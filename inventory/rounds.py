"""Rounds: what is due to be counted, what the last count of each place found, and the counts themselves. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit import edge, keyset
from config.audit.keyset import Few, Order, Page
from inventory.ledger import finding
from inventory.ledger.refusals import LocationNotFound
from inventory.models import HOLDING, Balance, Count, Location, Place
from inventory.names import spoken

DUE = Order("due", "known_at", datetime)
NEWEST = Order("-occurred", "occurred_at", datetime, descending=True)
SOON = timedelta(days=30)
OVERDUE, DUE_SOON, VARIANCE = "overdue", "soon", "variance"


@dataclass(frozen=True)
class Round:
    """A lot at one place: when it is due to be counted, and what the last count found; masses in mg.

    `variance_mg` is what that count found beyond the book and nothing has explained or corrected since.
    """

    id: int
    lot: str
    material_name: str
    location: str
    location_name: str
    site: str
    site_name: str
    due_on: date
    overdue: bool
    held: bool
    counted_at: datetime | None
    counted_mg: int | None
    book_mg: int | None
    variance_mg: int


@dataclass(frozen=True)
class CountRow:
    """One count; masses in mg. `entered_*` is what was typed, `book_mg` what the ledger held there at that moment."""

    id: int
    lot: str
    location: str
    site: str
    counted_mg: int
    entered_quantity: Decimal
    entered_unit: str
    book_mg: int
    seals: str
    remarks: str
    who: str
    occurred_at: datetime
    recorded_at: datetime

    @property
    def difference_mg(self) -> int:
        return self.counted_mg - self.book_mg


def listing(
    *,
    user: User,
    now: datetime,
    site: str = "",
    location: str = "",
    show: str = "",
    cursor: str = "",
    size: int = keyset.SIZE,
) -> Page[Round]:
    """Lots in stores, soonest due first: all, those OVERDUE or DUE_SOON, or with VARIANCE (wherever). Three queries.

    Raises BadCursor.
    """
    rows = _open(user) if show == VARIANCE else _held(user)
    rows = rows.filter(location__in=_places(user, site, location, HOLDING if show == VARIANCE else (Place.STORE,)))
    if show in (OVERDUE, DUE_SOON):
        rows = rows.filter(known_at__lt=_before(now.date() + (SOON if show == DUE_SOON else timedelta())))
    return keyset.page(
        rows.values(*COLUMNS), order=DUE, cursor=cursor, size=size, read=lambda found: _rounds(found, now.date())
    )


def due(*, user: User, now: datetime, limit: int) -> Few[Round]:
    """The first lots in stores that are to be counted within 30 days, and how many there are. Three queries at most."""
    rows = _held(user).filter(location__in=_places(user), known_at__lt=_before(now.date() + SOON))
    return keyset.few(
        rows.order_by("known_at", "id").values(*COLUMNS),
        most=limit,
        read=lambda found: _rounds(found, now.date()),
        counted=rows,
    )


def of_lot(*, user: User, number: str, now: datetime) -> list[Round]:
    """Where a lot can be counted: it lies there, or a variance is open. By place; one query."""
    key = finding.number_key(number)
    rows = _known(user).filter(Q(net_mg__gt=0) | ~Q(variance_mg=0), lot__number_key=key)
    return _rounds(list(rows.order_by("location__code").values(*COLUMNS)), now.date())


def counts(*, user: User, lot: str = "", cursor: str = "", size: int = keyset.SIZE) -> Page[CountRow]:
    """Counts at the person's sites, newest first; of one lot. Two queries, three with a lot.

    Raises LotNotFound, BadText and BadCursor.
    """
    rows = Count.objects.visible_to(user)
    if lot:
        rows = rows.filter(lot=finding.lot(user, edge.text(lot, what=_("Lot"), longest=120, field="lot")))
    return keyset.page(rows.values(*COUNTED), order=NEWEST, cursor=cursor, size=size, read=_counts)


def one(*, user: User, count_id: int, location: str) -> CountRow:
    """The count of this number at a location. Raises LocationNotFound where the person sees it no longer."""
    found = _counts(list(Count.objects.visible_to(user).filter(pk=count_id).values(*COUNTED)))
    if not found:
        raise LocationNotFound(location=location)
    return found[0]


def _held(user: User) -> Any:
    return _known(user).filter(net_mg__gt=0)


def _open(user: User) -> Any:
    return _known(user).exclude(variance_mg=0)


def _places(user: User, site: str = "", location: str = "", kinds: Sequence[str] = (Place.STORE,)) -> list[int]:
    """The numbers of the places, read first: the lots there are then walked in the order of an index."""
    rows = Location.objects.visible_to(user).filter(kind__in=kinds)
    if site:
        rows = rows.filter(site__code=site)
    if location:
        rows = rows.filter(code=location)
    return list(rows.values_list("pk", flat=True))


def _before(day: date) -> datetime:
    """What is known since before this moment is due before `day`. (Months end on different days: then the next one counts.)"""
    every = relativedelta(months=settings.COUNT_EVERY_MONTHS)
    first = day - every
    while first + every < day:
        first += timedelta(days=1)
    return datetime.combine(first, time(), tzinfo=UTC)


def _known(user: User) -> Any:
    """Balances that the person may see, with their last count. One without an arrival was tampered with: verification says so."""
    last = Count.objects.filter(lot=OuterRef("lot"), location=OuterRef("location")).order_by("-pk")
    return (
        Balance.objects.visible_to(user)
        .filter(known_at__isnull=False)
        .annotate(counted_mg=Subquery(last.values("counted_mg")[:1]), book_mg=Subquery(last.values("book_mg")[:1]))
    )


COLUMNS = (
    "id",
    "lot__number",
    "lot__material__name",
    "location__code",
    "location__name",
    "location__kind",
    "location__site__code",
    "location__site__name",
    "known_at",
    "net_mg",
    "counted_at",
    "counted_mg",
    "book_mg",
    "variance_mg",
)
COUNTED = (
    "id",
    "lot__number",
    "location__code",
    "location__site__code",
    "counted_mg",
    "entered_quantity",
    "entered_unit",
    "book_mg",
    "seals",
    "remarks",
    "actor__name",
    "occurred_at",
    "recorded_at",
)


def _rounds(found: list[dict[str, Any]], today: date) -> list[Round]:
    return [_round(line, today) for line in found]


def _round(line: dict[str, Any], today: date) -> Round:
    due_on = line["known_at"].astimezone(UTC).date() + relativedelta(months=settings.COUNT_EVERY_MONTHS)
    held = line["net_mg"] > 0
    return Round(
        id=line["id"],
        lot=line["lot__number"],
        material_name=line["lot__material__name"],
        location=line["location__code"],
        location_name=spoken(line["location__name"]),
        site=line["location__site__code"],
        site_name=line["location__site__name"],
        due_on=due_on,
        overdue=held and line["location__kind"] == Place.STORE and due_on < today,
        held=held,
        counted_at=line["counted_at"],
        counted_mg=line["counted_mg"],
        book_mg=line["book_mg"],
        variance_mg=line["variance_mg"],
    )


def _counts(found: list[dict[str, Any]]) -> list[CountRow]:
    return [CountRow(*(line[column] for column in COUNTED)) for line in found]

"""The list of lots: filtered, ordered, paged by the last row seen, with masses summed over what the person may see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit import keyset
from config.audit.keyset import Order, Page
from inventory.ledger.finding import number_key
from inventory.ledger.state import contained_mg
from inventory.lots import places
from inventory.lots.filters import BadFilter, LotFilters, materials, narrowed
from inventory.lots.places import Lying, Where
from inventory.models import Lot
from inventory.models.lots import NEVER

ORDERS = {
    order.name: order
    for order in (
        Order("-received", "received_at", datetime, descending=True),
        Order("received", "received_at", datetime),
        Order("number", "number_key", str),
        Order("-number", "number_key", str, descending=True),
        Order("due", "due_by", date),
        Order("-due", "due_by", date, descending=True),
    )
}

BY_MATERIAL = ("received_at", "due_by")  # what an index gives in its order for each material


@dataclass(frozen=True)
class Mark:
    """What an app above says of a lot in one word, such as the flag that it lies under."""

    level: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class LotRow(Lying):
    """One lot of the list; masses in mg, summed over `where`. `contained` maps symbol to mass by the assay in force."""

    id: int
    number: str
    material: str
    material_name: str
    formula: str
    form: str
    unit: str
    supplier_lot: str
    condition: str
    verdict: str
    received_at: datetime
    retest_due_on: date | None
    expires_on: date | None
    eligible_until: date | None
    frozen_at: datetime | None
    last_seq: int
    fractions: Mapping[str, Decimal]
    moisture: Decimal
    where: tuple[Where, ...] = ()
    contained: Mapping[str, int] = field(default_factory=dict)


Marks = Callable[[User, Sequence[LotRow]], Mapping[str, Mark]]
_marks: list[Marks] = []


def register_mark(marks: Marks) -> None:
    """Let an app above mark lots of a page: it gets the person and the rows, and returns lot number -> Mark."""
    if marks not in _marks:
        _marks.append(marks)


def marked(user: User, rows: Sequence[LotRow]) -> dict[str, list[Mark]]:
    """Lot number -> the marks that apps above set on it."""
    found: dict[str, list[Mark]] = {}
    for marks in _marks:
        for number, mark in marks(user, rows).items():
            found.setdefault(number, []).append(mark)
    return found


def listing(
    *,
    user: User,
    filters: LotFilters | None = None,
    order: str = "-received",
    cursor: str = "",
    size: int = keyset.SIZE,
) -> Page[LotRow]:
    """One page of the lots that the person may see, in one of ORDERS; three queries, four with a site or materials.

    Raises UnknownSite, BadFilter, BadText and BadCursor.
    """
    if order not in ORDERS:
        raise BadFilter.of("order", order, format_lazy(_("Use one of {names}."), names=", ".join(ORDERS)))
    filters = filters or LotFilters()
    wanted = materials(filters)
    rows = narrowed(Lot.objects.visible_to(user), user=user, filters=filters, materials=wanted)
    rows = _with_order(rows, ORDERS[order].path)
    columns = rows.values(*COLUMNS, *(path for path in (ORDERS[order].path,) if path not in COLUMNS))
    return keyset.page(
        columns,
        order=ORDERS[order],
        cursor=cursor,
        size=size,
        read=lambda found: _rows(user, found),
        apart=[Q(material_id=pk) for pk in wanted or ()] if ORDERS[order].path in BY_MATERIAL else (),
    )


def called(*, user: User, number: str) -> str | None:
    """The number of the one lot that is called exactly so, without case and width, if the person may see it."""
    found = Lot.objects.visible_to(user).filter(number_key=number_key(number)).values_list("number", flat=True)
    return found.first()


COLUMNS = (
    "id",
    "number",
    "number_key",
    "material__code",
    "material__name",
    "material__formula",
    "material__form__code",
    "material__unit",
    "supplier_lot",
    "condition",
    "verdict",
    "received_at",
    "retest_due_on",
    "expires_on",
    "eligible_until",
    "frozen_at",
    "last_seq",
    "assay__fractions",
    "assay__moisture",
)


def _with_order(rows: Any, path: str) -> Any:
    if path == "due_by":
        return rows.annotate(due_by=Coalesce("eligible_until", NEVER))
    return rows


def _rows(user: User, found: list[dict[str, Any]]) -> list[LotRow]:
    lying = places.of(user, [line["id"] for line in found])
    return [_row(line, lying.get(line["id"], ())) for line in found]


def _row(line: dict[str, Any], where: tuple[Where, ...]) -> LotRow:
    fractions = {symbol: Decimal(value) for symbol, value in (line["assay__fractions"] or {}).items()}
    moisture = line["assay__moisture"] or Decimal(0)
    return LotRow(
        id=line["id"],
        number=line["number"],
        material=line["material__code"],
        material_name=line["material__name"],
        formula=line["material__formula"],
        form=line["material__form__code"],
        unit=line["material__unit"],
        supplier_lot=line["supplier_lot"],
        condition=line["condition"],
        verdict=line["verdict"],
        received_at=line["received_at"],
        retest_due_on=line["retest_due_on"],
        expires_on=line["expires_on"],
        eligible_until=line["eligible_until"],
        frozen_at=line["frozen_at"],
        last_seq=line["last_seq"],
        fractions=fractions,
        moisture=moisture,
        where=where,
        contained={s: sum(contained_mg(at.net_mg, moisture, f) for at in where) for s, f in fractions.items()},
    )

"""Pages of long lists by the last row seen, never by counting from the start: as quick at depth as on the first page.

A cursor names the order it belongs to, the way it leads, and the row it stands at. It holds no secret: what a person
may see is decided by the query, not by the cursor.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.audit import edge
from config.audit.refused import Refused
from config.ui import figures

Row = TypeVar("Row")
SIZE = 50
COUNTED = 1000
MOST_KINDS = 16  # that are worth a look into the index each


class BadCursor(Refused):
    code = "bad_cursor"
    status = 400
    template = _(
        "This page of the list cannot be found: its address is damaged or of another order. Start on the first page."
    )
    field = "cursor"


@dataclass(frozen=True)
class Order:
    """How a list is ordered: by the column `path` (of Python type `kind`), then by id, both ways alike."""

    name: str
    path: str
    kind: type[datetime] | type[date] | type[str] | type[int]
    descending: bool = False


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list. `next` and `previous` are cursors or ""; beyond COUNTED rows, `more` is True."""

    rows: list[Row]
    next: str
    previous: str
    count: int
    more: bool

    @property
    def counted(self) -> str:
        """The number of rows in all, in words that stay true where counting stopped."""
        count = figures.number(self.count)
        return gettext("more than {count}").format(count=count) if self.more else count

    def words(self, one: str, many: str = "") -> str:
        """How many rows the list has: `1 lot`, `30 lots`, `more than 1,000 lots`."""
        return f"{self.counted} {one if self.count == 1 else many or f'{one}s'}"


class Few(list[Row]):
    """The first rows of a list; `of` is how many it has in all."""

    def __init__(self, rows: Iterable[Row], of: int) -> None:
        super().__init__(rows)
        self.of = of

    @property
    def cut(self) -> bool:
        return self.of > len(self)


def few(
    rows: QuerySet[Any, Any],
    *,
    most: int,
    read: Callable[[list[Any]], list[Row]],
    counted: QuerySet[Any, Any] | None = None,
) -> Few[Row]:
    """The first `most` of an ordered query and how many there are; one query more than `read` where they are all, else two.

    `counted` are the same rows without their columns: a count would else make every join for them.
    """
    first = list(rows[:most])
    return Few(
        read(first), (rows if counted is None else counted).order_by().count() if len(first) == most else len(first)
    )


def page(
    rows: QuerySet[Any, Any],
    *,
    order: Order,
    cursor: str = "",
    size: int = SIZE,
    read: Callable[[list[dict[str, Any]]], list[Row]],
    apart: Sequence[Q] = (),
) -> Page[Row]:
    """One page of `rows` (a `values()` query with `id` and the order's column); `read` makes what people get of it.

    `apart` may split the rows into kinds, each of which an index has in the order: then the first of each are merged, where
    the whole would have to be sorted. Two queries and those of `read`. Raises BadCursor.
    """
    backwards, at = False, None
    if cursor:
        backwards, at = _unpack(cursor, order)
    descending = order.descending is not backwards
    found = rows.filter(_beyond(order.path, descending, *at)) if at else rows
    sign = "-" if descending else ""
    seen = list(_first(found, apart, (f"{sign}{order.path}", f"{sign}id"), size + 1))
    further = len(seen) > size
    seen = seen[:size]
    if backwards:
        seen.reverse()
    after, before = (bool(cursor), further) if backwards else (further, bool(cursor))
    count = rows.order_by().values("id")[: COUNTED + 1].count()
    return Page(
        rows=read(seen),
        next=_pack(order, "n", seen[-1]) if seen and after else "",
        previous=_pack(order, "p", seen[0]) if seen and before else "",
        count=min(count, COUNTED),
        more=count > COUNTED,
    )


def whole(rows: list[Row]) -> Page[Row]:
    """Rows that are few enough to stand on one page."""
    return Page(rows=rows, next="", previous="", count=len(rows), more=False)


def _first(rows: QuerySet[Any, Any], apart: Sequence[Q], order: tuple[str, str], most: int) -> QuerySet[Any, Any]:
    if not 1 < len(apart) <= MOST_KINDS:
        return rows.order_by(*order)[:most]
    first, *others = (rows.filter(kind).order_by(*order)[:most] for kind in apart)
    return first.union(*others, all=True).order_by(*order)[:most]


def _beyond(path: str, descending: bool, value: Any, number: int) -> Q:
    """Rows after (value, number). The first condition bounds the index scan; an OR alone would read from the start."""
    side = "lt" if descending else "gt"
    return Q(**{f"{path}__{side}e": value}) & (Q(**{f"{path}__{side}": value}) | Q(**{f"id__{side}": number}))


def _pack(order: Order, way: str, row: dict[str, Any]) -> str:
    value = row[order.path]
    text = value.isoformat() if isinstance(value, date) else str(value)
    body = json.dumps([order.name, way, text, row["id"]], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def _unpack(cursor: str, order: Order) -> tuple[bool, tuple[Any, int]]:
    try:
        if len(cursor) > 600 or not cursor.isascii():
            raise ValueError(cursor)
        body = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        name, way, text, number = body
        if name != order.name or way not in ("n", "p") or type(text) is not str or type(number) is not int:
            raise ValueError(cursor)
        if not 0 <= number <= edge.MOST_ID:
            raise ValueError(cursor)
        return way == "p", (_value(text, order.kind), number)
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError, Refused):
        raise BadCursor() from None


def _value(text: str, kind: type) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if kind is date:
        return date.fromisoformat(text)
    if kind is int:
        number = int(edge.decimal(text))
        if abs(number) > edge.MOST_ID:
            raise ValueError(text)
        return number
    return edge.text(text, what=_("Cursor"), longest=200)

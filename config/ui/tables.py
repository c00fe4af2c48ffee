"""Lists as tables: columns, filters and rows declared once; page, export and saved views all read the same declaration.

A table is declared where its rows are known and registered under its name; one part draws them all (`ui/list.html`).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any, Protocol

from django.http import Http404, QueryDict
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from config.accounts import matrix, preferences
from config.accounts.models import User
from config.audit.forms import FilterForm
from config.audit.keyset import SIZE, Page
from config.audit.refused import Refused
from config.ui import figures, saved
from config.ui.saved import View

DENSITIES = ("comfortable", "compact")
CHUNK = 500  # rows read at once where all of a list is wanted
Value = str | Decimal | int | date | datetime | None
Text = str | Promise


class UnknownColumn(Refused):
    code = "unknown_column"
    status = 422
    template = _("This list has no column {column}. Open the list again and choose among those that it shows.")
    field = "columns"


class UnknownDensity(Refused):
    code = "unknown_density"
    status = 422
    template = _("{density} is no density. Choose comfortable or compact.")
    field = "density"


class BadFilter(Refused):
    code = "bad_filter"
    status = 422
    template = _("The list cannot be narrowed like this: {why}")


@dataclass(frozen=True)
class Column:
    """One column: `value` is what a file gets of a row, `show` writes the cell of the page, as text or safe markup.

    Without `show` the value is written as people read it. `label` is the head; `unit` is the unit of a value whose head
    names none (kg of masses that the page writes with their own units). `number` aligns figures to the right, `strong` sets
    them off; `order` is the sort key, "" where the list cannot be ordered by it; a column that is not `shown` stands in the
    choice only. A column with an `act` is there only for who may do that. Without `value` it holds buttons: always there, and not
    for files.
    """

    key: str
    label: Text
    value: Callable[[Any], Value] | None
    show: Callable[[Any], str] | None = None
    unit: str = ""
    number: bool = False
    strong: bool = False
    order: str = ""
    shown: bool = True
    act: str = ""
    tonnes: bool = False

    @property
    def head(self) -> str:
        """The head on the page, in the unit that its masses are written in there."""
        label = str(self.label)
        return re.sub(r"\bkg\b", figures.overview("t"), label) if self.tonnes else figures.in_unit(label)

    @property
    def data(self) -> bool:
        """False for a column of buttons."""
        return self.value is not None

    @property
    def filed(self) -> str:
        """The head of the column in a file, with the unit of its values."""
        return f"{self.label}, {self.unit}" if self.unit else str(self.label)

    def cell(self, row: Any) -> str:
        """What the page shows of a row."""
        if self.show is not None:
            return self.show(row)
        return written(self.value(row)) if self.value is not None else ""


def kg(mg: int | None) -> Decimal | None:
    """A mass in mg as exact kg, for files."""
    return None if mg is None else Decimal(mg).scaleb(-6)


def mass(
    key: str,
    label: Text,
    read: Callable[[Any], int | None],
    *,
    cell: Callable[[Any], str] | None = None,
    **options: Any,
) -> Column:
    """A column of masses under a head in kg: exact kg in files, bare in the person's unit on the page, or as `cell` has it.

    With `tonnes` the page rounds to the kilogram and its head says t; the exact kg stand in the title.
    """

    def show(row: Any) -> str:
        mg, rounded = read(row), options.get("tonnes") or figures.preferred_unit() == "lb"
        text = figures.tonnes(mg, bare=True) if options.get("tonnes") else figures.mass(mg, bare=True)
        return format_html('<span title="{}">{}</span>', figures.mass(mg, "kg"), text) if rounded else text

    return Column(key, label, lambda row: kg(read(row)), cell or show, number=True, **options)


def written(value: Value) -> str:
    """A value as the page writes it: text keeps its own direction, whatever stands beside it."""
    match value:
        case None | "":
            return figures.UNKNOWN
        case datetime():
            return format_html('<time datetime="{}">{}</time>', value.isoformat(), figures.moment(value))
        case date():
            return format_html('<time datetime="{}">{}</time>', figures.iso_day(value), figures.day(value))
        case Decimal() | int():
            return figures.number(value)
    return format_html("<bdi>{}</bdi>", value)


class Find(Protocol):
    """Reads a page of the rows that a valid form asks for, of what the person may see."""

    def __call__(self, form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[Any]: ...


@dataclass(frozen=True)
class Nothing:
    """What stands where a list has no rows at all, and what to do about it."""

    title: Text
    note: Text = ""
    url: str = ""
    action: Text = ""


@dataclass(frozen=True)
class Table:
    """A list. `name` is its id on the page and keeps a person's choice, `url_name` is its page, `act` the row of the role
    table that opens it. `one` and `many` name its rows; `unmatched` is said where filters leave none, `nothing` where there
    are none. With a `note` the list has its title over it and the note beside it. `form` reads the filters of its address,
    `find` the rows, `group` names what rows that follow each other have in common. With `row_id` each row can be swapped by
    itself, and bears what `below` says under its cells. The first column is the row head and always there.
    """

    name: str
    url_name: str
    act: str
    title: Text
    one: Text
    many: Text
    columns: tuple[Column, ...]
    form: Callable[[QueryDict, User, datetime], FilterForm]
    find: Find
    nothing: Callable[[User], Nothing]
    unmatched: Text = ""
    note: Text = ""
    group: Callable[[Any], Text] | None = None
    row_id: Callable[[Any], str] | None = None
    below: Callable[[Any], str] | None = None
    size: int = SIZE

    @property
    def optional(self) -> tuple[Column, ...]:
        """What can be hidden: all but the row head and the buttons."""
        return tuple(column for column in self.columns[1:] if column.data)

    def rows(self, *, user: User, params: QueryDict, now: datetime, size: int = CHUNK) -> Iterator[Any]:
        """Every row that the page shows under these parameters, in its order, `size` at a time. Raises BadFilter at once.

        Between two chunks a row may move, unless the caller reads from a snapshot.
        """
        form = self.valid(user=user, params=params, now=now)

        def walk() -> Iterator[Any]:
            cursor = ""
            while True:
                page = self.find(form, user=user, now=now, cursor=cursor, size=size)
                yield from page.rows
                cursor = page.next
                if not cursor:
                    return

        return walk()

    def told(self, *, user: User, params: QueryDict, now: datetime) -> str:
        """What the list is narrowed to, in words: `State Placed · Search “Nd”`; "" for all of it. Raises BadFilter."""
        return " · ".join(self.valid(user=user, params=params, now=now).words())

    def valid(self, *, user: User, params: QueryDict, now: datetime) -> FilterForm:
        """The filters of these parameters as the page reads them. Raises BadFilter, and NotAllowed."""
        matrix.require(user, self.act)
        form = asked(self, user=user, params=params, now=now).form
        if not form.is_valid():
            raise BadFilter(why=" ".join(str(said) for of in form.errors.values() for said in of))
        return form


@dataclass(frozen=True)
class Body:
    """Rows that stand together: the cells of each, drawn; what heads them, and what stands below."""

    id: str
    title: Text
    lines: list[SafeString]
    below: str = ""


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list: its filters, the view that it opens, and what of that view the list no longer has."""

    form: FilterForm
    view: View | None
    lost: tuple[str, ...]


def asked(table: Table, *, user: User, params: QueryDict, now: datetime) -> Asked:
    """Read the address. Of a kept view, filters that are gone or cannot be read any more are left out and named."""
    view, form = saved.opened(user, table, params), table.form(params, user, now)
    if view is None:
        return Asked(form, None, ())
    lost = {name for name in QueryDict(view.query) if name not in form.fields}
    if not form.is_valid():
        rest = params.copy()
        bad = [name for name in form.errors if rest.pop(name, None)]
        lost |= {str(form[name].label) for name in bad}
        form = table.form(rest, user, now)
    return Asked(form, view, tuple(sorted(lost)))


@dataclass(frozen=True)
class Shown:
    """A table as one person sees it: `offered` is what they may choose from, `columns` what they see now.

    `views` are those that the person keeps of it, `view` the one that is open.
    """

    table: Table
    offered: tuple[Column, ...]
    columns: tuple[Column, ...]
    density: str
    views: list[View]
    view: View | None = None

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """Every column that can be hidden, and whether it is shown now."""
        return [(column, column in self.columns) for column in self.offered[1:] if column.data]

    @property
    def filed(self) -> tuple[Column, ...]:
        """The columns that a file of exactly this has."""
        return tuple(column for column in self.columns if column.data)

    def bodies(self, rows: Iterable[Any]) -> list[Body]:
        """The rows as the page has them: together, under what they have in common, or each by itself."""
        table = self.table
        if table.row_id is not None:
            below = table.below or _alike
            return [Body(table.row_id(row), "", [self._line(row)], below(row)) for row in rows]
        return [Body("", title, [self._line(row) for row in of]) for title, of in groupby(rows, table.group or _alike)]

    def _line(self, row: Any) -> SafeString:
        """The cells of a row. Joined here: a template that asks each of a thousand cells costs most of a page's time."""
        head, *rest = (conditional_escape(column.cell(row)) for column in self.columns)
        cells = "".join(f"{begin}{cell}</td>" for begin, cell in zip(self._begins, rest, strict=True))
        return mark_safe(f'<th scope="row">{head}</th>{cells}')  # every part of it is escaped

    @cached_property
    def _begins(self) -> list[SafeString]:
        """The tag before each cell, but for the row head's."""
        return [_begin(column) for column in self.columns[1:]]


def _begin(column: Column) -> SafeString:
    looks = format_html(' class="n{}"', " strong" if column.strong else "") if column.number else ""
    return format_html("<td{}{}>", looks, format_html(' data-label="{}"', column.head) if column.data else "")


def _alike(_row: Any) -> str:
    return ""


_tables: dict[str, Table] = {}


def register(table: Table) -> Table:
    """Make a table known by its name. The same name again replaces it."""
    _tables[table.name] = table
    return table


def every() -> list[Table]:
    """All tables, by name."""
    return [_tables[name] for name in sorted(_tables)]


def title(name: str) -> str:
    """What a list is called; its name where there is none any more."""
    return str(_tables[name].title) if name in _tables else name


def labels(name: str) -> dict[str, str]:
    """Key and head of each column of a list."""
    return {column.key: str(column.label) for column in _tables[name].columns} if name in _tables else {}


def named(name: str) -> Table:
    """The table of that name; 404 where there is none."""
    if name not in _tables:
        raise Http404(name)
    return _tables[name]


def shown(table: Table, *, user: Any, view: View | None = None) -> Shown:
    """The table with the columns and the density that the person chose, or with those of a view. No query.

    A kept key that the table no longer has is passed over, as is a column that the person's roles do not open.
    """
    offered = tuple(column for column in table.columns if not column.act or matrix.permits(user, column.act))
    kept = view.columns if view else preferences.get(user, f"columns:{table.name}")
    wanted = kept if isinstance(kept, list) else [column.key for column in offered if column.shown]
    always = {offered[0].key, *(column.key for column in offered if not column.data)}
    columns = tuple(column for column in offered if column.key in wanted or column.key in always)
    density = preferences.get(user, "density")
    return Shown(
        table, offered, columns, density if density in DENSITIES else DENSITIES[0], saved.of(user, table), view
    )


def choose(table: Table, *, user: User, columns: Iterable[str], density: str) -> None:
    """Keep which columns of this table the person sees, and the density of all tables.

    Raises UnknownColumn and UnknownDensity, and keeps neither.
    """
    offered = [column.key for column in table.optional]
    wanted = set(columns)
    for key in sorted(wanted - set(offered)):
        raise UnknownColumn(column=key[:40])
    if density not in DENSITIES:
        raise UnknownDensity(density=density[:40])
    usual = {column.key for column in table.optional if column.shown}
    value = None if wanted == usual else [key for key in offered if key in wanted]
    preferences.put(user=user, name=f"columns:{table.name}", value=value)
    preferences.put(user=user, name="density", value=None if density == DENSITIES[0] else density)

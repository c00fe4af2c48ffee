"""Lists as tables: columns declared once, and which of them a person wants to see, at which density.

A table is declared where its rows are known and registered under its name; one part draws them all (`{% table %}`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.accounts import preferences
from config.accounts.models import User
from config.audit.refused import Refused

DENSITIES = ("comfortable", "compact")


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


@dataclass(frozen=True)
class Column:
    """One column: `show` writes the cell of a row, as text or as safe markup.

    `label` is the head, with the unit in kg where cells hold bare masses; `number` aligns figures to the right; `strong`
    sets them off; `order` is the sort key, "" where the list cannot be ordered by it; a column that is not `shown` stands
    in the choice only. The first column of a table is its row head and always there.
    """

    key: str
    label: str | Promise
    show: Callable[[Any], str]
    number: bool = False
    strong: bool = False
    order: str = ""
    shown: bool = True


@dataclass(frozen=True)
class Table:
    """A list: `name` keeps a person's choice, `url_name` is its page, `act` the row of the role table that opens it."""

    name: str
    url_name: str
    act: str
    columns: tuple[Column, ...]

    @property
    def optional(self) -> tuple[Column, ...]:
        """What can be hidden: all but the row head."""
        return self.columns[1:]


@dataclass(frozen=True)
class Shown:
    """A table as one person sees it."""

    table: Table
    columns: tuple[Column, ...]
    density: str

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """Every column that can be hidden, and whether it is shown now."""
        return [(column, column in self.columns) for column in self.table.optional]

    def lines(self, rows: Iterable[Any]) -> list[list[tuple[Column, str]]]:
        """The cells of each row, in the order of the columns."""
        return [[(column, column.show(row)) for column in self.columns] for row in rows]


_tables: dict[str, Table] = {}


def register(table: Table) -> Table:
    """Make a table known by its name. The same name again replaces it."""
    _tables[table.name] = table
    return table


def named(name: str) -> Table:
    """The table of that name; 404 where there is none."""
    if name not in _tables:
        raise Http404(name)
    return _tables[name]


def shown(table: Table, *, user: Any) -> Shown:
    """The table with the columns and the density that the person chose. No query.

    A kept key that the table no longer has is passed over.
    """
    kept = preferences.get(user, f"columns:{table.name}")
    wanted = kept if isinstance(kept, list) else [column.key for column in table.columns if column.shown]
    columns = tuple(column for at, column in enumerate(table.columns) if at == 0 or column.key in wanted)
    density = preferences.get(user, "density")
    return Shown(table, columns, density if density in DENSITIES else DENSITIES[0])


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

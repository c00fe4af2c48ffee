"""Views of a list that a person keeps under names: filters, order and columns. They stand with the person's preferences.

A view is an address and nothing more: what it shows is what the person may see when they open it.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from config.accounts import matrix, preferences
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused

if TYPE_CHECKING:
    from config.ui.tables import Table

ALL = "all"  # in place of a view: the list itself, though a view is the person's default
LONGEST_NAME, LONGEST_QUERY = 60, 800
MOST_OF_LIST, MOST_OF_PERSON = 10, 40


class NameTaken(Refused):
    code = "view_name_taken"
    status = 422
    template = _("You have a view “{name}” of this list already. Choose another name, or delete that view first.")
    field = "name"


class TooManyViews(Refused):
    code = "too_many_views"
    status = 422
    template = _("{most} views are the most that can be kept here. Delete one first.")


class TooNarrow(Refused):
    code = "view_too_long"
    status = 422
    template = _("The filters of this view are too long to keep. Shorten what you search for.")


class ViewNotFound(Refused):
    code = "view_not_found"
    status = 404
    template = _("This view is not there.")


@dataclass(frozen=True)
class View:
    """A kept view: `query` are the filters and the order as the address has them, `default` opens with the list."""

    id: str
    name: str
    query: str
    columns: list[str]
    default: bool = False

    @property
    def address(self) -> str:
        """The query string that opens it."""
        params = QueryDict(self.query, mutable=True)
        params["view"] = self.id
        return "?" + params.urlencode()


def of(user: Any, table: "Table") -> list[View]:
    """The person's views of this list, by name. No query."""
    return sorted(_views(preferences.get(user, _key(table))), key=lambda view: view.name.casefold())


def opened(user: Any, table: "Table", params: QueryDict) -> View | None:
    """The view that an address names; None where it names none. 404 where the person has no such view of this list."""
    asked = params.get("view", "")
    if asked in ("", ALL):
        return None
    return one(user, table, asked)


def one(user: Any, table: "Table", id: str) -> View:
    """One of the person's own views; 404 for every other."""
    for view in of(user, table):
        if view.id == id:
            return view
    raise Http404(id)


def default(user: Any, table: "Table") -> View | None:
    """The view that the list opens with for this person."""
    return next((view for view in of(user, table) if view.default), None)


def save(*, by: By, table: "Table", name: str, query: str, columns: Iterable[str], default: bool = False) -> Answer:
    """Keep the list as it is narrowed, ordered and shown. Answers {"view"}, its address.

    Of the query only what the list's filters know is kept. Refuses BadText, NameTaken, TooManyViews, TooNarrow, NotAllowed.
    """
    wanted, known = _known(table, by, query), [column.key for column in table.columns]
    shown = [key for key in known if key in set(columns)]
    body = {"list": table.name, "name": name, "query": wanted, "columns": shown, "default": default}

    def act(opened: Opened) -> Answer:
        matrix.require(opened.actor, table.act)
        if len(wanted) > LONGEST_QUERY:
            raise TooNarrow()
        view = View(by.key.hex[:12], _name(name), wanted, shown, default)
        others = sum(
            len(kept)
            for key, kept in opened.actor.preferences.items()
            if key.startswith("views:") and key != _key(table)
        )
        _change(opened, table, lambda views: _within([*views, view], others), chosen=view)
        return {"view": view.address}

    return run(by, kind="ui.save_view", request=body, act=act)


def rename(*, by: By, table: "Table", id: str, name: str, default: bool) -> Answer:
    """Call a view otherwise, and say whether the list opens with it. Refuses ViewNotFound, BadText, NameTaken."""

    def act(opened: Opened) -> Answer:
        clean = _name(name)

        def changed(views: list[View]) -> list[View]:
            old = _of_id(views, id)
            return [View(id, clean, old.query, old.columns, default) if view == old else view for view in views]

        found = View(id, clean, "", [], default)
        _change(opened, table, changed, chosen=found)
        return {"view": id}

    body = {"list": table.name, "view": id[:40], "name": name, "default": default}
    return run(by, kind="ui.rename_view", request=body, act=act)


def remove(*, by: By, table: "Table", id: str) -> Answer:
    """Forget a view. Refuses ViewNotFound."""

    def act(opened: Opened) -> Answer:
        def without(views: list[View]) -> list[View]:
            gone = _of_id(views, id)
            return [view for view in views if view != gone]

        _change(opened, table, without)
        return {"view": id}

    return run(by, kind="ui.remove_view", request={"list": table.name, "view": id[:40]}, act=act)


def _change(opened: Opened, table: "Table", to: Callable[[list[View]], list[View]], chosen: View | None = None) -> None:
    """Write the views that `to` makes of the kept ones; `chosen` bears the only name of its kind, and is the only default."""

    def written(kept: Any) -> list[dict[str, Any]] | None:
        views = to(_views(kept))
        if chosen and any(view.id != chosen.id and _same(view.name, chosen.name) for view in views):
            raise NameTaken(name=chosen.name)
        rows = [asdict(view) for view in views]
        for row in rows:
            row["default"] = row["default"] and (chosen is None or not chosen.default or row["id"] == chosen.id)
        return rows or None

    preferences.change(user=opened.actor, name=_key(table), to=written)


def _views(kept: Any) -> list[View]:
    return [View(**row) for row in kept] if isinstance(kept, list) else []


def _of_id(views: list[View], id: str) -> View:
    for view in views:
        if view.id == id:
            return view
    raise ViewNotFound(view=ascii(id[:40]))


def _within(views: list[View], others: int) -> list[View]:
    if len(views) > MOST_OF_LIST or len(views) + others > MOST_OF_PERSON:
        raise TooManyViews(most=MOST_OF_LIST if len(views) > MOST_OF_LIST else MOST_OF_PERSON)
    return views


def _known(table: "Table", by: By, query: str) -> str:
    given, kept = QueryDict(query, encoding="utf-8"), QueryDict(mutable=True)
    for name in table.form(QueryDict(), by.actor, by.now).fields:
        values = [value for value in given.getlist(name) if value]
        if values and name != "cursor":
            kept.setlist(name, values)
    return kept.urlencode()


def _name(name: str) -> str:
    return edge.text(name, what=_("Name"), longest=LONGEST_NAME, required=True)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _key(table: "Table") -> str:
    return f"views:{table.name}"

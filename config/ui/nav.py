"""What the side navigation offers. Apps register their items when they start; a person sees what they may use."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from config.accounts import matrix

Count = Callable[[HttpRequest], int]
MOST = 99  # the menu counts one further and then says 99+: it stands on every page


@dataclass(frozen=True)
class Item:
    """One entry: `act` is a row of the role table ("" for everybody signed in), `count` a number shown beside it, which
    need not count past MOST + 1."""

    label: str | Promise
    url_name: str
    icon: str
    act: str
    order: int
    section: str | Promise = ""
    count: Count | None = None


@dataclass(frozen=True)
class Link:
    """An item as one person sees it on one page."""

    label: str
    url: str
    icon: str
    current: bool
    count: str


@dataclass(frozen=True)
class Section:
    label: str
    links: tuple[Link, ...]


_items: dict[str, Item] = {}


def register(item: Item) -> None:
    """Adds an entry; the same url_name again replaces it, so a reload cannot double the menu."""
    _items[item.url_name] = item


def sections(request: HttpRequest) -> list[Section]:
    """The menu for this person on this page, by section in the order of each section's first item."""
    if not request.user.is_authenticated:
        return []
    reachable = [
        (item, url)
        for item in sorted(_items.values(), key=lambda entry: (entry.order, str(entry.label)))
        if (not item.act or matrix.permits(request.user, item.act)) and (url := _url(item))
    ]
    current = _current(request.path, [url for _, url in reachable])
    grouped: dict[str, list[Link]] = {}
    for item, url in reachable:
        count = _counted(item.count(request)) if item.count else ""
        grouped.setdefault(str(item.section), []).append(Link(str(item.label), url, item.icon, url == current, count))
    return [Section(label, tuple(links)) for label, links in grouped.items()]


def _counted(number: int) -> str:
    return f"{MOST}+" if number > MOST else str(number or "")


def _url(item: Item) -> str:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""


def _current(path: str, urls: list[str]) -> str:
    """The longest entry that the page lies under; the root counts only for itself."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default="")

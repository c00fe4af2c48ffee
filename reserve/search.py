"""One box that finds a lot, an order, a supplier, a material, a site, an element; each as far as the person may see it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from config.accounts.matrix import permits
from config.accounts.models import User
from config.audit import edge
from inventory import catalogue, lots, sites
from procurement import orders, suppliers

LONGEST = 80
MOST = 8


@dataclass(frozen=True)
class Hit:
    """One thing found: its name, a second line, and where it is."""

    label: str
    note: str
    url: str


@dataclass(frozen=True)
class Group:
    """What was found of one kind; `more` leads to the whole list, "" where there is none."""

    kind: str
    icon: str
    hits: list[Hit]
    more: str = ""


def exact(*, user: User, words: str, today: date) -> str:
    """The address of the one lot or order that is called exactly so, or ""."""
    number = lots.called(user=user, number=words) if permits(user, "lots.see") else None
    if number:
        return reverse("lot", args=[number])
    if permits(user, "orders.see"):
        found = orders.listing(user, today=today, search=words, size=2).rows
        same = [row.number for row in found if row.number.casefold() == words.casefold()]
        return reverse("order", args=same) if same else ""
    return ""


def find(*, user: User, words: str, today: date) -> list[Group]:
    """What the words find, by kind, lots first; kinds without a hit are left out. Raises BadText."""
    words = edge.text(words, what="Search", longest=LONGEST, field="q")
    if not words:
        return []
    found = [
        _lots(user, words),
        _elements(user, words),
        _materials(user, words),
        _orders(user, words, today),
        _suppliers(user, words),
        _sites(user, words),
    ]
    return [group for group in found if group.hits]


def _lots(user: User, words: str) -> Group:
    if not permits(user, "lots.see"):
        return Group("Lots", "lot", [])
    page = lots.listing(user=user, filters=lots.LotFilters(search=words), size=MOST)
    hits = [
        Hit(
            row.number,
            " · ".join(part for part in (row.material_name, ", ".join(row.sites), row.supplier_lot) if part),
            reverse("lot", args=[row.number]),
        )
        for row in page.rows
    ]
    return Group("Lots", "lot", hits, _more("lots", words) if page.next else "")


def _elements(user: User, words: str) -> Group:
    if not permits(user, "positions.see"):
        return Group("Elements", "element", [])
    hits = [
        Hit(row["name"].capitalize(), row["symbol"], reverse("element", args=[row["symbol"]]))
        for row in catalogue.elements()
        if row["symbol"].casefold() == words.casefold() or words.casefold() in row["name"].casefold()
    ]
    return Group("Elements", "element", hits[:MOST])


def _materials(user: User, words: str) -> Group:
    if not permits(user, "catalogue.see"):
        return Group("Materials", "position", [])
    hits = [
        Hit(row.name, f"{row.code} · {row.form_name.lower()}", reverse("material", args=[row.code]))
        for row in catalogue.materials()
        if _fits(words, row.code, row.name, row.formula)
    ]
    return Group("Materials", "element", hits[:MOST], reverse("materials") if len(hits) > MOST else "")


def _orders(user: User, words: str, today: date) -> Group:
    if not permits(user, "orders.see"):
        return Group("Orders", "order", [])
    page = orders.listing(user, today=today, search=words, size=MOST)
    hits = [
        Hit(row.number, f"{row.supplier_name} · {row.state}", reverse("order", args=[row.number])) for row in page.rows
    ]
    return Group("Orders", "order", hits, _more("orders", words) if page.next else "")


def _suppliers(user: User, words: str) -> Group:
    if not permits(user, "suppliers.see"):
        return Group("Suppliers", "supplier", [])
    page = suppliers.listing(user, search=words, size=MOST)
    hits = [Hit(row.name, f"{row.code} · {row.country}", reverse("supplier", args=[row.code])) for row in page.rows]
    return Group("Suppliers", "supplier", hits, _more("suppliers", words) if page.next else "")


def _sites(user: User, words: str) -> Group:
    hits = [
        Hit(row["name"], row["code"], reverse("site", args=[row["code"]]))
        for row in sites.visible(user)
        if _fits(words, row["code"], row["name"])
    ]
    return Group("Sites", "site", hits[:MOST])


def _more(url_name: str, words: str) -> str:
    return f"{reverse(url_name)}?{urlencode({'search': words})}"


def _fits(words: str, *texts: Any) -> bool:
    return any(words.casefold() in str(text).casefold() for text in texts)

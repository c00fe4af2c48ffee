"""One box that finds what a person works with, each as far as they may see it: exact names jump, beginnings are listed.

Lots, orders and deliveries are found by how their numbers begin, which an index answers at any size; the short lists
(materials, suppliers, sites, places, elements, people) by how a word of their name begins.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.accounts import people
from config.accounts.matrix import ROLE_NAMES, Role, permits
from config.accounts.models import User
from config.audit import edge
from inventory import catalogue, lots, names, sites
from procurement import deliveries, orders, suppliers
from procurement.transitions import State

LONGEST = 80
MOST = 8
SUGGESTED = 3


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


def exact(*, user: User, words: str) -> str:
    """The address of the one lot (by our number, else the supplier's), order, delivery or place called exactly so, or ""."""
    if permits(user, "lots.see"):
        number = lots.called(user=user, number=words) or lots.called_by_supplier(user=user, number=words)
        if number:
            return reverse("lot", args=[number])
    if permits(user, "orders.see"):
        same = [number for number, *_rest in orders.beginning(user, words=words, most=2) if _same(number, words)]
        if same:
            return reverse("order", args=same)
    elif permits(user, "deliveries.receive"):
        lines = deliveries.beginning(user, words=words, most=2)
        if len(lines) == 1 and _same(lines[0][1], words):
            return reverse("delivery-receive", args=[lines[0][0]])
    place = sites.place_called(user, words) if permits(user, "sites.see") else None
    return f"{reverse('site', args=[place[0]])}#{place[1]}" if place else ""


def find(*, user: User, words: str, most: int = MOST) -> list[Group]:
    """What the words find, by kind, lots first, at most `most` of a kind; kinds without a hit are left out.

    Raises BadText.
    """
    words = edge.text(words, what=gettext_lazy("Search"), longest=LONGEST, field="q")
    if not words:
        return []
    found = [read(user, words, most) for act, read in KINDS if not act or permits(user, act)]
    return [group for group in found if group.hits]


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _lots(user: User, words: str, most: int) -> Group:
    rows = lots.beginning(user=user, words=words, most=most + 1)
    hits = [
        Hit(
            row.number,
            " · ".join(part for part in (row.material_name, row.supplier_lot) if part),
            reverse("lot", args=[row.number]),
        )
        for row in rows
    ]
    return _group(_("Lots"), "lot", hits, most, _more("lots", words))


def _elements(user: User, words: str, most: int) -> Group:
    hits = [
        Hit(names.capital(row["name"]), row["symbol"], reverse("element", args=[row["symbol"]]))
        for row in catalogue.elements()
        if _same(row["symbol"], words) or _fits(words, row["name"])
    ]
    return _group(_("Elements"), "element", hits, most)


def _materials(user: User, words: str, most: int) -> Group:
    hits = [
        Hit(name, f"{code} · {names.lower(form)}", reverse("material", args=[code]))
        for code, name, form, formula in catalogue.names()
        if _fits(words, code, name, formula)
    ]
    return _group(_("Materials"), "element", hits, most, reverse("materials"))


def _orders(user: User, words: str, most: int) -> Group:
    hits = [
        Hit(number, f"{supplier} · {State(state).label.lower()}", reverse("order", args=[number]))
        for number, supplier, state in orders.beginning(user, words=words, most=most + 1)
    ]
    return _group(_("Orders"), "order", hits, most, _more("orders", words))


def _deliveries(user: User, words: str, most: int) -> Group:
    hits = [
        Hit(f"{order} / {line}", f"{material} · {site}", reverse("delivery-receive", args=[line_id]))
        for line_id, order, line, material, site in deliveries.beginning(user, words=words, most=most + 1)
    ]
    return _group(_("Deliveries expected"), "receive", hits, most, reverse("deliveries"))


def _suppliers(user: User, words: str, most: int) -> Group:
    hits = [
        Hit(name, f"{code} · {country}", reverse("supplier", args=[code]))
        for code, name, country in suppliers.names(user)
        if _fits(words, code, name)
    ]
    return _group(_("Suppliers"), "supplier", hits, most, _more("suppliers", words))


def _sites(user: User, words: str, most: int) -> Group:
    hits = [
        Hit(row["name"], row["code"], reverse("site", args=[row["code"]]))
        for row in sites.visible(user)
        if _fits(words, row["code"], row["name"])
    ]
    return _group(_("Sites"), "site", hits, most)


def _places(user: User, words: str, most: int) -> Group:
    hits = [
        Hit(row.code, f"{row.name} · {row.site_name}", f"{reverse('site', args=[row.site])}#{row.code}")
        for row in sites.holding(user)
        if _fits(words, row.code, row.name)
    ]
    return _group(_("Places"), "site", hits, most)


def _people(user: User, words: str, most: int) -> Group:
    hits = [
        Hit(
            row.name or row.username,
            f"{row.username} · {', '.join(str(ROLE_NAMES[Role(role)]) for role in row.roles)}",
            reverse("person", args=[row.username]),
        )
        for row in people.listing(people.PeopleFilters(search=words))
    ]
    return _group(_("People"), "person", hits, most, _more("people", words))


KINDS: Iterable[tuple[str, Callable[[User, str, int], Group]]] = (
    ("lots.see", _lots),
    ("positions.see", _elements),
    ("catalogue.see", _materials),
    ("orders.see", _orders),
    ("deliveries.receive", _deliveries),
    ("suppliers.see", _suppliers),
    ("", _sites),
    ("sites.see", _places),
    ("people.see", _people),
)


def _group(kind: str, icon: str, hits: list[Hit], most: int, more: str = "") -> Group:
    return Group(kind, icon, hits[:most], more if len(hits) > most else "")


def _more(url_name: str, words: str) -> str:
    return f"{reverse(url_name)}?{urlencode({'search': words})}"


def _fits(words: str, *texts: Any) -> bool:
    """Whether a text, or a word in it, begins so."""
    begins = re.compile(rf"(^|[\s\-/(]){re.escape(words)}", re.IGNORECASE)
    return any(begins.search(str(text)) for text in texts)

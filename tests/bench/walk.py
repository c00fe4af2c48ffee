"""Every address that can be read, as each role that may read it, with things that are really there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.accounts import signed_in as begins
from config.accounts.matrix import permits
from config.accounts.models import User
from tests.architecture.routes import OPEN, ROUTES, SIGNED_IN
from tests.bench.figures import Figure, measured, yardstick

PEOPLE = ("wes", "paula", "max", "alma", "adam")
# What only whoever is not signed in sees, what streams, and what leads elsewhere.
LEFT_OUT = {
    "livez",
    "healthz",
    "sign-in",
    "sign-in-code",
    "sign-in-passkey",
    "sign-in-sso",
    "sign-in-sso-back",
    "api-nothing",
    "api-schema",
    "second-factor-remove",
    "table-view",
}

# A thing for each argument of a route: the busiest, newest or heaviest that there is. %(sites)s is null for who sees all.
AT = """EXISTS (SELECT 1 FROM inventory_balance b JOIN inventory_location l ON l.id = b.location_id
    JOIN inventory_site s ON s.id = l.site_id
    WHERE b.lot_id = lot.id AND b.net_mg > 0 AND l.kind = 'store' AND (%(sites)s::text[] IS NULL OR s.code = ANY(%(sites)s)))"""
THINGS = {
    "ANT-LOT": f"SELECT number FROM inventory_lot lot WHERE condition = 'A' AND {AT} ORDER BY last_seq DESC, id LIMIT 1",
    "order": "SELECT o.number FROM procurement_order o JOIN procurement_orderline l ON l.order_id = o.id"
    " GROUP BY o.number ORDER BY count(*) DESC, o.number LIMIT 1",
    "draft": "SELECT number FROM procurement_order WHERE state = 'draft' ORDER BY id DESC LIMIT 1",
    "request": "SELECT id FROM approvals_request WHERE state = 'pending' AND kind LIKE 'inventory.%%'"
    " AND (%(sites)s::text[] IS NULL OR site_code = ANY(%(sites)s)) ORDER BY id LIMIT 1",
    "grant": "SELECT id FROM approvals_request WHERE about_id IS NOT NULL ORDER BY id LIMIT 1",
    "supplier": "SELECT code FROM procurement_supplier s JOIN procurement_order o ON o.supplier_id = s.id"
    " GROUP BY code ORDER BY count(*) DESC LIMIT 1",
    "line": "SELECT l.id FROM procurement_orderline l JOIN procurement_order o ON o.id = l.order_id"
    " JOIN inventory_site s ON s.id = l.site_id WHERE o.state IN ('placed', 'part received') AND open_mg > 0"
    " AND (%(sites)s::text[] IS NULL OR s.code = ANY(%(sites)s)) ORDER BY l.id LIMIT 1",
    "target": "SELECT t.id FROM reserve_target t JOIN inventory_element e ON e.id = t.element_id WHERE e.symbol = 'Nd' LIMIT 1",
    "flag": "SELECT id FROM reserve_flag WHERE target_id IS NOT NULL ORDER BY state = 'closed', id LIMIT 1",
    "rotation": "SELECT r.id FROM reserve_rotation r JOIN inventory_lot lot ON lot.id = r.lot_id WHERE"
    f" r.finished_at IS NULL AND {AT} ORDER BY r.id LIMIT 1",
    "policy": "SELECT id FROM reserve_rotationpolicy WHERE is_active ORDER BY id LIMIT 1",
}
ARGUMENTS = {
    **dict.fromkeys(("request", "api-request"), "request"),
    **dict.fromkeys(("order", "api-order"), "order"),
    "order-edit": "draft",
    **dict.fromkeys(("supplier", "supplier-edit", "api-supplier"), "supplier"),
    "delivery-receive": "line",
    **dict.fromkeys(("position-row", "target", "api-target"), "target"),
    **dict.fromkeys(("flag", "api-flag"), "flag"),
    **dict.fromkeys(("rotation-row", "api-rotation"), "rotation"),
    "rotation-policy-end": "policy",
}
FIXED = {"nd-oxide": "neodymium-oxide", "ben": "wes", "ANT": "HAM", "ANT-S1": "HAM-S1"}
# What people narrow and turn on the pages that many rows stand behind. {past} is a day of the year before.
NARROWED = {
    "position": ["as_of={past}", "element=Nd", "short=1"],
    "lots": [
        "order=number",
        "order=due",
        "search=RE-25",
        "search=A",
        "search=zzzz",
        "element=Nd",
        "element=Nd&form=oxide&order=due&held=yes",
        "site=HAM",
        "condition=J",
        "condition=ABC&place=quarantine",
        "below_target=yes",
        "due_before={soon}",
        "material=ndfeb-part&verdict=unknown",
    ],
    "element": ["form=concentrate", "form=block"],
    "rounds": ["show=overdue", "show=variance", "site=HAM"],
    "orders": ["state=placed", "state=draft"],
    "rotation": ["state=done", "state=overdue"],
    "commands": ["outcome=refused"],
    "requests": ["state=approved"],
    "api-positions": ["as_of={past}", "as_known_on={past}"],
    "api-shortfalls": ["as_of={past}"],
    "desk": ["as_of={past}"],
}
ELEMENTS = ("Dy", "Co", "Ni", "Cu", "Ce", "Sb")


@dataclass(frozen=True)
class Visit:
    """One address, as one person."""

    who: str
    address: str
    what: str


def visits(people: dict[str, User]) -> Iterator[Visit]:
    """All that people may read, each with what stands behind the address in brackets."""
    today = timezone.now().date()
    days = {"past": today - timedelta(days=400), "soon": today + timedelta(days=60)}
    for who, person in people.items():
        things = _things(person)
        for name, route in ROUTES.items():
            if not route.get or name in LEFT_OUT or not _may(person, route.get):
                continue
            given = {
                key: things[ARGUMENTS[name]] if name in ARGUMENTS else things.get(value, FIXED.get(value, value))
                for key, value in route.args.items()
            }
            if None in given.values():
                continue
            address = reverse(name, kwargs=given)
            yield Visit(who, address, name)
            for query in NARROWED.get(name, ()):
                query = query.format(**days)
                yield Visit(who, f"{address}?{query}", f"{name}?{query}")
            for symbol in ELEMENTS if name == "element" else ():
                yield Visit(who, reverse(name, args=[symbol]), f"{name} {symbol}")


def walk(visits: Sequence[Visit], *, people: dict[str, User], runs: int) -> tuple[list[Figure], list[float]]:
    """Visit everything once to warm up, then in `runs` rounds over all; a figure each, and the yardstick between visits.

    In rounds, so that a minute in which the machine is slow falls on every address once, and on none with all its runs.
    """
    clients = {who: signed_in(person) for who, person in people.items()}
    figures = [Figure(visit.what, visit.who) for visit in visits]
    for figure, visit in zip(figures, visits, strict=True):
        figure.status = clients[visit.who].get(visit.address).status_code
    speeds = []
    for _ in range(runs):
        for index, (figure, visit) in enumerate(zip(figures, visits, strict=True)):
            if index % 25 == 0:
                speeds.append(yardstick())
            with measured(figure):
                b"".join(clients[visit.who].get(visit.address))  # streamed or not, all of it
    return figures, speeds


def signed_in(person: User) -> Client:
    """A client of a person whose session has just begun."""
    client = Client()
    client.force_login(person)
    session = client.session
    begins.note_beginning(session, address="", browser="", now=timezone.now())
    session.save()
    return client


def _may(person: User, act: str) -> bool:
    return act in (OPEN, SIGNED_IN) or permits(person, act)


def _things(person: User) -> dict[str, Any]:
    """What each argument stands for, as far as the person sees it."""
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for name, sql in THINGS.items():
            cursor.execute(sql, {"sites": person.site_codes or None})
            row = cursor.fetchone()
            found[name] = row[0] if row else None
    if "administrator" in person.roles:
        found["request"] = found["grant"]
    return found

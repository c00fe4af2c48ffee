"""Five hundred requests for what lies at another site: each is answered word for word like one for what does not exist,
and after as many questions to the database, so that neither the answer nor its time tells them apart.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inventory import ledger, units
from tests.world import World

MANY = 500
# What may differ between two answers to the same request: keys and tokens made anew.
ANEW = re.compile(
    rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=name=\"csrfmiddlewaretoken\" value=\")\w+"
)


@dataclass(frozen=True)
class Ask:
    """One request; the words of `names` stand in it for what exists at the other site, or for its twin that does not."""

    method: str
    path: str
    body: Any = None
    query: tuple[tuple[str, str], ...] = ()

    def send(self, client: Client, names: dict[str, str]) -> tuple[int, bytes, int]:
        """Status, body with the names taken out, and how many queries it took."""
        path, body, query = (_named(part, names) for part in (self.path, self.body, dict(self.query)))
        options: dict[str, Any] = {"headers": {"Idempotency-Key": str(uuid4())}, "query_params": query or None}
        if body is not None and path.startswith("/api/"):
            options |= {"data": json.dumps(body), "content_type": "application/json"}
        elif body is not None:
            options["data"] = {**body, "key": str(uuid4())}
        with CaptureQueriesContext(connection) as queries:
            answer = getattr(client, self.method.lower())(path, **options)
        content = ANEW.sub(b"", answer.content)
        for word, name in sorted(names.items(), key=lambda item: -len(item[1])):
            said = f"requests/{name}/" if word == "request" else name
            content = content.replace(said.encode(), b"*")
        return answer.status_code, content, len(queries)


def _named(part: Any, names: dict[str, str]) -> Any:
    text = json.dumps(part)
    for word, name in names.items():
        text = text.replace(f"<{word}>", name)
    return json.loads(text)


LOT_ACTS: dict[str, dict[str, Any]] = {
    "condition": {"condition": "H", "reason": "Burst"},
    "assay": {"lab": "Lab", "fractions": {"Nd": "0.1"}},
    "retest": {"performed_on": "2026-11-02", "passed": False},
    "count": {"location": "<place>", "quantity": "1", "unit": "kg", "seals": "none"},
    "split": {"location": "<place>", "parts": ["1"]},
    "transfer": {"origin": "<place>", "destination": "BRA-S1", "net": "1", "unit": "kg"},
    "sample": {"origin": "<place>", "net": "1", "unit": "kg", "reason": "Look"},
    "adjust": {"location": "<place>", "net": "1", "unit": "kg", "reason": "Spilt"},
    "reverse": {"movement": "1", "reason": "Wrong"},
}
FILTERS: dict[str, list[str]] = {
    "element": ["", "Nd", "Dy"],
    "condition": ["", "A", "J", "C"],
    "form": ["", "oxide", "metal"],
    "received_after": ["", "2026-01-01"],
}


def asks() -> Iterator[Ask]:
    """Paths, bodies, filters, searches and form choices that name a thing of another site."""
    for act, body in LOT_ACTS.items():
        for method in ("GET", "POST"):
            yield Ask(method, f"/lots/<lot>/{act}/", body if method == "POST" else None)
        yield Ask("POST", f"/api/lots/<lot>/{act}/", body)
    for path in (
        "/lots/<lot>/",
        "/api/lots/<lot>/",
        "/api/lots/<lot>/timeline/",
        "/sites/<site>/",
        "/requests/<request>/",
        "/api/requests/<request>/",
    ):
        yield Ask("GET", path)
        yield Ask("HEAD", path)
    for act in ("approve", "refuse", "withdraw"):
        yield Ask("POST", f"/api/requests/<request>/{act}/", {"note": "Yes"})
        yield Ask("POST", "/requests/<request>/", {"act": act, "note": "Yes"})
    for kind, net in product(("transfer", "sample"), ("1", "0.5", "999999")):
        move = {"kind": kind, "net_kg": net, "reason": "Needed there"}
        yield Ask("POST", "/api/movements/", {**move, "lot": "<lot>", "origin": "<place>", "destination": "BRA-S1"})
        yield Ask("POST", "/api/movements/", {**move, "lot": "<lot>", "origin": "BRA-S1", "destination": "BRA-S2"})
        yield Ask("POST", "/api/movements/", {**move, "lot": "BRA-LOT", "origin": "BRA-S1", "destination": "<place>"})
    for net in ("1", "12.5"):
        arrival = {"material": "nd-oxide", "net_kg": net, "supplier_lot": "S1"}
        yield Ask("POST", "/api/receipts/", {**arrival, "location": "<place>"})
        yield Ask("POST", "/api/receipts/", {**arrival, "site": "<site>", "location": "<place>"})
        yield Ask("POST", "/receive/", {"material": "nd-oxide", "location": "<place>", "net": net, "unit": "kg"})
    for query in ({"q": "<lot>"}, {"q": "<supplier_lot>"}, {"q": "<place>"}):
        yield Ask("GET", "/search/", query=tuple(query.items()))
    for chosen in product(*FILTERS.values()):
        narrowed = tuple((name, value) for name, value in zip(FILTERS, chosen, strict=True) if value)
        for named in (("site", "<site>"), ("search", "<lot>"), ("search", "<supplier_lot>")):
            yield Ask("GET", "/api/lots/", query=(named, *narrowed))
            if not narrowed:
                yield Ask("GET", "/lots/", query=(named, *narrowed))
    for path, name in product(
        ("/api/movements/", "/api/positions/", "/api/locations/", "/deliveries/", "/rotation/"), ("site", "lot")
    ):
        for more in ((), (("element", "Nd"),), (("form", "oxide"),)):
            yield Ask("GET", path, query=((name, f"<{name}>"), *more))


@pytest.fixture
def foreign(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What Antwerp has, under the words that stand for it. Cem of Braga asks."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    world.stock("10", lot_number="ANT-LOT", supplier_lot="SUP-77")
    world.stock("10", lot_number="BRA-LOT", location="BRA-S1", who="cem")
    asked = ledger.ask_adjust(
        by=world.by("ana"), lot="ANT-LOT", location="ANT-S1", net=units.enter("1"), gain=False, reason="Spilt"
    )
    return {
        "lot": "ANT-LOT",
        "place": "ANT-S1",
        "site": "ANT",
        "supplier_lot": "SUP-77",
        "request": str(asked["request"]),
    }


TWINS = {"lot": "ANX-LOT", "place": "ANX-S1", "site": "ANX", "supplier_lot": "SUX-77", "request": "987654"}


def test_none_of_them_is_answered(world: World, foreign: dict[str, str]) -> None:
    dice = random.Random(3)
    all_asks = list(asks())
    chosen = [*all_asks, *dice.choices(all_asks, k=max(MANY - len(all_asks), 0))]
    client, told = Client(), []
    client.force_login(world.cem)
    for ask in chosen:
        there, missing = ask.send(client, foreign), ask.send(client, TWINS)
        if there != missing:
            told.append((ask, there, missing))
    assert len(chosen) >= MANY
    assert [(ask, there[0], missing[0], there[2], missing[2]) for ask, there, missing in told] == []


def test_the_same_requests_are_answered_to_who_may_see_it(world: World, foreign: dict[str, str]) -> None:
    """The control: what tells Cem nothing does tell Ana, so the requests are of the right shape."""
    client = Client()
    client.force_login(world.ana)
    shapes = [ask for ask in asks() if ask.method == "GET" and ask.path.startswith("/api/")][::4]
    told = [ask for ask in shapes if ask.send(client, foreign) != ask.send(client, TWINS)]
    assert len(told) > 20

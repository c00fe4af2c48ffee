"""Every figure of every desk leads to the list behind it, and that list has exactly so many rows."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from config.accounts import lockout
from config.accounts.devices import Origin
from config.accounts.models import User
from config.approvals import requests
from config.audit.refused import Refused
from inventory import ledger, units
from inventory.models import Lot
from reserve import flags
from tests.pages import People, Person
from tests.procurement.market import Market, add_suppliers
from tests.reserve.levels import flagged, hold, propose
from tests.world import World

VOID = {"input", "br", "img", "link", "meta", "hr", "path", "use", "circle", "rect", "line"}


class Rows(HTMLParser):
    """Rows of the tables inside the element of an id, or of the first list inside <main>: not of a chart's table."""

    def __init__(self, inside: str) -> None:
        super().__init__()
        self.inside, self.depth, self.body, self.count, self.lists = inside, 0, False, 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        if self.depth or dict(attrs).get("id") == self.inside:
            self.depth += 1
        if self.depth and tag == "table":
            self.lists += "rows" in (dict(attrs).get("class") or "").split()
        if self.depth and tag == "tbody":
            self.body = self.inside != "main" or self.lists == 1
        if self.depth and self.body and tag == "tr":
            self.count += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "tbody":
            self.body = False
        if self.depth and tag not in VOID:
            self.depth -= 1


def figures(html: str) -> Iterator[tuple[str, int, str]]:
    """Label, figure and address of every figure of a desk; a figure that leads nowhere fails."""
    for block in re.findall(r'<(?:a href="[^"]*"|div) class="stat">.*?</(?:a|div)>', html, re.DOTALL):
        label = re.search(r'stat-label">(.*?)<', block)
        value = re.search(r'stat-value">\s*([\d,]+)', block)
        link = re.match(r'<a href="([^"]*)"', block)
        assert label
        assert value, block
        assert link, f"{label[1]} leads nowhere"
        yield label[1], int(value[1].replace(",", "")), link[1].replace("&amp;", "&")


def rows_at(person: Person, desk: str, address: str) -> int:
    path, _, fragment = address.partition("#")
    html = person.get(f"{desk}{path}" if path[:1] in ("", "?") else path)
    rows = Rows(fragment or "main")
    rows.feed(html)
    return rows.count


@pytest.fixture
def busy(world: World) -> World:
    """Something of everything that a desk counts, and two of most."""
    add_suppliers(world)
    market = Market(world)
    flagged(world, "100000")
    hold(world, "5", form="metal")
    flags.scan(now=world.now)
    flags.acknowledge(by=world.by("pia"), flag_id=flags.listing(user=world.pia)[0].id, note="Asking around")
    propose(world, required="5", element="Dy", form="metal", basis="contained", who="eve")
    market.draft(funds_expire_on=world.now.date() + timedelta(days=80))
    for make in (market.approved, market.submitted, market.submitted, market.draft):
        make()
    market.placed(market.line("250"), market.line("5", promised_on=world.now.date() + timedelta(days=1)))
    market.placed(market.line("7", promised_on=world.now.date() + timedelta(days=1)))
    world.receive("20")
    world.receive("30", location="BRA-S1", who="cem")
    number = world.stock("20", produced_on=world.now.date() - timedelta(days=1810))
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("12"))
    asked = ledger.ask_adjust(
        by=world.by("ana"), lot=number, location="ANT-S1", net=units.enter("1"), gain=False, reason="Weighed again"
    )
    requests.approve(by=world.by("dee"), request_id=asked["request"])
    with pytest.raises(Refused):
        ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("900"))
    Lot.objects.filter(number=number).update(frozen_at=world.now)
    User.objects.filter(username="ben").update(site_codes=[])
    User.objects.filter(username="cem").update(date_joined=world.now - timedelta(days=200))
    world.later(days=3)
    for name in ("ana", "ana", "nobody at all"):
        for _ in range(8):
            guess(name, world.now)
    with pytest.raises(Refused):
        flags.acknowledge(by=world.by("ana"), flag_id=1, note="")
    return world


def guess(name: str, now: datetime) -> None:
    """A wrong password, as the sign-in page counts it."""
    with suppress(lockout.TooManyAttempts):
        lockout.take(username=name, origin=Origin(address="10.0.0.7", device=""), now=now)


DESKS = {"ana": 6, "pia": 7, "dee": 4, "aud": 6, "adm": 7}


@pytest.mark.parametrize("who", DESKS)
def test_every_figure_leads_to_exactly_so_many_rows(people: People, busy: World, settings: Any, who: str) -> None:
    settings.SECOND_FACTOR_REQUIRED_FOR = ["manager"] if who == "adm" else []
    person: Any = getattr(people, who)
    html = person.get("/")
    found = list(figures(html))
    assert len(found) == DESKS[who]
    wrong = [
        f"{label}: {value} there, {rows} at {address}"
        for label, value, address in found
        if (rows := rows_at(person, "/", address)) != value
    ]
    assert wrong == []
    assert sum(bool(value) for _, value, _ in found) >= 3, found


@pytest.mark.parametrize("who", DESKS)
def test_with_nothing_to_do_every_figure_says_so_and_opens(people: People, who: str) -> None:
    person: Any = getattr(people, who)
    for label, value, address in figures(person.get("/")):
        if label not in ("Jobs silent or failed", "Refused attempts"):
            assert value == 0, label
        assert rows_at(person, "/", address) == value, label


def test_a_manager_chooses_since_when_changes_are_told(people: People, world: World) -> None:
    world.receive("20")
    world.later(days=3)
    assert "Received" in people.dee.get("/", {"days": "7"}).split('id="changes"')[1]
    assert "Nothing changed" in people.dee.get("/", {"days": "1"})
    assert "Received" in people.dee.get("/", {"days": "nonsense"}).split('id="changes"')[1]


def test_a_panel_of_the_warehouse_that_is_cut_short_opens_whole(people: People, world: World) -> None:
    lots = [world.stock("1", location="ANT-QUAR") for _ in range(8)]
    html = people.ana.get("/")
    assert rows_at(people.ana, "/", "#stow") == 6
    [address] = {address for label, value, address in figures(html) if label == "To stow" and value == len(lots)}
    assert f'href="{address.replace("&", "&amp;")}">The whole list' in html
    assert rows_at(people.ana, "/", address) == len(lots)
    assert rows_at(people.ana, "/", "?as=warehouse&all=nonsense#stow") == 6

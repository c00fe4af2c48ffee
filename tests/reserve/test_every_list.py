"""Every list that is a page: whole with every column, the same rows for a file, values that a file can hold."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation

from config.accounts import delegations, preferences
from config.approvals import glass
from config.ui import figures, saved, tables
from config.ui.saved import View
from config.ui.tables import Table
from inventory import ledger, units
from reserve import rotation
from tests.counting import the_same_at_3_and_30
from tests.exported import exported
from tests.pages import People, text
from tests.procurement.market import Market, add_suppliers
from tests.reserve.levels import flagged, hold
from tests.reserve.rotation_world import due_lot, policy
from tests.world import World

PLAIN = r"-?\d+(\.\d+)?|\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?"
EMPTY = {"exports", "requests"}  # where nothing was exported, nothing waits


@pytest.fixture
def full(world: World) -> World:
    """Something in every list."""
    add_suppliers(world)
    lot = world.stock("1234.567891")
    ledger.transfer(by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-S2", net=units.enter("10"))
    Market(world).placed()
    flagged(world, "100000")
    policy(world)
    due_lot(world, date(2026, 12, 4))
    rotation.plan(now=world.now)
    ledger.transfer(by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-S2", net=units.enter("2.5", "lb"))
    hold(world, form="metal", days=730, daily_use_mg=units.enter("1234.5").mg, use_basis="Plan 2026")
    asked = ledger.ask_issue(by=world.by("ana"), lot=lot, origin="ANT-S2", net=units.enter("1"), reason="Flood")
    glass.carry_out(by=world.by("ana"), request_id=asked["request"], reason="The store floods tonight")
    today = world.now.date()
    acts = ["issue.approve"]
    delegations.lend(by=world.by("dee"), borrower="pia", acts=acts, from_on=today, until_on=today, reason="Leave")
    return world


def _reader(world: World, table: Table) -> str:
    """Who sees every column of it."""
    if table.name == "rounds":  # with the button that only a warehouse has
        return "ana"
    return "adm" if table.act in ("people.see", "sites.write", "jobs.see") else "dee"


def test_every_list_is_whole_with_every_column_and_gives_a_file_the_same_rows(people: People, full: World) -> None:
    assert len(tables.every()) >= 18
    for table in tables.every():
        who = _reader(full, table)
        user = full.people[who]
        keys = [column.key for column in table.columns]
        preferences.put(user=user, name=f"columns:{table.name}", value=keys)
        rows = list(table.rows(user=user, params=QueryDict(""), now=full.now))
        assert bool(rows) is (table.name not in EMPTY), table.name
        html = getattr(people, who).get(reverse(table.url_name))
        assert f'<section class="panel flush" id="{table.name}"' in html
        shown = tables.shown(table, user=user)
        assert len(shown.columns) == len(keys), "every column is open to who was chosen here"
        assert html.count('<th scope="row"') >= len(rows), table.name
        assert "None" not in text(html.split(f'id="{table.name}"')[1].split("</section>")[0]), table.name
        heads = [column.filed for column in shown.filed]
        assert len(set(heads)) == len(heads), table.name
        for row in rows:
            for column in shown.filed:
                value = column.value(row) if column.value else None
                assert value is None or type(value) in (str, Decimal, int, date, datetime), (table.name, column.key)


def test_a_file_says_the_same_in_every_language_and_unit(full: World) -> None:
    """Heads are the person's, values are for programs: points, no groups, ISO days, kg."""
    for table in tables.every():
        who = _reader(full, table)
        columns = [column for column in table.columns if column.data]
        keys = [column.key for column in columns]
        with translation.override("en"):
            head, *rows = exported(full, who, table.name, keys)
        with translation.override("fr"), figures.preferring("lb"):
            heads = [column.filed for column in columns]
            tete, *lignes = exported(full, who, table.name, keys)
            values = [[column.value(row) for column in columns if column.value] for row in _rows(full, table, who)]
        assert tete == heads, table.name
        assert [" kg" in word for word in tete] == [" kg" in word for word in head]
        if table.name in ("exports", "commands"):  # each export adds a row to both
            continue
        assert len(rows) == len(lignes) == len(values)
        for row, ligne, typed in zip(rows, lignes, values, strict=True):
            for key, here, there, value in zip(keys, row, ligne, typed, strict=True):
                where = (table.name, key, here, there)
                if isinstance(value, Decimal | int | date):
                    assert here == there, where
                    assert re.fullmatch(PLAIN, there), where
                assert not re.search(r"\d[,\u202f\u00a0]\d", there), where
                assert re.search(r"\blb\b", there) is None or here == there, where  # as it was entered


def _rows(world: World, table: Table, who: str) -> list[Any]:
    return list(table.rows(user=world.people[who], params=QueryDict(""), now=world.now))


def test_a_view_of_every_list_opens_it(people: People, full: World) -> None:
    for table in tables.every():
        who = _reader(full, table)
        view = View("a1", "Mine", "", [column.key for column in table.columns[:2]])
        preferences.put(user=full.people[who], name=f"views:{table.name}", value=[vars(view)])
        html = getattr(people, who).get(reverse(table.url_name) + view.address)
        assert 'aria-current="true"><bdi>Mine</bdi>' in html, table.name
        saved_of = saved.of(full.people[who], table)
        assert saved_of == [view]


def test_movements_are_listed_narrowed_and_of_one_s_sites(people: People, full: World) -> None:
    shown = text(people.ana.get("/movements/", {"kind": "transfer"}))
    assert "Transfer" in shown
    assert "ANT-S2" in shown
    assert "No movement matches" in people.ana.get("/movements/", {"lot": "NOTHING"})
    assert "No movement matches" in people.ana.get("/movements/", {"until": "2020-01-01"})
    assert "ANT-S2" not in text(people.cem.get("/movements/"))
    people.closed("/movements/", open_to={"ana", "pia", "dee", "aud"})


def test_movements_ask_the_same_queries_however_many(people: People, world: World) -> None:
    def make(more: int) -> None:
        for _ in range(more):
            world.receive("1")

    the_same_at_3_and_30("page movements", make=make, read=lambda: people.dee.get("/movements/"))

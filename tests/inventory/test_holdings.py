"""What lies where, by site and by material."""

import pytest

from inventory import holdings, ledger, units
from inventory.ledger.refusals import MaterialNotFound
from inventory.sites import UnknownSite
from tests.counting import the_same_at_3_and_30
from tests.world import World


def test_by_site_tells_stores_from_other_places_and_accepted_from_held(world: World) -> None:
    number = world.stock("1000")
    world.receive("50")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("300"))
    antwerp, braga = holdings.by_site(user=world.dee)
    assert (antwerp.code, antwerp.store_mg, antwerp.accepted_mg, antwerp.other_mg) == (
        "ANT",
        750_000_000,
        700_000_000,
        300_000_000,
    )
    assert (braga.code, braga.store_mg, braga.other_mg) == ("BRA", 0, 0)


def test_by_site_shows_each_person_their_own_sites(world: World) -> None:
    assert [row.code for row in holdings.by_site(user=world.cem)] == ["BRA"]
    assert holdings.by_site(user=world.adm) == []


def test_at_site_lists_each_place_with_its_materials(world: World) -> None:
    world.stock("10")
    world.stock("20")
    world.stock("5", material="ndfeb-block")
    site = holdings.at_site(user=world.ana, code="ANT")
    store = next(row for row in site.locations if row.code == "ANT-S1")
    assert [(line.material, line.lots, line.net_mg, line.free_mg) for line in store.lying] == [
        ("ndfeb-block", 1, 5_000_000, 5_000_000),
        ("nd-oxide", 2, 30_000_000, 30_000_000),
    ]
    assert (store.net_mg, store.lots, site.net_mg) == (35_000_000, 3, 35_000_000)
    assert {row.kind for row in site.locations if not row.holds} == {
        "supplier",
        "consumer",
        "process",
        "sample",
        "loss",
        "gain",
    }


@pytest.mark.parametrize("code", ["ANT", "NOWHERE"])
def test_at_site_knows_no_foreign_site(world: World, code: str) -> None:
    with pytest.raises(UnknownSite):
        holdings.at_site(user=world.cem, code=code)


def test_by_material_sums_what_the_person_may_see(world: World) -> None:
    world.stock("10")
    world.stock("5", location="BRA-S1", who="cem")
    sums = {
        who: next(row for row in holdings.by_material(user=world.people[who]) if row.code == "nd-oxide")
        for who in ("dee", "cem", "adm")
    }
    assert (sums["dee"].net_mg, sums["dee"].accepted_mg) == (15_000_000, 15_000_000)
    assert sums["cem"].net_mg == 5_000_000
    assert sums["adm"].net_mg is None


def test_of_material_gives_frozen_fractions_with_their_source(world: World) -> None:
    found = holdings.of_material(user=world.dee, code="ndpr-oxide")
    assert [(row.symbol, int(row.percent), row.source) for row in found.fractions] == [
        ("Nd", 64, "stoichiometric_factors.csv"),
        ("Pr", 21, "stoichiometric_factors.csv"),
    ]


def test_of_material_says_where_it_lies_within_the_person_s_sites(world: World) -> None:
    world.stock("10")
    world.receive("5", location="BRA-QUAR", who="cem")
    rows = holdings.of_material(user=world.dee, code="nd-oxide").holdings
    assert [(row.site, row.place, row.condition, row.net_mg, row.lots) for row in rows] == [
        ("ANT", "store", "A", 10_000_000, 1),
        ("BRA", "quarantine", "J", 5_000_000, 1),
    ]
    assert [row.site for row in holdings.of_material(user=world.cem, code="nd-oxide").holdings] == ["BRA"]
    foreign = holdings.of_material(user=world.adm, code="nd-oxide")
    assert (foreign.holdings, foreign.may_see_holdings) == ((), False)


def test_of_material_knows_no_other(world: World) -> None:
    with pytest.raises(MaterialNotFound):
        holdings.of_material(user=world.dee, code="unobtainium")


def test_it_makes_the_same_queries_at_3_and_at_30(world: World) -> None:
    the_same_at_3_and_30(
        "inventory.holdings",
        make=lambda more: [world.stock("1") for _ in range(more)],
        read=lambda: (
            holdings.by_site(user=world.dee),
            holdings.at_site(user=world.dee, code="ANT"),
            holdings.by_material(user=world.dee),
            holdings.of_material(user=world.dee, code="nd-oxide"),
        ),
    )

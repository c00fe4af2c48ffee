"""What waits at a site."""

from datetime import date, timedelta

from inventory import attention, ledger, units
from tests.world import NOW, World


def test_a_received_lot_waits_for_another_person(world: World) -> None:
    number = world.receive("20")
    world.stock("5")
    (held,) = attention.on_hold(user=world.ana)
    assert (held.lot, held.sites, held.net_mg, held.condition) == (number, ["ANT"], 20_000_000, "J")
    assert (held.waits_for, held.received_by, held.since) == ("acceptance", "Ana", NOW)
    assert attention.on_hold(user=world.cem) == []


def test_a_lot_without_the_assay_it_needs_waits_for_one(world: World) -> None:
    world.receive("20", material="re-concentrate")
    assert attention.on_hold(user=world.ben)[0].waits_for == "an assay, then acceptance"


def test_a_lapsed_lot_waits_for_a_retest_and_a_disputed_one_for_a_decision(world: World) -> None:
    world.stock("20", produced_on=date(2021, 11, 20))
    disputed = world.stock("20")
    ledger.set_condition(by=world.by("dee"), lot=disputed, condition="L", reason="Weights differ")
    ledger.lapse_retests(now=world.later(days=19))
    assert {held.condition: held.waits_for for held in attention.on_hold(user=world.ben)} == {
        "J": "a retest",
        "L": "a decision on the dispute",
    }


def test_a_lot_on_its_way_shows_at_the_site_it_is_bound_for(world: World) -> None:
    number = world.stock("20")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("12"))
    (lot,) = attention.inbound(user=world.cem)
    assert (lot.lot, lot.net_mg, lot.origin, lot.destination, lot.lane) == (
        number,
        12_000_000,
        "ANT",
        "BRA",
        "ANT-TO-BRA",
    )
    assert attention.inbound(user=world.ana) == []


def test_a_lot_is_due_up_to_the_day_asked_for(world: World) -> None:
    number = world.stock("20", produced_on=date(2021, 11, 20))
    day = date(2026, 11, 20)
    assert attention.due(user=world.ana, until=day - timedelta(days=1)) == []
    (lot,) = attention.due(user=world.ana, until=day)
    assert (lot.lot, lot.due_on, lot.expires, lot.net_mg) == (number, day, False, 20_000_000)
    assert attention.due(user=world.cem, until=day) == []


def test_more_of_a_material_is_best_stowed_where_the_latest_of_it_lies(world: World) -> None:
    world.stock("20", location="ANT-S2")
    world.stock("5")
    world.receive("100", location="ANT-QUAR")
    world.stock("1", location="BRA-S1", who="cem")
    stores = attention.store_of_latest(user=world.ana, materials=["nd-oxide", "ndfeb-block"])
    assert stores == {("ANT", "nd-oxide"): "ANT-S1"}


def test_an_accepted_lot_in_quarantine_is_not_stowed_yet(world: World) -> None:
    number = world.stock("20", location="ANT-QUAR")
    world.receive("5", location="ANT-QUAR")
    world.stock("7")
    (lot,) = attention.unstowed(user=world.ana)
    assert (lot.lot, lot.net_mg, lot.origin, lot.destination) == (number, 20_000_000, "ANT-QUAR", "ANT")
    assert attention.unstowed(user=world.cem) == []

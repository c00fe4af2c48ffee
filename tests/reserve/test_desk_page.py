"""The first page: a desk for each role."""

import re
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from config.accounts import lockout
from config.accounts.devices import Origin
from config.approvals import requests
from config.audit.refused import Refused
from config.jobs import runs
from inventory import ledger, units
from procurement import orders
from reserve import desks, flags
from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.procurement.market import Market, add_suppliers
from tests.reserve.levels import flagged, hold, propose
from tests.world import World


def trade(world: World) -> Market:
    add_suppliers(world)
    return Market(world)


# ---- warehouse -----------------------------------------------------------------------------------------------------


def test_the_warehouse_sees_trucks_with_what_they_bring_and_where_to_stow_it(people: People, world: World) -> None:
    flagged(world, "100000")
    market = trade(world)
    world.stock("10", location="ANT-S2")
    market.placed(market.line("250"), market.line("5", material="ndfeb-block", promised_on=date(2026, 12, 5)))
    html = people.ana.get("/")
    shown = text(html)
    assert "Today at ANT" in shown
    assert "Lynas Rare Earths Neodymium oxide 99.5 ANT 250 kg 1 Dec 2026 ANT-S2 beside the same material Yes" in shown
    assert "NdFeB magnet block ANT 5 kg 5 Dec 2026 ANT-S1, ANT-S2 No" in shown
    line = market.of(orders.listing(world.pia, today=world.now.date()).rows[0].number)
    assert f"/deliveries/{line.pk}/" in html


def test_to_receive_it_leads_to_what_is_expected_and_where_nothing_is_to_a_lot_without_an_order(
    people: People, world: World
) -> None:
    def tile(html: str) -> str:
        return html.split('class="tile primary"')[1].split("</a>")[0]

    assert 'href="/receive/"' in tile(people.ana.get("/"))
    trade(world).placed()
    assert 'href="/deliveries/"' in tile(people.ana.get("/"))
    assert "what was expected, or came without an order" in tile(people.ana.get("/"))
    assert 'href="/receive/"' in tile(people.cem.get("/"))


def test_it_says_what_is_late_and_due_today(people: People, world: World) -> None:
    market = trade(world)
    market.placed(market.line("1", promised_on=world.now.date()), market.line("2", promised_on=date(2026, 11, 4)))
    assert "Trucks expected 2 1 of them today" in text(people.ana.get("/"))
    world.later(days=3)
    assert "Late 2 past their promised day" in text(people.ben.get("/"))


def test_it_says_what_is_on_hold_and_for_whom(people: People, world: World) -> None:
    mine = world.receive("20")
    disputed = world.stock("30")
    ledger.set_condition(by=world.by("dee"), lot=disputed, condition="L", reason="Weights differ")
    shown = text(people.ana.get("/"))
    assert (
        f"{mine} Neodymium oxide 99.5 ANT J Suspended 20 kg Acceptance you received it: another person accepts" in shown
    )
    assert "A decision on the dispute Weights differ" in shown
    assert "received by Ana: you may accept" in text(people.ben.get("/"))
    html = people.ben.get("/")
    assert html.index(mine) < html.index(disputed)
    assert f'href="/lots/{mine}/condition/?condition=A">Accept' in html
    assert f"Accept {mine}" in text(html)
    assert f"/lots/{disputed}/condition/" not in html
    assert "/condition/" not in people.ana.get("/")
    people.ben.get("/lots/", {"condition": "DEFGHJKLMQS", "held": "yes"})


def test_what_waits_for_an_assay_cannot_be_accepted_yet(people: People, world: World) -> None:
    lot = world.receive("10", material="re-concentrate")
    html = people.ben.get("/")
    assert f"{lot}" in html
    assert f"/lots/{lot}/condition/" not in html


def test_it_shows_what_is_on_its_way_and_what_is_due(people: People, world: World) -> None:
    number = world.stock("20", produced_on=date(2021, 12, 1))
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("12"))
    there, here = text(people.cem.get("/")), text(people.ana.get("/"))
    assert f"{number} Neodymium oxide 99.5 ANT BRA 12 kg" in there
    assert "Nothing waits to be stowed" in here
    assert f"{number} Neodymium oxide 99.5 ANT Retest no policy plans it" in here
    assert "1 Dec 2026" in here


def test_an_accepted_lot_in_quarantine_waits_to_be_stowed_beside_its_like(people: People, world: World) -> None:
    world.stock("10", location="ANT-S2")
    number = world.stock("20", location="ANT-QUAR")
    html = people.ana.get("/")
    assert f"{number} Neodymium oxide 99.5 ANT-QUAR ANT-S2 beside the same material 20 kg" in text(html)
    assert f'href="/lots/{number}/transfer/?to=ANT-S2"' in html
    assert number not in people.cem.get("/")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-QUAR", destination="ANT-S2", net=units.enter("20"))
    assert "Nothing waits to be stowed" in text(people.ana.get("/"))


def test_an_issue_that_was_agreed_to_is_to_be_loaded_out(people: People, world: World) -> None:
    lot = world.stock("10")
    asked = ledger.ask_issue(
        by=world.by("pia"), lot=lot, origin="ANT-S1", net=units.enter("4"), reason="Release order 26-114"
    )
    assert "Nothing is to be loaded out" in text(people.ana.get("/"))
    for manager in ("dee", "eve"):
        requests.approve(by=world.by(manager), request_id=asked["request"])
    world.later(hours=1)
    assert f"{lot} 4 kg from ANT-S1 Release order 26-114" in text(people.ana.get("/"))
    assert lot not in people.cem.get("/")
    assert desks.warehouse.read(user=world.ana, now=world.later(days=15)).loads == []


def test_it_tells_the_warehouse_no_figure_of_the_reserve_and_nothing_of_other_sites(
    people: People, world: World
) -> None:
    flagged(world, "777777")
    lot = world.receive("20")
    trade(world).placed()
    shown = text(people.cem.get("/"))
    for secret in ("777", "Short", "Target", lot, "LYNAS", "250 kg"):
        assert secret not in shown, secret
    assert "No truck is expected" in shown
    assert "Nothing is on hold" in shown
    assert "777" not in text(people.ana.get("/"))


# ---- procurement ---------------------------------------------------------------------------------------------------


def test_procurement_sees_needs_without_an_order(people: People, world: World) -> None:
    flag = flagged(world, "1000")
    hold(world, "50", material="ndfeb-block")
    market = trade(world)
    market.placed(market.line("60", material="ndfeb-block"), market.line("100"))
    html = people.pia.get("/")
    shown = text(html)
    assert "Needs without an order 1 short beyond what is on order" in shown
    assert "Neodymium, oxide whole reserve · contained Nd 1.000 t 0.085 t 0.915 t" in shown
    assert f"/orders/new/?flag={flag}&amp;material=nd-oxide&amp;net_kg=1073" in html
    assert "NdFeB" not in shown.split("Needs without an order")[2].split("Waiting for me")[0]


def test_a_need_names_the_orders_that_answer_it_and_are_not_placed_yet(people: People, world: World) -> None:
    flag = flagged(world, "1000")
    world.stock("100", location="ANT-QUAR")
    market = trade(world)
    assert "Order this" in needs(people)
    draft = market.draft(market.line("5"), flag_id=flag)
    submitted = market.submitted(market.line("50"), flag_id=flag)
    market.submitted(market.line("60"))
    shown = needs(people)
    assert f"{draft} Draft, 0.005 t {submitted} Submitted, 0.050 t" in shown
    assert "there, not counted" in shown
    assert "Another order : Neodymium, oxide" in shown
    for number in (draft, submitted):
        orders.cancel(by=world.by("pia"), number=number, reason="Bought twice")
    market.placed(market.line("7"), flag_id=flag)
    assert "Order this : Neodymium, oxide" in needs(people)


def needs(people: People) -> str:
    return text(people.pia.get("/").split('id="needs"')[1].split("</section>")[0])


def test_procurement_sees_what_waits_what_is_late_and_its_drafts(people: People, world: World) -> None:
    market = trade(world)
    approved, submitted, draft = market.approved(), market.submitted(), market.draft()
    late = market.placed(market.line("10", promised_on=world.now.date() + timedelta(days=1)))
    flags.acknowledge(by=world.by("pia"), flag_id=flagged(world), note="Asking around")
    world.later(days=5)
    shown = text(people.pia.get("/"))
    for_me = shown.split("Waiting for me")[1].split("Waiting for a manager")[0]
    assert approved in for_me
    assert "Neodymium, oxide" in for_me
    assert submitted in shown.split("Waiting for a manager")[1].split("Late lines past")[0]
    assert f"{late} / 1 Lynas Rare Earths Neodymium oxide 99.5 ANT 0.010 t 3 Nov 2026 4 days late" in shown
    assert draft in shown.split("My drafts")[-1]


# ---- manager -------------------------------------------------------------------------------------------------------


def test_a_manager_sees_the_worst_targets_the_flags_and_what_waits(people: People, world: World) -> None:
    flagged(world, "1000")
    propose(world, required="5", element="Dy", form="metal", basis="contained", who="eve")
    submitted = trade(world).submitted()
    html = people.dee.get("/")
    shown = text(html)
    assert "Targets short 1 of 1 Critical flags 1" in shown
    assert "Open flags 1 some without an owner" in shown
    assert "Waiting for my decision 2 requests and orders" in shown
    assert re.search(r"New target Target \d+ Hold 5 kg of Dy in metal Eve", shown)
    assert f"/orders/{submitted}/" in html
    assert "Hold 5 kg" not in text(people.eve.get("/"))


def test_a_manager_sees_what_changed_this_week_and_why(people: People, world: World) -> None:
    number = world.stock("500")
    world.later(days=8)
    ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("2"))
    world.receive("40")
    shown = text(people.dee.get("/"))
    assert "Neodymium oxide 99.5 Received 1 Received, Neodymium oxide 99.5 +40.000 kg –" in shown
    assert "Neodymium oxide 99.5 Sampled 1 Sampled, Neodymium oxide 99.5 −2.000 kg −2.000 kg" in shown
    assert "Accepted" not in shown.split("What changed")[1]


# ---- auditor -------------------------------------------------------------------------------------------------------


def test_an_auditor_rolls_forward_and_sees_corrections_and_waivers(people: People, world: World) -> None:
    number = world.stock("100")
    world.later(days=2)
    world.receive("50")
    asked = ledger.ask_adjust(
        by=world.by("ana"), lot=number, location="ANT-S1", net=units.enter("3"), gain=False, reason="Weighed again"
    )
    requests.approve(by=world.by("dee"), request_id=asked["request"])
    shown = text(people.aud.get("/", {"first": "2026-11-03", "last": "2026-11-04"}))
    assert "Opening and movements make the closing for every material" in shown
    assert "Neodymium oxide 99.5 100.000 kg +50.000 kg −3.000 kg 147.000 kg 0" in shown
    assert f"Adjustment 4 Nov 2026 {number}" in shown
    assert "Ana Dee" in shown
    assert "No shortfall is waived" in shown
    assert "Not verified yet" in shown


def test_an_auditor_sees_the_last_verification(people: People, world: World, transactional_db: None) -> None:
    runs.run("inventory.verify_ledger", now=world.now)
    shown = text(people.aud.get("/"))
    assert "Result Ran" in shown
    assert "Differences none" in shown


def test_a_period_that_cannot_be_is_said(people: People) -> None:
    for query in (
        {"first": "2026-11-03", "last": "2026-11-01"},
        {"last": "2027-01-01"},
        {"first": "soon"},
        {"first": "1900-01-01"},
    ):
        assert "Nothing is shown" in people.aud.get("/", query, status=422)


# ---- administrator, and everybody -----------------------------------------------------------------------------------


def test_an_administrator_sees_people_and_jobs_and_nothing_of_the_reserve(people: People, world: World) -> None:
    flagged(world, "1000")
    world.ben.site_codes = []
    world.ben.save()
    shown = text(people.adm.get("/"))
    assert "Locked out now 0 nobody has to wait" in shown
    assert "Cannot work yet 1 no role, or no site" in shown
    assert "Ben ben warehouse No site never" in shown
    assert "Jobs silent or failed" in shown
    assert "Neodymium" not in shown


def test_an_administrator_sees_who_waits_after_wrong_passwords_and_what_was_refused_without_its_facts(
    people: People, world: World
) -> None:
    number = world.stock("777")
    with pytest.raises(Refused):
        ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("900"))
    for name in ["ana"] * 7 + ["my secret typed in the wrong field"] * 7:
        with suppress(lockout.TooManyAttempts):
            lockout.take(username=name, origin=Origin(address="10.0.0.7", device=""), now=world.now)
    html = people.adm.get("/")
    shown = text(html)
    assert "Ana ana 10.0.0.7 5" in shown
    assert "A name that nobody has 10.0.0.7" in shown
    assert "Ana Sample a lot Insufficient stock" in shown
    for secret in ("777", "900", number, "secret"):
        assert secret not in html, secret
    world.later(hours=1)
    assert "Nobody is locked out" in text(people.adm.get("/"))


def test_an_administrator_sees_whose_role_needs_a_second_factor_they_have_not(
    people: People, world: World, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED_FOR = ["manager"]
    bare = text(people.adm.get("/").split('id="bare"')[1].split("</section>")[0])
    assert "Dee dee" in bare
    assert "Ana" not in bare


def test_somebody_with_several_roles_gets_tabs(people: People, world: World) -> None:
    world.dee.roles = ["procurement", "manager"]
    world.dee.save()
    first = people.dee.get("/")
    assert "Buying" in text(first)
    assert 'href="?as=manager"' in first
    assert "The reserve today" in text(people.dee.get("/", {"as": "manager"}))
    assert "Buying" in text(people.dee.get("/", {"as": "auditor"}))
    assert "Your desks" not in people.eve.get("/")


def test_somebody_without_a_role_is_told_whom_to_ask(people: People, world: World) -> None:
    world.pia.roles = []
    world.pia.save()
    assert "An administrator gives you one" in text(people.pia.get("/"))


def test_strangers_sign_in_first_and_nobody_writes_here(people: People) -> None:
    assert people.nobody.client.get("/")["Location"].startswith("/sign-in/")
    assert people.dee.client.post("/").status_code == 405


def test_they_ask_as_often_for_thirty_rows_as_for_three(people: People, world: World) -> None:
    forms = ("oxide", "block", "part", "metal", "alloy", "carbonate", "concentrate", "halide", "powder", "sponge")
    subjects = iter([(form, site) for site in ("", "ANT", "BRA") for form in forms])
    market = trade(world)

    def make(more: int) -> None:
        for _ in range(more):
            form, site = next(subjects)
            hold(world, "10", form=form, site=site)
            world.receive("1")
            world.stock("1", produced_on=date(2021, 12, 1))
        market.placed(*(market.line("1", price_per_kg=Decimal(1)) for _ in range(more)))
        flags.scan(now=world.now)
        for flag in flags.listing(user=world.pia)[:12]:
            market.draft(flag_id=flag.id)

    def read() -> None:
        for who in ("ana", "pia", "dee", "aud", "adm"):
            getattr(people, who).get("/")

    the_same_at_3_and_30("page desk of each role", make=make, read=read)

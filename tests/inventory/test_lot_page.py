"""The page of one lot."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import HttpRequest

from config.ui import panels
from inventory import ledger, units
from inventory.lots import LotDetail
from inventory.models import Lot
from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.world import NOW, World


def offered(html: str, number: str) -> set[str]:
    acts = ("transfer", "sample", "split", "condition", "assay", "retest", "adjust", "reverse")
    return {act for act in acts if f'href="/lots/{number}/{act}/"' in html}


def test_it_shows_facts_places_contents_and_history(people: People, world: World) -> None:
    number = world.stock("1000", supplier_lot="Ly-7731")
    shown = text(people.aud.get(f"/lots/{number}/"))
    for words in (number, "Neodymium oxide 99.5", "Ly-7731", "Ana", "ANT-S1", "Antwerp", "853.067945", "85.3068 %"):
        assert words in shown
    for words in ("2 Nov 2031", "Receipt of 1,000 kg", "Condition A", "In specification", "Verified"):
        assert words in shown


def test_it_opens_by_the_number_in_any_case(people: People, world: World) -> None:
    world.stock("1", lot_number="Ab 1+2%3")
    assert "Ab 1+2%3" in people.ana.get("/lots/aB%201%2B2%253/")


def test_it_offers_what_the_person_may_do_here(people: People, world: World) -> None:
    number = world.stock("10")
    physical = {"transfer", "sample", "split", "assay", "retest"}
    asking = {"adjust", "reverse"}
    assert offered(people.ana.get(f"/lots/{number}/"), number) == physical | asking  # Ana received it
    assert offered(people.ben.get(f"/lots/{number}/"), number) == physical | asking | {"condition"}
    assert offered(people.dee.get(f"/lots/{number}/"), number) == asking | {"condition"}
    assert offered(people.aud.get(f"/lots/{number}/"), number) == set()
    assert offered(people.pia.get(f"/lots/{number}/"), number) == set()


def test_it_tells_the_receiver_that_another_has_to_accept(people: People, world: World) -> None:
    number = world.receive("10")
    assert "Another person has to set its condition" in text(people.ana.get(f"/lots/{number}/"))
    assert "Another person has to set its condition" not in text(people.ben.get(f"/lots/{number}/"))


def test_it_offers_the_receiving_site_what_lies_on_its_lane(people: People, world: World) -> None:
    number = world.stock("10")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("10"))
    assert "transfer" in offered(people.cem.get(f"/lots/{number}/"), number)


def test_it_offers_nothing_that_takes_mass_where_nothing_is_left(people: People, world: World) -> None:
    number = world.stock("10")
    ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("10"))
    html = people.ben.get(f"/lots/{number}/")
    assert offered(html, number) == {"reverse"}
    assert "Nothing is left of it" in text(html)


def test_it_says_what_was_typed_beside_the_kilograms(people: People, world: World) -> None:
    number = world.stock("10")
    ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("1", "troy oz"))
    shown = text(people.ana.get(f"/lots/{number}/"))
    assert "Sample of 0.031103 kg" in shown
    assert "entered as 1 troy oz" in shown


def test_it_says_when_something_was_recorded_late(people: People, world: World) -> None:
    number = world.receive("10", at=NOW - timedelta(days=2))
    assert "31 Oct 2026 09:00 UTC · recorded 2 Nov 2026 09:00 UTC" in text(people.ana.get(f"/lots/{number}/"))


def test_it_shows_a_person_nothing_of_other_sites(people: People, world: World) -> None:
    number = world.stock("1000")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("400"))
    shown = text(people.cem.get(f"/lots/{number}/"))
    assert "400" in shown
    assert "600" not in shown
    assert "ANT-SUPP" not in shown
    assert "1 more at other sites" in shown


def test_a_foreign_lot_is_not_found(people: People, world: World) -> None:
    number = world.stock("10")
    people.cem.get(f"/lots/{number}/", status=404)
    people.ana.get("/lots/RE-00-00000/", status=404)


def test_a_broken_chain_is_said_in_red(people: People, world: World) -> None:
    number = world.stock("10")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE inventory_movement SET net_mg = net_mg + 1")
        cursor.execute("SET LOCAL session_replication_role = origin")
    shown = text(people.aud.get(f"/lots/{number}/"))
    assert "tampered with" in shown
    assert "Fact 4 (movement) no longer says what its row says" in shown
    assert "Verified" not in shown


def test_a_frozen_lot_offers_nothing(people: People, world: World) -> None:
    number = world.stock("10")
    Lot.objects.filter(number=number).update(frozen_at=NOW)
    html = people.ben.get(f"/lots/{number}/")
    assert offered(html, number) == set()
    assert "Frozen" in text(html)


def test_other_apps_add_panels(people: People, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = world.stock("10")
    monkeypatch.setattr(panels, "_sources", {})
    seen = []

    def wanted(request: HttpRequest, lot: LotDetail) -> panels.Panel:
        seen.append(lot)
        return panels.Panel("Wanted", "ui/parts/empty.html", {"title": "T"})

    panels.register("lot", wanted)
    assert "Wanted" in text(people.dee.get(f"/lots/{number}/"))
    assert (seen[0].number, seen[0].material) == (number, "nd-oxide")


def test_text_is_shown_as_text(people: People, world: World) -> None:
    script = "<script>alert(1)</script>"
    assay = ledger.AssayIn(fractions={"Nd": Decimal("0.1")}, lab=script, method=script)
    number = world.receive("10", supplier_lot=script, reason=script, assay=assay, lot_number="<b>bold")
    html = people.ana.get("/lots/%3Cb%3Ebold/")
    assert number == "<b>bold"
    assert script not in html
    assert "<b>bold" not in html
    assert html.count("&lt;script&gt;") >= 4


def test_who_may(people: People, world: World) -> None:
    number = world.stock("10")
    people.closed(f"/lots/{number}/", open_to={"ana", "pia", "dee", "aud"})
    assert people.ana.client.post(f"/lots/{number}/").status_code == 405


def test_it_makes_the_same_queries_at_3_and_at_30(
    people: People, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels, "_sources", {})  # each app counts its own
    number = world.stock("1000")

    def sample(more: int) -> None:
        for _ in range(more):
            ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("1"))

    the_same_at_3_and_30("page lot", make=sample, read=lambda: people.ana.get(f"/lots/{number}/"))


def test_it_says_that_an_accepted_lot_in_quarantine_does_not_count(people: People, world: World) -> None:
    number = world.stock("20", location="ANT-QUAR")
    assert "It is accepted but lies in ANT-QUAR, where it does not count." in text(people.ana.get(f"/lots/{number}/"))
    assert "where it does not count" not in text(people.ana.get(f"/lots/{world.receive('1', location='ANT-QUAR')}/"))
    assert "where it does not count" not in text(people.ana.get(f"/lots/{world.stock('1')}/"))

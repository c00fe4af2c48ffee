"""One row's page: its facts, taking it into work, recording the retest, and everything that is refused there."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from config.audit.models import Command
from inventory import ledger
from inventory.models import Lot, Retest
from reserve import rotation
from reserve.models import Rotation
from tests.counting import the_same_at_3_and_30
from tests.reserve.rotation_world import Browsers, browse, due_lot, form_on, policy, row_of
from tests.world import World

__all__ = ["browse"]


@pytest.fixture
def row(world: World) -> Rotation:
    """A row of a lot at ANT, due on 20 January 2027."""
    policy(world)
    due_lot(world)
    rotation.plan(now=world.now)
    return Rotation.objects.get()


def facts(**given: str) -> dict[str, str]:
    return {
        "key": str(uuid4()),
        "performed_on": "2026-11-02",
        "passed": "yes",
        "next_due_on": "",
        "lab": "",
        "note": "",
        **given,
    }


def page(browse: Browsers, row: Rotation, who: str = "ana") -> str:
    answer = browse.__getattr__(who).get(f"/rotation/{row.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_the_row_and_proposes_the_next_date(browse: Browsers, row: Rotation) -> None:
    html = page(browse, row)
    assert row.lot.number in html
    assert '<time datetime="2027-01-20">20 Jan 2027</time>' in html
    assert "in 79 days" in html
    assert 'name="performed_on" value="2026-11-02"' in re.sub(r'type="date" ', "", html)
    assert "Leave empty for 60 months after the day of the test; for a test today that is 2 Nov 2031." in html
    assert "None yet." in html
    assert '<body class="gloves"' in html


def test_taking_it_into_work_lands_once(world: World, browse: Browsers, row: Rotation) -> None:
    address = f"/rotation/{row.pk}/start/"
    key = form_on(page(browse, row), address).key
    for _ in range(2):
        answer = browse.ana.post(address, {"key": key})
        assert (answer.status_code, answer["Location"]) == (303, f"/rotation/{row.pk}/")
    html = page(browse, row)
    assert "In work. Record" in html
    assert f'action="{address}"' not in html
    row.refresh_from_db()
    assert (row.state, row.started_by) == ("in work", world.ana)
    assert Command.objects.filter(kind="reserve.rotation_start").count() == 1


def test_a_row_somebody_else_took_is_refused_on_the_page(world: World, browse: Browsers, row: Rotation) -> None:
    rotation.start(by=world.by("ben"), rotation_id=row.pk)
    for headers in ({}, {"HX-Request": "true"}):
        answer = browse.ana.post(f"/rotation/{row.pk}/start/", {"key": str(uuid4())}, headers=headers)
        assert answer.status_code == 422
        html = answer.content.decode()
        assert "already in work" in html
        assert ("<html" in html) is not bool(headers)
    row.refresh_from_db()
    assert row.started_by == world.ben


def test_a_passed_retest_moves_the_date_and_finishes_the_row(browse: Browsers, row: Rotation) -> None:
    address = f"/rotation/{row.pk}/retest/"
    given = facts(lab="Lab A", note="Dry", key=form_on(page(browse, row), address).key)
    for _ in range(2):
        assert browse.ana.post(address, given).status_code == 303
    html = page(browse, row)
    assert "is due again on 2 Nov 2031." in html
    assert "Passed on 2 Nov 2026, next due 2 Nov 2031" in html
    assert "Due date moved from" in html
    assert "“<bdi>Dry</bdi>”" in html
    assert "Lab A · recorded by Ana" in html
    assert f'action="{address}"' not in html
    assert Retest.objects.count() == 1
    assert Lot.objects.get().retest_due_on == date(2031, 11, 2)


def test_a_failed_retest_suspends_the_lot(browse: Browsers, row: Rotation) -> None:
    answer = browse.ana.post(f"/rotation/{row.pk}/retest/", facts(passed="no"), follow=True)
    assert "is suspended (J) and counts no longer" in answer.content.decode()
    assert Lot.objects.get().condition == "J"


def test_a_swap_is_sent_to_the_page(browse: Browsers, row: Rotation) -> None:
    answer = browse.ana.post(f"/rotation/{row.pk}/retest/", facts(), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/rotation/{row.pk}/")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"performed_on": "2026-11-03"}, "lies in the future"),
        ({"performed_on": "2026-11-01"}, "was not here yet"),
        ({"performed_on": ""}, "This field is required"),
        ({"performed_on": "٢٠٢٦-11-02"}, "write the day like"),
        ({"performed_on": "2026-11-31"}, "write the day like"),
        ({"passed": "maybe"}, "Select a valid choice"),
        ({"passed": ""}, "This field is required"),
        ({"next_due_on": "2026-11-02"}, "must come after the day of the test"),
        ({"next_due_on": "never"}, "write the day like"),
        ({"lab": "a\u202eb"}, "cannot be shown"),
        ({"lab": "x" * 121}, "at most 120 characters"),
        ({"note": "x" * 1001}, "at most 1000 characters"),
        ({"key": "not-a-key"}, "Open the form again"),
        ({"key": ""}, "This field is required"),
    ],
)
def test_what_is_refused_comes_back_with_its_reason(
    browse: Browsers, row: Rotation, given: dict[str, str], said: str
) -> None:
    answer = browse.ana.post(f"/rotation/{row.pk}/retest/", facts(**given))
    html = answer.content.decode()
    assert (answer.status_code, said in html) == (422, True), html
    assert form_on(html, f"/rotation/{row.pk}/retest/").key != given.get("key")
    assert not Retest.objects.exists()
    swap = browse.ana.post(f"/rotation/{row.pk}/retest/", facts(**given), headers={"HX-Request": "true"})
    assert swap.content.decode().lstrip().startswith('<div class="stack-gap" id="work">')


def test_a_refused_form_can_be_sent_again(browse: Browsers, row: Rotation) -> None:
    address = f"/rotation/{row.pk}/retest/"
    html = browse.ana.post(address, facts(performed_on="2026-11-03")).content.decode()
    assert browse.ana.post(address, facts(key=form_on(html, address).key)).status_code == 303


def test_two_browsers_record_one_retest(browse: Browsers, row: Rotation) -> None:
    assert browse.ana.post(f"/rotation/{row.pk}/retest/", facts()).status_code == 303
    answer = browse.ben.post(f"/rotation/{row.pk}/retest/", facts(passed="no"))
    assert answer.status_code == 422
    assert "already done" in answer.content.decode()
    assert Retest.objects.count() == 1


def test_a_lot_that_was_retested_meanwhile_is_not_tested_twice(world: World, browse: Browsers, row: Rotation) -> None:
    ledger.retest(by=world.by("ben"), lot=row.lot.number, performed_on=world.now.date(), passed=True)
    answer = browse.ana.post(f"/rotation/{row.pk}/retest/", facts())
    assert answer.status_code == 422
    assert "was changed by somebody else" in answer.content.decode()


def test_a_shelf_life_that_ends_offers_no_retest(world: World, browse: Browsers) -> None:
    policy(world, "ndfeb-block", "expiry", "replace")
    lot = world.stock("10", material="ndfeb-block", produced_on=date(2024, 8, 1))
    rotation.plan(now=world.now)
    ends = row_of(lot)
    html = page(browse, ends)
    assert "A retest does not extend it" in html
    assert "/retest/" not in html.split("<main")[1]
    answer = browse.ana.post(f"/rotation/{ends.pk}/retest/", facts())
    assert answer.status_code == 422
    assert "a retest does not answer it" in answer.content.decode()


@pytest.mark.parametrize("who", ["dee", "pia", "aud"])
def test_others_read_it(browse: Browsers, row: Rotation, who: str) -> None:
    html = page(browse, row, who).split("<main")[1]
    assert "<form" not in html
    for act in ("start", "retest"):
        assert browse.__getattr__(who).post(f"/rotation/{row.pk}/{act}/", facts()).status_code == 403


def test_a_foreign_site_does_not_find_it(browse: Browsers, row: Rotation) -> None:
    assert browse.cem.get(f"/rotation/{row.pk}/").status_code == 404
    assert browse.cem.post(f"/rotation/{row.pk}/start/", facts()).status_code == 404
    assert browse.cem.post(f"/rotation/{row.pk}/retest/", facts()).status_code == 404
    assert browse.dee.get("/rotation/999999/").status_code == 404
    assert browse.dee.get(f"/rotation/{2**70}/").status_code == 404


def test_it_is_closed_to_others(browse: Browsers, row: Rotation, client: Any) -> None:
    assert browse.adm.get(f"/rotation/{row.pk}/").status_code == 403
    for address in (f"/rotation/{row.pk}/", f"/rotation/{row.pk}/start/", f"/rotation/{row.pk}/retest/"):
        assert client.get(address).status_code == 302
    assert browse.ana.post(f"/rotation/{row.pk}/").status_code == 405
    for act in ("start", "retest"):
        assert browse.ana.get(f"/rotation/{row.pk}/{act}/").status_code == 405


def test_a_late_row_says_what_follows(world: World, browse: Browsers, row: Rotation) -> None:
    world.later(days=80)
    assert "turns to J with the next nightly run" in page(browse, row)
    ledger.lapse_retests(now=world.now)
    html = page(browse, row)
    assert "is in condition J and counts no longer" in html
    assert "1 day late" in html


def test_the_lot_page_shows_where_it_stands(world: World, browse: Browsers, row: Rotation) -> None:
    html = browse.ana.get(f"/lots/{row.lot.number}/").content.decode()
    assert f'href="/rotation/{row.pk}/"' in html
    ledger.retest(by=world.by("ben"), lot=row.lot.number, performed_on=world.now.date(), passed=True)
    rotation.plan(now=world.now)
    assert "/rotation/" not in browse.ana.get(f"/lots/{row.lot.number}/").content.decode().split("<main")[1]


def test_it_asks_the_same_number_of_queries_whatever_the_history(world: World, browse: Browsers, row: Rotation) -> None:
    def make(more: int) -> None:
        for _ in range(more):
            ledger.retest(
                by=world.by("ben"),
                lot=row.lot.number,
                performed_on=world.now.date(),
                passed=True,
                next_due_on=row.due_on,
            )

    client = browse.ana
    the_same_at_3_and_30("page rotation-row", make=make, read=lambda: client.get(f"/rotation/{row.pk}/").content)
    assert page(browse, row).count("recorded by Ben") == 30

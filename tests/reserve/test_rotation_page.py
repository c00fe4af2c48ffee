"""The schedule as a page: list by month, calendar, filters in the address, and what lapses if nothing is done."""

import re
from datetime import date

import pytest

from inventory import ledger, units
from reserve import rotation
from reserve.tables import ROTATION
from tests.counting import the_same_at_3_and_30
from tests.reserve.rotation_world import Browsers, browse, due_lot, elsewhere, form_on, policy, row_of
from tests.world import World

__all__ = ["browse"]


@pytest.fixture
def schedule(world: World) -> World:
    """Due: two lots in December, one of them late by the 5th; one in January at Braga."""
    policy(world)
    world.made = [
        due_lot(world, date(2026, 12, 4)),
        due_lot(world, date(2026, 12, 20)),
        elsewhere(world, date(2027, 1, 20)),
    ]
    rotation.plan(now=world.now)
    return world


def text(html: str) -> str:
    """What people read: no tags, single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_it_lists_what_is_due_by_month(schedule: World, browse: Browsers) -> None:
    html = browse.dee.get("/rotation/").content.decode()
    assert re.findall(r'scope="rowgroup" colspan="9">(\w+ \d{4})', html) == ["December 2026", "January 2027"]
    assert [html.count(number) > 0 for number in schedule.made] == [True] * 3
    row = html[html.index(schedule.made[0]) :].split("</tr>")[0]
    assert "Neodymium oxide 99.5" in row
    assert 'data-label="Site">ANT<' in row
    assert 'data-label="Net, kg">10<' in row
    assert "<small>Laboratory retest</small>" in row
    assert 'data-label="Work from"><time datetime="2026-03-04">4 Mar 2026<' in row
    assert "in 32 days" in row
    assert '<span class="badge muted">Planned</span>' in row


def test_a_late_row_is_red_and_says_by_how_much(schedule: World, browse: Browsers) -> None:
    schedule.later(days=33)
    html = browse.dee.get("/rotation/").content.decode()
    row = html[html.index(f'lots/{schedule.made[0]}/"') :].split("</tr>")[0]
    assert '<span class="badge bad">Overdue</span>' in row
    assert 'class="bad">1 day late' in row
    assert "Overdue" in text(html.split('id="schedule"')[0])
    assert re.search(r"<span>Rotation</span><b>1</b>", html), "the menu counts it"


def test_it_says_what_leaves_the_eligible_figure(schedule: World, browse: Browsers) -> None:
    due_lot(schedule, date(2027, 3, 1), kg="1000.5")
    schedule.stock("7", material="ndfeb-block", produced_on=date(2024, 7, 1))
    schedule.receive("99", produced_on=date(2022, 1, 1))
    html = browse.dee.get("/rotation/").content.decode()
    said = text(html)
    assert "4 lots leave the eligible figure by 2 Feb 2027 and 5 by 2 May 2027" in said
    assert "Not on the schedule 2 lots" in said
    oxide, block = html[html.index('id="outlook"') :].split("<tbody>")[1].split("</tr>")[:2]
    assert text(oxide) == "Neodymium oxide 99.5 1.030 0.030 3 lots 1.030 4 lots 1 lot"
    assert text(block) == "NdFeB magnet block 0.007 0.007 1 lot 0.007 1 lot 1 lot Propose a policy"
    assert 'title="1,030.5' in oxide


def test_filters_stand_in_the_address(schedule: World, browse: Browsers) -> None:
    def listed(query: str) -> list[bool]:
        answer = browse.dee.get(f"/rotation/?{query}")
        assert answer.status_code == 200
        body = answer.content.decode().split('id="schedule"')[1].split('id="outlook"')[0]
        return [f"/lots/{number}/" in body for number in schedule.made]

    assert listed("site=ANT") == [True, True, False]
    assert listed("site=BRA&material=nd-oxide") == [False, False, True]
    assert listed("material=ndfeb-block") == [False, False, False]
    assert listed("method=inspect") == [False, False, False]
    assert listed("since=2026-12-05&until=2026-12-31") == [False, True, False]
    assert listed("state=planned") == [True, True, True]
    schedule.later(days=33)
    browse.made.clear()
    assert listed("state=overdue") == [True, False, False]
    assert listed("state=done") == [False, False, False]


@pytest.mark.parametrize(
    "query",
    ["state=lost", "method=hope", "since=soon", "until=2026-02-30", "month=2026-13", "month=0000-01", "month=9999-12",
     "since=2027-01-02&until=2027-01-01", "material=gold", "month=٢٠٢٦-12"],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_said(schedule: World, browse: Browsers, query: str) -> None:
    answer = browse.dee.get(f"/rotation/?{query}")
    assert answer.status_code == 422
    body = answer.content.decode().split('id="schedule"')[1]
    assert "The list cannot be narrowed like this" in body
    assert "/lots/" not in body.split('id="outlook"')[0]


def test_a_damaged_cursor_and_a_foreign_site_are_refused(schedule: World, browse: Browsers) -> None:
    assert browse.dee.get("/rotation/?cursor=x").status_code == 400
    assert browse.ana.get("/rotation/?site=BRA").status_code == 404
    assert browse.dee.get("/rotation/?site=XYZ").status_code == 404
    assert browse.dee.get("/rotation/?site=%00").status_code == 400


def test_the_calendar_shows_a_month(schedule: World, browse: Browsers) -> None:
    for _ in range(6):
        due_lot(schedule, date(2026, 12, 20))
    rotation.plan(now=schedule.now)
    html = browse.dee.get("/rotation/?month=2026-12&material=nd-oxide").content.decode()
    body = html[html.index('class="calendar"') :].split("</nav>")[0]
    days = re.findall(r'datetime="(\d{4}-\d{2}-\d{2})"', body)
    assert (days[0], days[-1], len(days)) == ("2026-11-30", "2027-01-03", 35)
    assert "8 due" in text(html)
    assert f'/rotation/{row_of(schedule.made[0]).pk}/"' in body
    assert "and 2 more" in body
    assert "since=2026-12-20" in body
    assert "month=2026-11" in body
    assert "month=2027-01" in body
    assert 'class="today"' not in body
    assert " today" in browse.dee.get("/rotation/?month=2026-11").content.decode().split('class="calendar"')[1]


@pytest.mark.parametrize("month", ["2000-01", "2199-12"])
def test_the_calendar_ends_somewhere(schedule: World, browse: Browsers, month: str) -> None:
    html = browse.dee.get(f"/rotation/?month={month}").content.decode()
    assert "0 due" in text(html)
    assert ("The next is due on" in text(html)) == (month == "2000-01")
    assert ('rel="prev"' in html, 'rel="next"' in html) == (month != "2000-01", month != "2199-12")


def test_a_swap_brings_the_schedule_only(schedule: World, browse: Browsers) -> None:
    answer = browse.dee.get("/rotation/?site=ANT", headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert html.lstrip().startswith('<div class="stack-gap" id="schedule">')
    assert "outlook" not in html
    assert "HX-Request" in answer["Vary"]


def test_each_sees_their_own_sites(schedule: World, browse: Browsers) -> None:
    ana, cem = (browse.__getattr__(who).get("/rotation/").content.decode() for who in ("ana", "cem"))
    assert [number in ana for number in schedule.made] == [True, True, False]
    assert [number in cem for number in schedule.made] == [False, False, True]
    assert "BRA" not in ana.split("<main")[1]
    assert "Policies" not in ana
    assert browse.pia.get("/rotation/").status_code == 200
    assert browse.aud.get("/rotation/").status_code == 200


def test_only_who_may_work_on_a_row_can_take_it(schedule: World, browse: Browsers) -> None:
    pk = row_of(schedule.made[0]).pk
    assert form_on(browse.ana.get("/rotation/").content.decode(), f"/rotation/{pk}/start/")
    for who in ("dee", "pia", "aud"):
        assert "Start work" not in browse.__getattr__(who).get("/rotation/").content.decode()


def test_it_is_closed_to_others(schedule: World, browse: Browsers, client) -> None:
    assert browse.adm.get("/rotation/").status_code == 403
    answer = client.get("/rotation/")
    assert (answer.status_code, "next=/rotation/" in answer["Location"]) == (302, True)
    assert browse.dee.post("/rotation/").status_code == 405


def test_an_empty_schedule_says_what_fills_it(world: World, browse: Browsers) -> None:
    html = text(browse.dee.get("/rotation/").content.decode())
    assert "Nothing is due" in html
    assert "Nothing leaves the eligible figure before 2 May 2027 for want of a test." in html
    assert "Nothing in the schedule fits" in text(browse.dee.get("/rotation/?state=done").content.decode())


def test_more_than_a_page_is_paged(schedule: World, browse: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(ROTATION), "size", 2)
    html = browse.dee.get("/rotation/?material=nd-oxide").content.decode()
    assert "3 rows" in html
    following = re.search(r'rel="next" href="([^"]+)"', html)
    assert following
    second = browse.dee.get("/rotation/" + following.group(1).replace("&amp;", "&")).content.decode()
    assert [f"/lots/{number}/" in second for number in schedule.made] == [False, False, True]
    assert 'rel="prev"' in second


@pytest.mark.parametrize(
    ("name", "address", "who"),
    [
        ("page rotation", "/rotation/", "dee"),
        ("page rotation of own sites", "/rotation/", "ana"),
        ("page rotation calendar", "/rotation/?month=2026-12", "dee"),
    ],
)
def test_it_asks_the_same_number_of_queries_at_3_and_at_30_rows(
    world: World, browse: Browsers, name: str, address: str, who: str
) -> None:
    policy(world)
    client = browse.__getattr__(who)

    def make(more: int) -> None:
        for number in range(more):
            due_lot(world, date(2026, 12, 5 + number % 20), kg="1")
        rotation.plan(now=world.now)

    the_same_at_3_and_30(name, make=make, read=lambda: client.get(address).content)


def test_a_lot_at_two_sites_is_shown_with_what_lies_here(schedule: World, browse: Browsers) -> None:
    lot, lane = schedule.made[0], "ANT-TO-BRA"
    ledger.transfer(
        by=schedule.by("ana"), lot=lot, origin="ANT-S1", destination=lane, net=units.enter("4"), reason="Part"
    )
    row = browse.ana.get("/rotation/").content.decode().split(f'/lots/{lot}/"')[1].split("</tr>")[0]
    assert 'data-label="Net, kg">10<' in row
    ledger.transfer(
        by=schedule.by("cem"), lot=lot, origin=lane, destination="BRA-S1", net=units.enter("4"), reason="Part"
    )
    row = browse.ana.get("/rotation/").content.decode().split(f'/lots/{lot}/"')[1].split("</tr>")[0]
    assert 'data-label="Net, kg">6<' in row

"""The page of the reserve position."""

from datetime import date

import pytest

from inventory import ledger, units
from reserve import flags
from tests.counting import the_same_at_3_and_30
from tests.pages import People, lasting, text
from tests.reserve.levels import hold
from tests.world import World

FORMS = ("oxide", "block", "part", "metal", "alloy", "carbonate", "concentrate", "halide", "powder", "sponge")


def test_it_shows_every_target_worst_first_with_figures_unit_and_basis(people: People, world: World) -> None:
    met = hold(world, "50", material="ndfeb-block")
    short = hold(world, "1000")
    world.stock("80", material="ndfeb-block")
    world.stock("500")
    flags.scan(now=world.now)
    html = people.dee.get("/position/")
    shown = text(html)
    assert "1 of 2 targets is short" in shown
    assert html.index(f'id="target-{short}"') < html.index(f'id="target-{met}"')
    for words in (
        "Neodymium, oxide",
        "whole reserve · contained Nd",
        "1.000 t",
        "0.427 t",
        "0.573 t",
        "43 %",
        "Critical",
    ):
        assert words in shown, words
    assert "NdFeB magnet block whole reserve · net mass" in shown
    assert "160 %" in shown


def test_a_day_before_the_first_target_leads_to_the_day_since_which_one_counts(people: People, world: World) -> None:
    hold(world, "1000")
    first = world.now.date()
    html = people.dee.get("/position/", {"as_of": "2026-03-31"})
    assert "No target counts on this day" in text(html)
    assert f"The first target came into force on {first.day} {first:%b %Y}." in text(html)
    assert f'href="?as_of={first.isoformat()}"' in html


def test_days_of_cover_name_their_denominator(people: People, world: World) -> None:
    hold(world, days=100, daily_use_mg=10**9, use_basis="US use, mean of 2021-2025")
    world.stock("2000")
    shown = text(people.pia.get("/position/"))
    assert "1 days at 1.000 t a day" in shown
    assert "100.000 t" in shown


def test_a_row_opens_its_waterfall_with_the_lots_behind_each_step(people: People, world: World) -> None:
    target = hold(world, "1000")
    number = world.stock("300")
    world.receive("100")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-LOAN", net=units.enter("50"))
    closed, opened = people.dee.get("/position/"), people.dee.get("/position/", {"open": str(target)})
    assert "Held anywhere" not in closed
    shown = text(opened)
    for words in ("Held anywhere", "In a store", "Accepted: condition A, B or C", "−0.085", "0.213"):
        assert words in shown, words
    assert "/lots/?element=Nd&amp;form=oxide&amp;held=yes&amp;place=borrower" in opened
    assert "this target does not ask for it" in shown


def test_each_link_of_a_waterfall_leads_to_a_list(people: People, world: World) -> None:
    target = hold(world, "1000", only_compliant=True)
    world.stock("100", produced_on=date(2021, 11, 20))
    world.receive("10", location="ANT-QUAR")
    world.receive("10")
    html = people.dee.get("/position/", {"open": str(target), "as_of": "2026-11-20"})
    links = {part.split('"')[0].replace("&amp;", "&") for part in html.split('href="')[1:]}
    lists = [link for link in links if link.startswith("/lots/?")]
    assert len(lists) >= 5
    for link in lists:
        people.dee.get(link)


def test_the_page_includes_the_very_row_that_htmx_swaps(people: People, world: World) -> None:
    target = hold(world, "1000")
    page = people.dee.get("/position/", {"open": str(target)})
    row = people.dee.get(f"/position/{target}/", {"open": str(target)}, swap=True)
    assert row.strip() in page
    assert "Held anywhere" in row
    assert "Held anywhere" not in people.dee.get(f"/position/{target}/", swap=True)
    fragment = people.dee.get("/position/", swap=True)
    assert lasting(fragment) in lasting(people.dee.get("/position/"))


def test_without_htmx_a_row_s_address_leads_to_the_page_with_it_open(people: People, world: World) -> None:
    target = hold(world, "1000")
    answer = people.dee.client.get(f"/position/{target}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/position/?open={target}#target-{target}")
    people.dee.get("/position/999/", swap=True, status=404)
    people.dee.get(f"/position/{2**70}/", swap=True, status=404)


def test_it_narrows_by_element_form_stage_and_short_in_the_address(people: People, world: World) -> None:
    oxide = hold(world, "1000")
    magnet = hold(world, "1", material="ndfeb-block")
    world.stock("80", material="ndfeb-block")
    rows = {"oxide": f'id="target-{oxide}"', "magnet": f'id="target-{magnet}"'}
    for query, expected in (
        ({"element": "Nd"}, {"oxide"}),
        ({"form": "block"}, {"magnet"}),
        ({"stage": "separation"}, {"oxide"}),
        ({"short": "1"}, {"oxide"}),
        ({"element": "Dy"}, set()),
    ):
        html = people.dee.get("/position/", query)
        assert {name for name, row in rows.items() if row in html} == expected, query
    assert "No target fits" in people.dee.get("/position/", {"element": "Dy"})


def test_a_day_that_has_passed_comes_from_the_entries_and_one_to_come_takes_out_what_lapses(
    people: People, world: World
) -> None:
    hold(world, "100")
    world.stock("60", produced_on=date(2021, 11, 20))
    world.later(days=3)
    world.stock("60")
    assert "0.051 t 0.000 t 0.049 t" not in text(people.dee.get("/position/"))
    past = text(people.dee.get("/position/", {"as_of": "2026-11-02"}))
    assert "As it was at the end of 2 Nov 2026" in past
    assert "0.100 t 0.051 t – 0.049 t" in past
    coming = text(people.dee.get("/position/", {"as_of": "2026-12-24"}))
    assert "As it will be on 24 Dec 2026" in coming
    assert "0.100 t 0.051 t 0.000 t 0.049 t" in coming


@pytest.mark.parametrize(
    "query",
    [
        {"as_of": "yesterday"},
        {"as_of": "1999-12-31"},
        {"as_of": "2099-01-01"},
        {"as_of": "٢٠٢٦-01-01"},
        {"element": "Xx"},
        {"form": "gas"},
        {"stage": "space"},
        {"open": "x"},
        {"open": str(2**70)},
    ],
)
def test_what_cannot_be_read_is_said(people: People, world: World, query: dict[str, str]) -> None:
    assert "The list cannot be narrowed like this" in people.dee.get("/position/", query, status=422)
    assert "The list cannot be narrowed like this" in people.dee.get("/position/", query, swap=True, status=422)


def test_it_says_what_to_do_when_no_target_is_set(people: People) -> None:
    assert "Propose a target" in text(people.dee.get("/position/"))


def test_procurement_may_order_what_is_short(people: People, world: World) -> None:
    flag = flags_of(world, hold(world, "1000"))
    hold(world, "10", material="ndfeb-block", site="BRA")
    html = people.pia.get("/position/")
    # 1,000 kg of contained Nd in the oxide that holds most of it: 1000 / 0.8530679452, up to the next kilogram.
    assert f"/orders/new/?flag={flag}&amp;material=nd-oxide&amp;net_kg=1173" in html
    assert "material=ndfeb-block&amp;net_kg=10&amp;site=BRA" in html
    assert "/orders/new/" not in people.dee.get("/position/")
    assert "/orders/new/" not in people.pia.get("/position/", {"as_of": "2026-11-01"})


def flags_of(world: World, target: int) -> int:
    flags.scan(now=world.now)
    return next(row.id for row in flags.listing(user=world.dee) if row.target == target)


def test_it_is_closed_to_strangers_and_to_who_may_not_see_targets(people: People, world: World) -> None:
    target = hold(world, "1000")
    people.closed("/position/", open_to={"pia", "dee", "aud"})
    for who in ("ana", "adm"):
        getattr(people, who).get(f"/position/{target}/", swap=True, status=403)


def test_it_only_reads(people: People) -> None:
    assert people.dee.client.post("/position/").status_code == 405


def test_it_asks_as_often_for_thirty_targets_as_for_three(people: People, world: World) -> None:
    subjects = iter([(form, site) for site in ("", "ANT", "BRA") for form in FORMS])

    def make(more: int) -> None:
        for _ in range(more):
            form, site = next(subjects)
            hold(world, "10", form=form, site=site)

    the_same_at_3_and_30("page position", make=make, read=lambda: people.pia.get("/position/"))


def test_it_says_how_many_targets_were_met_at_each_months_end(people: People, world: World) -> None:
    hold(world, "50")
    world.stock("100")
    shown = text(people.dee.get("/position/"))
    assert "1 of 1 targets are met today, and 100 % of what they require is covered on average." in shown
    assert "31 Oct 2026 0 0 –" in shown
    assert "2 Nov 2026 1 1 100 %" in shown

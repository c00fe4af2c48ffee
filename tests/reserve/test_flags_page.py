"""The pages of flags: the list, one flag, and what people do with it."""

from typing import Any

import pytest

from config.approvals import requests
from config.approvals.models import Request
from config.audit.models import Command
from procurement import orders
from reserve import flags
from reserve.flags import ledger
from reserve.models import Flag, FlagEvent
from tests.counting import the_same_at_3_and_30
from tests.pages import People, controls, lasting, text
from tests.procurement.market import Market, add_suppliers
from tests.reserve.levels import flagged, hold
from tests.world import World

ACKNOWLEDGE: dict[str, Any] = {"note": "Two offers asked for"}


def minor(world: World) -> int:
    """A flag of which 95 % is held."""
    world.stock("950", material="ndfeb-block")
    return flagged(world, "1000", material="ndfeb-block")


def test_the_list_shows_the_worst_and_oldest_first(people: People, world: World) -> None:
    slight = minor(world)
    world.later(hours=1)
    grave = flagged(world, "1000")
    html = people.pia.get("/flags/")
    shown = text(html)
    assert "2 flags, 1 critical." in shown.replace(" .", ".")
    assert "2 have no owner yet" in shown
    assert html.index(f"/flags/{grave}/") < html.index(f"/flags/{slight}/")
    assert (
        "Neodymium, oxide whole reserve · contained Nd Critical Open – 1.000 t 0.000 t 1.000 t 0.000 t 2 Nov 2026"
        in shown
    )


def test_it_narrows_in_the_address(people: People, world: World) -> None:
    slight, grave = minor(world), flagged(world, "1000")
    flags.acknowledge(by=world.by("pia"), flag_id=slight, note="Ordered")
    for query, expected in (
        ({"state": "open"}, {grave}),
        ({"state": "acknowledged"}, {slight}),
        ({"severity": "critical"}, {grave}),
        ({"owner": "pia"}, {slight}),
        ({"state": "closed"}, set()),
        ({"state": "all"}, {slight, grave}),
    ):
        html = people.dee.get("/flags/", query)
        assert {pk for pk in (slight, grave) if f'href="/flags/{pk}/"' in html} == expected, query
    fragment = people.dee.get("/flags/", {"state": "all"}, swap=True)
    assert lasting(fragment) in lasting(people.dee.get("/flags/", {"state": "all"}))


@pytest.mark.parametrize("query", [{"state": "x"}, {"severity": "9"}, {"owner": "ana"}])
def test_what_cannot_be_read_is_said(people: People, query: dict[str, str]) -> None:
    assert "The list cannot be narrowed like this" in people.dee.get("/flags/", query, status=422)


def test_it_says_that_flags_open_by_themselves(people: People) -> None:
    assert "Flags open by themselves" in text(people.dee.get("/flags/"))


def test_a_flag_shows_its_arithmetic_at_opening_beside_today(people: People, world: World) -> None:
    pk = flagged(world, "1000")
    world.stock("700")
    world.receive("100")
    flags.scan(now=world.later(minutes=5))
    shown = text(people.dee.get(f"/flags/{pk}/"))
    assert "Short by 0.403 t" in shown
    assert "Required 1.000 1.000 –" in shown
    assert "Held anywhere 0.000 0.682 +0.682" in shown
    assert "Free, so eligible 0.000 0.597 +0.597" in shown
    assert "Short 1.000 0.403 −0.597" in shown
    assert "Severity changed 0.597 t eligible of 1.000 t" in shown
    assert "Opened 0.000 t eligible of 1.000 t The scan, 2 Nov 2026 09:00 UTC" in shown


def test_it_shows_the_lots_under_it_and_the_orders_that_answer_it(people: People, world: World) -> None:
    pk = flagged(world, "1000")
    lot, other = world.stock("100"), world.stock("100", material="ndfeb-block")
    add_suppliers(world)
    market = Market(world)
    number = str(orders.draft(by=world.by("pia"), supplier="NEO", lines=[market.line()], flag_id=pk)["order"])
    html = people.pia.get(f"/flags/{pk}/")
    assert f"/lots/{lot}/" in html
    assert f"/lots/{other}/" not in html
    assert "/lots/?element=Nd&amp;form=oxide&amp;held=yes" in html
    assert f"/orders/{number}/" in html
    assert f"/orders/new/?flag={pk}&amp;material=nd-oxide" in html
    assert "Order this" not in people.dee.get(f"/flags/{pk}/")


def test_procurement_acknowledges_and_becomes_its_owner(people: People, world: World) -> None:
    page = f"/flags/{flagged(world)}/"
    answer = people.pia.send(page, f"{page}acknowledge/", **ACKNOWLEDGE)
    assert (answer.status_code, answer["Location"]) == (303, page)
    flag = Flag.objects.get()
    assert (flag.state, flag.owner, flag.note) == ("acknowledged", world.pia, "Two offers asked for")
    shown = text(people.pia.get(page))
    assert "Acknowledged. You are its owner now." in shown
    assert "Owner Pia" in shown
    assert "Acknowledged: Two offers asked for Pia, 2 Nov 2026 09:00 UTC" in shown


def test_with_htmx_an_act_leads_to_the_page_and_a_refused_one_swaps_its_fragment(people: People, world: World) -> None:
    page = f"/flags/{flagged(world)}/"
    done = people.pia.send(page, f"{page}acknowledge/", swap=True, **ACKNOWLEDGE)
    assert (done.status_code, done["HX-Redirect"]) == (204, page)
    refused = people.pia.send(page, f"{page}acknowledge/", swap=True, note="")
    assert refused.status_code == 422
    assert refused.content.decode().lstrip().startswith('<div id="flag-acts"')
    assert "required" in refused.content.decode()


def test_a_manager_assigns_it(people: People, world: World) -> None:
    page = f"/flags/{flagged(world)}/"
    answer = people.dee.send(page, f"{page}assign/", owner="pia", note="Please")
    assert answer.status_code == 303
    assert Flag.objects.get().owner == world.pia
    for owner in ("ana", "nobody", ""):
        assert people.dee.send(page, f"{page}assign/", owner=owner).status_code == 422


def test_a_manager_waives_a_minor_one_until_a_day(people: People, world: World) -> None:
    page = f"/flags/{minor(world)}/"
    answer = people.dee.send(page, f"{page}waive/", until="2026-12-31", note="Delivery on its way")
    assert answer.status_code == 303
    assert Flag.objects.get().state == "waived"
    assert "Waived until 31 Dec 2026" in text(people.dee.get(page))
    for until in ("2026-11-02", "2028-01-01", "soon", ""):
        refused = people.dee.send(page, f"{page}waive/", until=until, note="Again")
        assert refused.status_code == 422, until


def test_waiving_a_critical_one_waits_for_a_second_manager(people: People, world: World) -> None:
    page = f"/flags/{flagged(world)}/"
    people.dee.send(page, f"{page}waive/", until="2026-12-31", note="Accepted")
    shown = text(people.dee.get(page))
    assert "It waits for a second manager: the flag is critical." in shown
    assert "Waits for a second manager" in shown
    assert Flag.objects.get().state == "open"
    request = Request.objects.get(kind="reserve.waive")
    requests.approve(by=world.by("eve"), request_id=request.pk)
    assert Flag.objects.get().state == "waived"
    assert "Look at the flag" in people.eve.get(f"/requests/{request.pk}/")


def test_a_flag_that_changed_meanwhile_is_shown_again_first(people: People, world: World) -> None:
    page = f"/flags/{flagged(world)}/"
    stale = {**people.pia.form(page, f"{page}acknowledge/"), **ACKNOWLEDGE}
    world.later(minutes=1)
    flags.assign(by=world.by("dee"), flag_id=Flag.objects.get().pk, owner="eve")
    refused = people.pia.post(f"{page}acknowledge/", stale)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "changed by somebody else" in html
    assert Flag.objects.get().owner == world.eve
    again = people.pia.post(f"{page}acknowledge/", controls(html, f"{page}acknowledge/"))
    assert again.status_code == 303
    assert Flag.objects.get().owner == world.pia


def test_a_form_sent_again_lands_once(people: People, world: World) -> None:
    page = f"/flags/{flagged(world)}/"
    values = {**people.pia.form(page, f"{page}acknowledge/"), **ACKNOWLEDGE}
    for _ in range(3):
        assert people.pia.post(f"{page}acknowledge/", values).status_code == 303
    assert FlagEvent.objects.filter(act="acknowledged").count() == 1


@pytest.mark.parametrize("note", ["", "   ", "a\u202eb", "x" * 1001])
def test_a_note_that_cannot_stand_is_refused_on_its_field(people: People, world: World, note: str) -> None:
    page = f"/flags/{flagged(world)}/"
    answer = people.pia.send(page, f"{page}acknowledge/", note=note)
    assert answer.status_code == 422
    assert 'id="acknowledge_note_errors"' in answer.content.decode()
    assert Flag.objects.get().state == "open"


def test_nobody_closes_it_by_hand_and_a_closed_one_takes_no_act(people: People, world: World) -> None:
    pk = flagged(world, "1000")
    page = f"/flags/{pk}/"
    values = {**people.dee.form(page, f"{page}waive/"), "until": "2026-12-31", "note": "x"}
    world.stock("2000")
    flags.scan(now=world.later(minutes=5))
    closed = people.dee.get(page)
    assert "Met again since 2 Nov 2026" in text(closed)
    assert f"{page}waive/" not in closed
    assert people.dee.post(f"{page}waive/", values).status_code == 422


def test_a_ledger_that_differs_says_what_was_found(people: People, world: World) -> None:
    ledger.follow([{"differences": ["lot RE-26-00001: fact 3 was edited"]}], now=world.now)
    page = f"/flags/{Flag.objects.get().pk}/"
    shown = text(people.aud.get(page))
    assert "The ledger differs" in shown
    assert "Verification found 1 difference in the books" in shown
    assert "lot RE-26-00001: fact 3 was edited" in shown
    assert "The ledger differs ledger Critical Open" in text(people.aud.get("/flags/"))
    assert "The ledger differs" in text(people.dee.get("/"))
    ledger.follow([{"differences": []}], now=world.later(days=1))
    assert "Nothing differs any more since 3 Nov 2026" in text(people.eve.get(page))


def test_they_are_closed_to_who_may_not(people: People, world: World) -> None:
    pk = flagged(world)
    people.closed("/flags/", open_to={"pia", "dee", "aud"})
    people.closed(f"/flags/{pk}/", open_to={"pia", "dee", "aud"})
    people.dee.get("/flags/999/", status=404)
    before = Command.objects.filter(outcome="done").count()
    for act, allowed in (("acknowledge", {"pia", "dee"}), ("assign", {"dee"}), ("waive", {"dee"})):
        for who in {"ana", "pia", "aud", "adm"} - allowed:
            assert getattr(people, who).post(f"/flags/{pk}/{act}/", ACKNOWLEDGE).status_code == 403, (act, who)
        assert people.nobody.client.post(f"/flags/{pk}/{act}/").status_code == 302
        assert people.dee.client.get(f"/flags/{pk}/{act}/").status_code == 405
        assert (
            people.dee.post(f"/flags/999/{act}/", {**ACKNOWLEDGE, "owner": "pia", "until": "2026-12-31"}).status_code
            == 404
        )
    assert Command.objects.filter(outcome="done").count() == before
    html = people.aud.get(f"/flags/{pk}/")
    assert "Acknowledge" not in text(html)


def test_they_ask_as_often_for_thirty_as_for_three(people: People, world: World) -> None:
    forms = ("oxide", "block", "part", "metal", "alloy", "carbonate", "concentrate", "halide", "powder", "sponge")
    subjects = iter([(form, site) for site in ("", "ANT", "BRA") for form in forms])

    def make(more: int) -> None:
        for _ in range(more):
            form, site = next(subjects)
            hold(world, "10", form=form, site=site)
        flags.scan(now=world.now)

    the_same_at_3_and_30("page flags", make=make, read=lambda: people.dee.get("/flags/"))
    pk = Flag.objects.get(target__form__code="oxide", target__site=None).pk

    def act(more: int) -> None:
        for _ in range(more):
            world.stock("0.1")
            world.later(seconds=1)
            flags.acknowledge(by=world.by("pia"), flag_id=pk, note="Again")

    the_same_at_3_and_30("page flag", make=act, read=lambda: people.pia.get(f"/flags/{pk}/"))

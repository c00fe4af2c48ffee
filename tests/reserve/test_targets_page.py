"""The pages of targets: the list, a new one, and one with its history and its change."""

from datetime import date, timedelta
from typing import Any

import pytest

from config.approvals import requests
from config.approvals.models import Request
from config.audit.models import Command
from reserve.models import Target
from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.reserve.levels import hold, propose
from tests.world import World

NEW: dict[str, Any] = {
    "basis": "contained",
    "element": "Nd",
    "form": "oxide",
    "unit": "t",
    "required": "90.5",
    "floor": "45",
    "source": "Annual plan 2026",
}


def test_the_list_shows_each_target_with_its_rule_and_who_set_it(people: People, world: World) -> None:
    hold(world, "1000")
    hold(world, material="ndfeb-block", days=60, daily_use_mg=10**9, use_basis="US, mean 2021-2025", floor_mg=10**10)
    propose(world, required="5", element="Dy", form="metal", basis="contained")
    shown = text(people.pia.get("/targets/"))
    assert (
        "Neodymium, oxide whole reserve · contained Nd In force 1.000 t – Fixed mass from 2 Nov 2026 Dee and Eve"
        in shown
    )
    assert "60.000 t 10.000 t 60 days × 1.000 t a day" in shown
    assert "Dysprosium, metal whole reserve · contained Dy Proposed 5.000 kg" in shown


def test_ended_targets_are_listed_when_asked_for(people: People, world: World) -> None:
    target = hold(world, "1000")
    Target.objects.filter(pk=target).update(effective_to=world.now.date())
    world.later(days=2)
    assert "Neodymium" not in text(people.dee.get("/targets/"))
    assert "Neodymium, oxide whole reserve · contained Nd Ended" in text(people.dee.get("/targets/", {"all": "1"}))


def test_a_manager_proposes_and_a_second_one_approves(people: People, world: World) -> None:
    answer = people.dee.send("/targets/new/", **NEW)
    target = Target.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/targets/{target.pk}/")
    assert (target.required_mg, target.floor_mg, target.basis, target.approved_at) == (
        90_500 * 10**6,
        45 * 10**9,
        "contained",
        None,
    )
    page = people.dee.get(f"/targets/{target.pk}/")
    assert "Proposed. The target counts once another manager has approved it." in page
    assert "Waits for a second manager" in text(page)
    assert f"/requests/{Request.objects.get().pk}/" in page
    requests.approve(by=world.by("eve"), request_id=Request.objects.get().pk)
    shown = text(people.dee.get(f"/targets/{target.pk}/"))
    assert "In force" in shown
    assert "agreed by Eve" in shown


def test_days_of_a_stated_use_make_the_mass(people: People, world: World) -> None:
    changes: dict[str, Any] = {
        "required": "",
        "floor": "",
        "days": "60",
        "daily_use": "1.5",
        "use_basis": "US, mean 2021-2025, USGS",
    }
    people.dee.send("/targets/new/", **{**NEW, **changes})
    target = Target.objects.get()
    assert (target.rule, target.days, target.required_mg) == ("days", 60, 90 * 10**9)


def test_a_link_fills_the_form_in(people: People) -> None:
    values = people.dee.form("/targets/new/")
    assert values["effective_from"] == "2026-11-02"
    assert 'value="Dy" selected' in people.dee.get("/targets/new/", {"element": "Dy", "form": "metal"})


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"required": "0"}, "required", "more than nothing"),
        ({"required": "-1"}, "required", "between 0 and"),
        ({"required": "1e400"}, "required", "cannot be read"),
        ({"required": "NaN"}, "required", "cannot be read"),
        ({"required": "٣.٥"}, "required", "cannot be read"),
        ({"required": "1_000"}, "required", "cannot be read"),
        ({"required": "0.0000000001"}, "required", "at most 9 decimals"),
        ({"required": "10000000"}, "required", "9 million t"),
        ({"required": ""}, "required", "Give a mass, or days"),
        ({"floor": "91"}, "floor", "at most what is required"),
        ({"days": "60"}, "daily_use", "Days need a daily use"),
        ({"days": "60", "daily_use": "1", "required": ""}, "use_basis", "Say whose consumption"),
        ({"days": "60", "daily_use": "1", "use_basis": "US"}, "required", "the two differ"),
        ({"days": "0"}, "days", "greater than or equal to 1"),
        ({"basis": "net"}, "material", "names a material, and no element"),
        ({"basis": "gross"}, "basis", "valid choice"),
        ({"element": ""}, "element", "names an element and a form"),
        ({"form": "gas"}, "form", "valid choice"),
        ({"site": "NOWHERE"}, "site", "valid choice"),
        ({"effective_from": "soon"}, "effective_from", "cannot be read"),
        ({"source": ""}, "source", "required"),
        ({"source": "a\u202eb"}, "source", "cannot be shown"),
        ({"source": "a\x00b"}, "source", "Null characters"),
    ],
)
def test_what_cannot_be_a_target_is_refused_on_its_field(
    people: People, world: World, changes: dict[str, Any], field: str, words: str
) -> None:
    answer = people.dee.send("/targets/new/", **{**NEW, **changes})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was saved" in html
    assert words in html.split(f'id="id_{field}_errors"')[1].split("</ul>")[0]
    assert not Target.objects.exists()
    fragment = people.dee.send("/targets/new/", swap=True, **{**NEW, **changes})
    assert fragment.status_code == 422
    assert fragment.content.decode().lstrip().startswith("<form")


def test_a_second_target_for_the_same_is_refused(people: People, world: World) -> None:
    hold(world, "1000")
    answer = people.dee.send("/targets/new/", **NEW)
    assert answer.status_code == 422
    assert "There already is a target for this" in text(answer.content.decode())


def test_a_form_that_is_sent_again_lands_once_and_a_refused_one_carries_a_new_key(people: People, world: World) -> None:
    values = {**people.dee.form("/targets/new/"), **NEW}
    first, again = people.dee.post("/targets/new/", values), people.dee.post("/targets/new/", values)
    assert first["Location"] == again["Location"]
    assert (Target.objects.count(), Request.objects.count()) == (1, 1)
    refused = people.dee.post("/targets/new/", {**values, "required": "7"})
    assert refused.status_code == 422
    assert values["key"] not in refused.content.decode()


def test_a_change_is_asked_for_and_counts_once_a_second_manager_agrees(people: People, world: World) -> None:
    target = hold(world, "1000")
    page = f"/targets/{target}/"
    answer = people.eve.send(page, unit="t", required="2", reason="The plan doubled")
    assert (answer.status_code, answer["Location"]) == (303, page)
    shown = text(people.eve.get(page))
    assert "Waits for a second manager" in shown
    assert "The plan doubled" in shown
    assert Target.objects.get().required_mg == 10**9
    requests.approve(by=world.by("dee"), request_id=Request.objects.get(state="pending").pk)
    assert (Target.objects.get().required_mg, Target.objects.get().version) == (2 * 10**9, 2)


def test_a_change_of_what_changed_meanwhile_is_refused_and_then_made_on_what_is_shown(
    people: People, world: World
) -> None:
    target = hold(world, "1000")
    page = f"/targets/{target}/"
    stale = {**people.dee.form(page), "required": "3", "reason": "More"}
    people.eve.send(page, unit="t", required="2", reason="The plan doubled")
    requests.approve(by=world.by("dee"), request_id=Request.objects.get(state="pending").pk)
    refused = people.dee.post(page, stale)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "changed by somebody else" in html
    from tests.pages import controls

    again = people.dee.post(page, controls(html, page))
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Nothing would change"),
        ({"required": "0"}, "more than nothing"),
        ({"floor": "5000"}, "at most what is required"),
        ({"days": "10"}, "states no daily use"),
        ({"effective_to": "2026-10-01"}, "a day that has passed"),
        ({"required": "2", "reason": ""}, "required"),
        ({"required": "2", "version": "x"}, "whole number"),
    ],
)
def test_a_change_that_cannot_be_is_refused(people: People, world: World, changes: dict[str, Any], words: str) -> None:
    page = f"/targets/{hold(world, '1000')}/"
    answer = people.eve.send(page, **{"unit": "t", "reason": "Why", **changes})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Request.objects.filter(state="pending").exists()


def test_a_target_shows_how_it_stands_today(people: People, world: World) -> None:
    target = hold(world, "1000", floor_mg=500 * 10**6)
    world.stock("700")
    shown = text(people.aud.get(f"/targets/{target}/"))
    for words in (
        "1.000 t",
        "0.597 t short",
        "59.7 % of what is required",
        "Floor 0.500 t",
        "Plan 2026",
        "Dee and Eve",
    ):
        assert words in shown, words
    assert "Ask for a change" not in shown
    assert "Ask for a change" in text(people.dee.get(f"/targets/{target}/"))


def test_they_are_closed_to_who_may_not(people: People, world: World) -> None:
    target = hold(world, "1000")
    people.closed("/targets/", open_to={"pia", "dee", "aud"})
    people.closed(f"/targets/{target}/", open_to={"pia", "dee", "aud"})
    people.closed("/targets/new/", open_to={"pia", "dee"})
    people.dee.get("/targets/999/", status=404)
    before = Command.objects.filter(outcome="done").count()
    for who in ("ana", "aud", "adm"):
        answer: Any = getattr(people, who).post("/targets/new/", NEW)
        assert answer.status_code == 403, who
        assert getattr(people, who).post(f"/targets/{target}/", {"required": "1"}).status_code == 403, who
    assert Command.objects.filter(outcome="done").count() == before


def test_wrong_methods(people: People, world: World) -> None:
    target = hold(world, "1000")
    assert people.dee.client.post("/targets/").status_code == 405
    assert people.dee.client.put("/targets/new/").status_code == 405
    assert people.dee.client.delete(f"/targets/{target}/").status_code == 405


def test_they_ask_as_often_for_thirty_as_for_three(people: People, world: World) -> None:
    forms = ("oxide", "block", "part", "metal", "alloy", "carbonate", "concentrate", "halide", "powder", "sponge")
    subjects = iter([(form, site) for site in ("", "ANT", "BRA") for form in forms])

    def make(more: int) -> None:
        for _ in range(more):
            form, site = next(subjects)
            hold(world, "10", form=form, site=site)

    the_same_at_3_and_30("page targets", make=make, read=lambda: people.dee.get("/targets/"))
    target = Target.objects.order_by("pk")[0].pk

    def ask(more: int) -> None:
        for n in range(more):
            world.later(seconds=1)
            people.eve.send(f"/targets/{target}/", floor=f"0.00{n % 9 + 1}", unit="t", reason="Again")

    the_same_at_3_and_30("page target", make=ask, read=lambda: people.dee.get(f"/targets/{target}/"))


def test_a_target_that_begins_later_does_not_count_yet(people: People, world: World) -> None:
    day = world.now.date() + timedelta(days=30)
    answer = propose(world, required="10", element="Nd", form="oxide", basis="contained")
    requests.approve(by=world.by("eve"), request_id=answer["request"])
    Target.objects.update(effective_from=day)
    assert "To come" in text(people.dee.get("/targets/"))
    assert date(2026, 12, 2) == day

"""The policies' pages: who reads them, proposing one, ending one, and what waits for a second manager."""

import re
from typing import Any
from uuid import uuid4

import pytest

from config.approvals import requests
from config.audit.models import Command
from reserve.models import RotationPolicy
from tests.counting import the_same_at_3_and_30
from tests.reserve.rotation_world import Browsers, browse, form_on, policies_of, policy
from tests.world import World

__all__ = ["browse"]
ADDRESS = "/rotation/policies/"


def facts(**given: str) -> dict[str, str]:
    return {
        "key": str(uuid4()),
        "material": "nd-oxide",
        "driver": "retest",
        "method": "retest",
        "ahead_months": "9",
        "source": "DoDM 4140.27",
        **given,
    }


def read(browse: Browsers, who: str = "dee", query: str = "") -> str:
    answer = browse.__getattr__(who).get(ADDRESS + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_proposal_waits_for_another_manager(world: World, browse: Browsers) -> None:
    key = form_on(read(browse), ADDRESS).key
    for _ in range(2):
        answer = browse.dee.post(ADDRESS, facts(key=key))
        assert (answer.status_code, answer["Location"]) == (303, ADDRESS)
    row = RotationPolicy.objects.get()
    html = read(browse)
    assert "Proposed. It counts once another manager approves it." in html
    assert '<span class="badge warn">Pending</span>' in html
    assert "1 change below counts only once another manager has approved" in html
    waiting = re.search(r'href="(/requests/\d+/)"', html)
    assert waiting
    asked = browse.eve.get(waiting.group(1)).content.decode()
    assert "Neodymium oxide 99.5" in asked
    assert "9 months ahead" in asked
    requests.approve(by=world.by("eve"), request_id=int(waiting.group(1).split("/")[2]))
    html = read(browse, "aud")
    assert '<span class="badge ok">In force</span><small>Dee and Eve, ' in html
    row.refresh_from_db()
    assert row.approved_by == world.eve


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"material": ""}, "This field is required"),
        ({"material": "gold"}, "Select a valid choice"),
        ({"driver": "whim"}, "Select a valid choice"),
        ({"driver": "expiry"}, "cannot be extended by a test"),
        ({"ahead_months": "0"}, "greater than or equal to 1"),
        ({"ahead_months": "37"}, "less than or equal to 36"),
        ({"ahead_months": "1.5"}, "Write a whole number"),
        ({"ahead_months": "1e400"}, "Write a whole number"),
        ({"source": ""}, "This field is required"),
        ({"source": "a\x07b"}, "cannot be shown"),
        ({"key": "x"}, "Open the form again"),
    ],
)
def test_what_is_refused_comes_back_with_its_reason(
    world: World, browse: Browsers, given: dict[str, str], said: str
) -> None:
    answer = browse.dee.post(ADDRESS, facts(**given))
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not RotationPolicy.objects.exists()
    swap = browse.dee.post(ADDRESS, facts(**given), headers={"HX-Request": "true"})
    assert (swap.status_code, swap.content.decode().lstrip()[:8]) == (422, "<section")


def test_a_second_policy_for_the_same_is_refused(world: World, browse: Browsers) -> None:
    policy(world)
    answer = browse.eve.post(ADDRESS, facts())
    assert answer.status_code == 422
    assert "already has a policy for this" in answer.content.decode()


def test_ending_one_waits_for_another_manager(world: World, browse: Browsers) -> None:
    address = f"{ADDRESS}{policy(world)}/end/"
    assert address in read(browse)
    html = browse.dee.get(address).content.decode()
    assert browse.dee.post(address, {"key": form_on(html, address).key, "reason": "A better one"}).status_code == 303
    assert '<span class="badge warn">To be ended</span>' in read(browse)
    assert "there is nothing to end" in browse.dee.get(address).content.decode()
    answer = browse.eve.post(address, {"key": str(uuid4()), "reason": "Again"})
    assert (answer.status_code, "already to be ended" in answer.content.decode()) == (422, True)
    asked = Command.objects.get(kind="reserve.rotation_policy_end", outcome="done").answer["request"]
    requests.approve(by=world.by("eve"), request_id=asked)
    assert "In force" not in read(browse)
    assert '<span class="badge muted">Ended</span>' in read(browse, query="?ended=1")


@pytest.mark.parametrize("given", [{"reason": ""}, {"reason": "a\u202eb"}, {"reason": "x" * 301}, {"key": "x"}])
def test_an_end_without_a_reason_is_refused(world: World, browse: Browsers, given: dict[str, str]) -> None:
    address = f"{ADDRESS}{policy(world)}/end/"
    answer = browse.dee.post(address, {"key": str(uuid4()), "reason": "No", **given})
    assert answer.status_code == 422
    assert "Nothing was saved" in answer.content.decode()


def test_an_auditor_reads_them(world: World, browse: Browsers) -> None:
    address = f"{ADDRESS}{policy(world)}/end/"
    html = read(browse, "aud").split("<main")[1]
    assert "In force" in html
    assert 'action="/rotation/' not in html
    client = browse.aud
    assert client.post(ADDRESS, facts()).status_code == 403
    assert client.get(address).status_code == 403
    assert client.post(address, {"key": str(uuid4()), "reason": "No"}).status_code == 403


def test_they_are_closed_to_others(world: World, browse: Browsers, client: Any) -> None:
    address = f"{ADDRESS}{policy(world)}/end/"
    for who in ("ana", "adm"):
        assert browse.__getattr__(who).get(ADDRESS).status_code == 403
        assert browse.__getattr__(who).post(ADDRESS, facts()).status_code == 403
        assert browse.__getattr__(who).get(address).status_code == 403
    assert (client.get(ADDRESS).status_code, client.post(ADDRESS, facts()).status_code) == (302, 302)
    assert client.get(address).status_code == 302
    assert browse.dee.put(ADDRESS).status_code == 405
    assert browse.dee.get(f"{ADDRESS}999999/end/").status_code == 404


def test_without_one_it_says_what_that_means(world: World, browse: Browsers) -> None:
    html = read(browse)
    assert "No policies yet" in html
    assert "lapse on their dates" in html


def test_it_asks_the_same_number_of_queries_at_3_and_at_30(world: World, browse: Browsers) -> None:
    client = browse.dee
    the_same_at_3_and_30(
        "page rotation-policies", make=lambda more: policies_of(world, more), read=lambda: client.get(ADDRESS).content
    )

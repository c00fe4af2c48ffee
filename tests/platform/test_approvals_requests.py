"""Asking for an act that takes more than one person, and deciding on it."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.accounts import ties
from config.accounts.matrix import NotAllowed
from config.approvals import requests
from config.approvals.models import Decision, Request
from config.audit import commands
from config.audit.commands import Answer, Opened
from config.audit.refused import Refused
from tests.inventory.proof import once, refused
from tests.world import World

DONE: list[Any] = []
UNDONE: list[Any] = []


class NotNow(Refused):
    code = "not_now"


def apply(opened: Opened, request: Request) -> Answer:
    if request.body.get("refuse"):
        raise NotNow()
    DONE.append((request.pk, opened.actor.username))
    return {"done": request.pk}


@pytest.fixture(autouse=True)
def _act() -> Iterator[None]:
    undone = lambda opened, request: UNDONE.append(request.pk)  # noqa: E731 - one word each
    requests.register(requests.TwoPersonAct("test.act", "Try", "adjust.approve", apply, undone))
    requests.register(requests.TwoPersonAct("test.two", "Try", "issue.approve", apply, undone))
    DONE.clear()
    UNDONE.clear()
    yield
    del requests._acts["test.act"], requests._acts["test.two"]


def ask(world: World, who: str = "ana", site: str = "ANT", kind: str = "test.act", **body: Any) -> int:
    def act(opened: Opened) -> Answer:
        words: dict[str, Any] = {
            "kind": kind,
            "subject": "Lot 1",
            "site_code": site,
            "summary": "4 kg",
            "reason": "Because",
        }
        return {"request": requests.ask(opened, body=body, **words).pk}

    return int(commands.run(world.by(who), kind="test.ask", request={**body, "who": who}, act=act)["request"])


def test_the_last_agreement_needed_does_it(world: World) -> None:
    request = ask(world, kind="test.two")
    first = requests.approve(by=world.by("dee"), request_id=request)
    assert (first["state"], first["agreed"], DONE) == ("pending", 1, [])
    second = once(requests.approve, by=world.by("eve"), request_id=request)
    assert (second["state"], second["result"], DONE) == ("approved", {"done": request}, [(request, "eve")])
    row = Request.objects.get(pk=request)
    assert (row.state, row.settled_at) == ("approved", world.now)


def test_a_refusal_by_one_settles_it_and_is_told_to_the_act(world: World) -> None:
    request = ask(world, kind="test.two")
    requests.approve(by=world.by("dee"), request_id=request)
    once(requests.refuse, by=world.by("eve"), request_id=request, note="Not now")
    assert (Request.objects.get().state, DONE, UNDONE) == ("refused", [], [request])
    assert Decision.objects.get(agreed=False).note == "Not now"


def test_who_asked_may_withdraw_it(world: World) -> None:
    request = ask(world)
    once(requests.withdraw, by=world.by("ana"), request_id=request)
    assert (Request.objects.get().state, UNDONE) == ("withdrawn", [request])


def test_a_refusal_of_the_act_leaves_the_request_waiting_and_the_word_unsaid(world: World) -> None:
    request = ask(world, refuse=True)
    with refused(NotNow):
        requests.approve(by=world.by("dee"), request_id=request)
    assert (Request.objects.get().state, Decision.objects.count()) == ("pending", 0)


@pytest.mark.parametrize("roles", [["manager"], ["warehouse", "manager"], ["administrator", "manager"]])
@pytest.mark.parametrize("door", [requests.approve, requests.refuse])
def test_nobody_decides_on_their_own(world: World, roles: list[str], door: Any) -> None:
    request = ask(world)
    world.ana.roles = roles
    world.ana.save()
    note = {"note": "Fine"} if door is requests.refuse else {}
    with refused(ties.OwnRequest):
        door(by=world.by("ana"), request_id=request, **note)


def test_nobody_decides_twice(world: World) -> None:
    request = ask(world, kind="test.two")
    requests.approve(by=world.by("dee"), request_id=request)
    with refused(ties.AlreadyDecided):
        requests.approve(by=world.by("dee"), request_id=request)
    with refused(ties.AlreadyDecided):
        requests.refuse(by=world.by("dee"), request_id=request, note="Changed my mind")


@pytest.mark.parametrize("end", ["approve", "refuse", "withdraw"])
def test_nothing_more_is_decided_on_a_settled_one(world: World, end: str) -> None:
    request = ask(world)
    match end:
        case "approve":
            requests.approve(by=world.by("dee"), request_id=request)
        case "refuse":
            requests.refuse(by=world.by("dee"), request_id=request, note="No")
        case "withdraw":
            requests.withdraw(by=world.by("ana"), request_id=request)
    with refused(requests.AlreadySettled):
        requests.approve(by=world.by("eve"), request_id=request)
    with refused(requests.AlreadySettled):
        requests.refuse(by=world.by("eve"), request_id=request, note="No")
    with refused(requests.AlreadySettled):
        requests.withdraw(by=world.by("ana"), request_id=request)


def test_only_who_asked_withdraws(world: World) -> None:
    request = ask(world)
    for who in ("ben", "dee"):
        with refused(ties.NotYours):
            requests.withdraw(by=world.by(who), request_id=request)


@pytest.mark.parametrize("who", ["cem", "adm"])
def test_who_may_not_see_a_request_does_not_find_it(world: World, who: str) -> None:
    request = ask(world)
    with refused(requests.RequestNotFound):
        requests.approve(by=world.by(who), request_id=request)


@pytest.mark.parametrize("who", ["ben", "pia", "aud"])
def test_who_may_only_see_it_decides_nothing(world: World, who: str) -> None:
    request = ask(world)
    with refused(NotAllowed):
        requests.approve(by=world.by(who), request_id=request)


@pytest.mark.parametrize("request_id", [999_999_999, 2**63, -1])
def test_one_that_is_not_there_is_not_found(world: World, request_id: int) -> None:
    with refused(requests.RequestNotFound):
        requests.approve(by=world.by("dee"), request_id=request_id)


def test_an_act_that_nobody_registered_cannot_be_asked_for(world: World) -> None:
    with pytest.raises(KeyError):
        commands.run(
            world.by("ana"),
            kind="test.ask",
            request={},
            act=lambda opened: {
                "request": requests.ask(
                    opened, kind="test.other", subject="", site_code="", summary="", body={}, reason=""
                ).pk
            },
        )

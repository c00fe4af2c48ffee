"""Rights are given by two administrators and taken away by one; and nobody raises their own."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from config.accounts import grants, membership, people, refusals, resets, ties
from config.accounts.matrix import NotAllowed
from config.accounts.models import User
from config.approvals import reads, requests
from config.approvals.models import Decision, Request
from config.audit.edge import BadText
from config.audit.refused import Stale
from tests.inventory.proof import once, refused
from tests.platform.test_requests_page import ask
from tests.world import World


def change(world: World, person: str, *, who: str = "adm", **changes: Any) -> dict[str, Any]:
    row = people.one(person)
    given = {"roles": row.roles, "sites": row.site_codes, "seen": row.seen, "reason": "New post", **changes}
    return grants.change(by=world.by(who), person=person, **given)


def approve(world: World, number: int, who: str = "ada") -> dict[str, Any]:
    return requests.approve(by=world.by(who), request_id=number)


def held(person: str) -> tuple[list[str], list[str], bool]:
    row = User.objects.get(username=person)
    return row.roles, row.site_codes, row.is_active


def test_a_grant_holds_only_when_another_administrator_has_agreed(world: World) -> None:
    answer = change(world, "cem", roles=["warehouse", "procurement"], sites=["ANT", "BRA"])
    assert answer["taken"] == []
    assert held("cem") == (["warehouse"], ["BRA"], True)
    done = approve(world, answer["request"])
    assert done["state"] == "approved"
    assert held("cem") == (["procurement", "warehouse"], ["ANT", "BRA"], True)


def test_what_is_taken_away_ends_at_once_and_what_is_new_waits(world: World) -> None:
    answer = change(world, "ana", sites=["BRA"])
    assert (answer["taken"], held("ana")) == (["ANT"], (["warehouse"], [], True))
    approve(world, answer["request"])
    assert held("ana") == (["warehouse"], ["BRA"], True)


def test_the_same_key_does_it_once(world: World) -> None:
    row = people.one("ana")
    once(grants.change, by=world.by("adm"), person="ana", roles=[], sites=[], seen=row.seen, reason="Left")
    assert held("ana") == ([], [], True)


@pytest.mark.parametrize("who", ["adm", "ana", "dee"])
def test_neither_who_asked_nor_whom_it_is_about_agrees(world: World, who: str) -> None:
    """Ana has become an administrator herself: still not the one who decides about Ana. Dee does not see it at all."""
    User.objects.filter(username="ana").update(roles=["administrator"])
    number = change(world, "ana", sites=["ANT", "BRA"])["request"]
    world.people["ana"].refresh_from_db()
    expected = {"adm": ties.OwnRequest, "ana": ties.AboutYourself, "dee": requests.RequestNotFound}[who]
    with refused(expected):
        approve(world, number, who)


def test_nobody_proposes_a_right_for_themselves(world: World) -> None:
    with refused(ties.NotForYourself):
        change(world, "adm", roles=["administrator", "manager"])


@pytest.mark.parametrize("who", ["ana", "pia", "dee", "aud"])
def test_only_administrators_propose_and_take_away(world: World, who: str) -> None:
    row = people.one("ben")
    given: dict[str, Any] = {"person": "ben", "reason": "x"}
    with refused(NotAllowed):
        grants.change(by=world.by(who), roles=["manager"], sites=[], seen=row.seen, **given)
    with refused(NotAllowed):
        grants.disable(by=world.by(who), **given)
    with refused(NotAllowed):
        grants.enable(by=world.by(who), **given)


def test_a_proposal_is_stale_once_the_rights_have_changed(world: World) -> None:
    number = change(world, "cem", sites=["ANT", "BRA"])["request"]
    change(world, "cem", roles=[], sites=["BRA"])
    with refused(refusals.AccessChanged):
        approve(world, number)
    requests.refuse(by=world.by("ada"), request_id=number, note="Ask anew")
    assert held("cem") == ([], ["BRA"], True)


def test_a_form_opened_before_is_stale(world: World) -> None:
    seen = people.one("cem").seen
    change(world, "cem", roles=[])
    with refused(Stale):
        change(world, "cem", roles=["warehouse"], seen=seen)


def test_a_proposal_of_who_is_no_administrator_any_more_gives_nothing(world: World) -> None:
    User.objects.create_user("abe", name="Abe", roles=["administrator"])
    number = change(world, "cem", sites=["ANT", "BRA"])["request"]
    grants.disable(by=world.by("ada"), person="adm", reason="Left")
    with refused(refusals.AskerGone):
        approve(world, number)


def test_who_was_given_a_password_by_who_asked_is_no_second_person(world: World) -> None:
    by = world.by("adm")
    added = membership.add(by=by, username="abe", name="Abe", roles=["administrator"], sites=[], reason="New")
    approve(world, added["request"])
    resets.give_first(by=world.by("adm"), person="abe", temporary="seven quiet lanterns", reason="Starts today")
    world.people["abe"] = User.objects.get(username="abe")
    number = change(world, "cem", sites=["ANT", "BRA"])["request"]
    with refused(refusals.NotIndependent):
        approve(world, number, who="abe")
    world.later(days=31)
    assert approve(world, number, who="abe")["state"] == "approved"


def test_one_proposal_at_a_time_about_a_person(world: World) -> None:
    number = change(world, "cem", sites=["ANT", "BRA"])["request"]
    with refused(refusals.GrantWaits, request=number):
        change(world, "cem", roles=["warehouse", "manager"])


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"roles": ["king"]}, refusals.UnknownRole),
        ({"roles": ["warehouse", "x" * 10_000]}, refusals.UnknownRole),
        ({"sites": ["ANT", "NOWHERE"]}, refusals.UnknownSite),
        ({"sites": ["ant"]}, refusals.UnknownSite),
        ({}, refusals.NothingChanges),
        ({"roles": [], "reason": ""}, BadText),
        ({"roles": [], "reason": "x" * 1001}, BadText),
        ({"roles": [], "seen": ""}, Stale),
    ],
)
def test_it_refuses(world: World, changes: dict[str, Any], refusal: Any) -> None:
    with refused(refusal):
        change(world, "ana", **changes)


@pytest.mark.parametrize("person", ["nobody", "system", "", "ANA", "ana\x00"])
def test_it_knows_no_such_person(world: World, person: str) -> None:
    with refused(refusals.PersonNotFound):
        grants.change(by=world.by("adm"), person=person, roles=[], sites=[], seen="", reason="x")


# ---- shut out and let in again ---------------------------------------------------------------------------------------


def test_the_warehouse_role_is_asked_for_with_a_site_or_not_at_all(world: World) -> None:
    with refused(refusals.SiteNeeded):
        change(world, "pia", roles=["procurement", "warehouse"], sites=[])
    with refused(refusals.SiteNeeded):
        given: dict[str, Any] = {
            "username": "nora",
            "name": "Nora",
            "roles": ["warehouse"],
            "sites": [],
            "reason": "Joins",
        }
        membership.add(by=world.by("adm"), **given)
    assert change(world, "ben", sites=[])["taken"] == ["ANT"]


def test_disabling_holds_at_once_and_letting_in_again_takes_two(world: World) -> None:
    once(grants.disable, by=world.by("adm"), person="cem", reason="Left")
    assert held("cem") == (["warehouse"], ["BRA"], False)
    with refused(refusals.AlreadyDisabled):
        grants.disable(by=world.by("adm"), person="cem", reason="Left")
    number = once(grants.enable, by=world.by("adm"), person="cem", reason="Back")["request"]
    assert not held("cem")[2]
    approve(world, number)
    assert held("cem") == (["warehouse"], ["BRA"], True)
    with refused(refusals.NotDisabled):
        grants.enable(by=world.by("adm"), person="cem", reason="Back")


def test_who_is_shut_out_is_given_nothing(world: World) -> None:
    grants.disable(by=world.by("adm"), person="cem", reason="Left")
    with refused(refusals.IsDisabled):
        change(world, "cem", sites=["ANT", "BRA"])


def test_two_administrators_always_stay(world: World) -> None:
    with refused(refusals.TooFewAdministrators):
        grants.disable(by=world.by("adm"), person="ada", reason="Left")
    with refused(refusals.TooFewAdministrators):
        change(world, "ada", roles=[])
    with refused(refusals.TooFewAdministrators):
        change(world, "adm", roles=[])  # nor lays it down
    User.objects.create_user("abe", name="Abe", roles=["administrator"])
    change(world, "ada", roles=[])
    assert held("ada") == ([], [], True)


# ---- the database says so too ----------------------------------------------------------------------------------------


def sql(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_request_about_another_than_who_asks(world: World) -> None:
    number = change(world, "cem", sites=["ANT", "BRA"])["request"]
    with pytest.raises(IntegrityError, match="request_about_another_than_who_asks"):
        sql(
            "INSERT INTO approvals_request (kind, subject, site_code, summary, body, reason, requester_id, about_id,"
            " asked_at, needed, state, command_id) SELECT 'x', subject, '', '', '{}', '', requester_id, requester_id,"
            " asked_at, 1, 'pending', 1 FROM approvals_request WHERE id = %s",
            number,
        )


def test_request_one_pending_about_a_person(world: World) -> None:
    number = change(world, "cem", sites=["ANT", "BRA"])["request"]
    with pytest.raises(IntegrityError, match="request_one_pending_about_a_person"):
        sql(
            "INSERT INTO approvals_request (kind, subject, site_code, summary, body, reason, requester_id, about_id,"
            " asked_at, needed, state, command_id) SELECT kind, subject, '', '', '{}', '', requester_id, about_id,"
            " asked_at, 1, 'pending', 1 FROM approvals_request WHERE id = %s",
            number,
        )


def test_decider_is_not_whom_it_is_about(world: World) -> None:
    number = change(world, "cem", sites=["ANT", "BRA"])["request"]
    with pytest.raises(IntegrityError, match="decider_is_not_whom_it_is_about"):
        sql(
            "INSERT INTO approvals_decision (request_id, actor_id, agreed, note, decided_at, command_id)"
            " SELECT id, about_id, true, '', now(), 1 FROM approvals_request WHERE id = %s",
            number,
        )
    assert Decision.objects.count() == 0


# ---- what administrators see of requests -----------------------------------------------------------------------------


def test_administrators_see_requests_about_people_and_nobody_elses(world: World) -> None:
    stock = ask(world)
    grant = change(world, "cem", sites=["ANT", "BRA"])["request"]
    seen = {who: {row.id for row in reads.listing(user=world.people[who]).rows} for who in ("adm", "aud", "dee", "ana")}
    assert seen == {"adm": {grant}, "aud": {grant, stock}, "dee": {stock}, "ana": {stock}}
    waits = {who: reads.waiting_for(user=world.people[who]) for who in ("adm", "ada", "dee", "aud")}
    assert waits == {"adm": 0, "ada": 1, "dee": 1, "aud": 0}
    with refused(requests.RequestNotFound):
        requests.approve(by=world.by("adm"), request_id=stock)


def test_the_reason_and_the_summary_are_on_the_request(world: World) -> None:
    number = change(world, "cem", roles=["manager", "warehouse"], sites=["ANT", "BRA"], reason="Moved 🏗")["request"]
    row = Request.objects.get(pk=number)
    assert (row.summary, row.reason, row.about_id) == (
        "Give Cem: role manager, site ANT",
        "Moved 🏗",
        world.cem.pk,
    )


def test_what_waits_for_an_administrator(world: World) -> None:
    change(world, "cem", sites=["ANT", "BRA"])
    User.objects.create_user("newt", name="Newt", date_joined=world.now)
    User.objects.filter(username="dee").update(last_login=world.now - timedelta(days=91))
    User.objects.exclude(username__in=["dee", "system"]).update(last_login=world.now)
    found = people.waiting(user=world.ada, now=world.now)
    assert (found.grants, people.waiting(user=world.adm, now=world.now).grants) == (1, 0)
    assert ([row.username for row in found.troubled], [row.username for row in found.away]) == (["newt"], ["dee"])

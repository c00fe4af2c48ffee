"""A changed role or site holds at the next request, and who is shut out stays out: for sessions and tokens."""

from config.accounts import grants
from config.accounts import people as reads
from config.accounts.models import User
from config.approvals import requests
from tests.pages import People
from tests.rest import Callers
from tests.world import World


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(people: People, api: Callers, world: World) -> None:
    assert people.ben.client.get("/lots/").status_code == 200
    assert api.ben.get("lots/").status == 200
    row = reads.one("ben")
    grants.change(by=world.by("adm"), person="ben", roles=[], sites=["ANT"], seen=row.seen, reason="Left")
    assert people.ben.client.get("/lots/").status_code == 403
    assert api.ben.get("lots/").status == 403


def test_another_site_holds_at_the_next_request(people: People, api: Callers, world: World) -> None:
    lot = world.stock("10")
    assert api.ben.get(f"lots/{lot}/").status == 200
    assert api.cem.get(f"lots/{lot}/").status == 404
    for person, codes in (("ben", []), ("cem", ["ANT", "BRA"])):
        row = reads.one(person)
        answer = grants.change(
            by=world.by("adm"), person=person, roles=row.roles, sites=codes, seen=row.seen, reason="Moves"
        )
        if answer["request"]:
            requests.approve(by=world.by("ada"), request_id=answer["request"])
    assert api.ben.get(f"lots/{lot}/").status == 404
    assert people.ben.client.get(f"/lots/{lot}/").status_code == 404
    assert api.cem.get(f"lots/{lot}/").status == 200
    assert people.cem.client.get(f"/lots/{lot}/").status_code == 200


def test_what_was_open_before_shutting_out_never_works_again(people: People, api: Callers, world: World) -> None:
    assert people.ben.client.get("/lots/").status_code == 200
    assert api.ben.get("lots/").status == 200
    answer = grants.disable(by=world.by("adm"), person="ben", reason="Left")
    assert (answer["sessions_ended"], answer["tokens_revoked"]) == (1, 1)
    assert people.ben.client.get("/lots/").status_code == 302
    assert api.ben.get("lots/").status == 401
    asked = grants.enable(by=world.by("adm"), person="ben", reason="Back")["request"]
    requests.approve(by=world.by("ada"), request_id=asked)
    assert User.objects.get(username="ben").is_active
    assert people.ben.client.get("/lots/").status_code == 302
    assert api.ben.get("lots/").status == 401
    assert people.ana.client.get("/lots/").status_code == 200

"""The page of one person: what they may do, how it came to be, and what waits about them."""

from datetime import UTC, datetime

from django.db import transaction

from config.accounts import grants
from config.accounts import people as reads
from config.approvals import requests
from config.audit.models import RegistryFact
from tests.pages import People, text
from tests.world import World

PAGE = "/people/cem/"


def propose(world: World) -> int:
    row = reads.one("cem")
    answer = grants.change(
        by=world.by("adm"), person="cem", roles=row.roles, sites=["ANT", "BRA"], seen=row.seen, reason="Covers for Ana"
    )
    return int(answer["request"])


def test_it_shows_what_waits_and_who_gave_what_and_why(people: People, world: World) -> None:
    number = propose(world)
    shown = text(people.aud.get(PAGE))
    assert "Waits for an administrator Give Cem: site ANT “Covers for Ana” · Adm" in shown
    requests.approve(by=world.by("ada"), request_id=number)
    shown = text(people.adm.get(PAGE))
    assert "Waits for an administrator" not in shown
    assert "Site ANT given “Covers for Ana”" in shown
    assert f"Ada · agreed to request {number}" in shown
    assert "Put on record" in shown
    grants.disable(by=world.by("adm"), person="cem", reason="Left")
    assert "Shut out “Left”" in text(people.adm.get(PAGE))


def test_it_shows_the_access_of_another_moment(people: People, world: World) -> None:
    before = RegistryFact.objects.latest("seq").recorded_at
    with transaction.atomic():
        requests.approve(by=world.by("ada"), request_id=propose(world))
    world.now = datetime.now(UTC)
    assert "Sites BRA State May sign in" in text(people.aud.get(PAGE, {"as_of": before.isoformat()}))
    assert "Sites ANT, BRA State May sign in" in text(people.aud.get(PAGE, {"as_of": world.now.isoformat()}))
    assert "Nothing was on record" in people.aud.get(PAGE, {"as_of": "2001-01-01"})
    assert "cannot be shown" in people.aud.get(PAGE, {"as_of": "soon"}, status=422)


def test_an_auditor_reads_and_is_offered_nothing(people: People) -> None:
    assert f"{PAGE}access/" in people.adm.get(PAGE)
    assert f"{PAGE}access/" not in people.aud.get(PAGE)


def test_who_may(people: People) -> None:
    people.closed(PAGE, open_to={"aud", "adm"})
    for address in ("edit", "access", "shut-out", "let-in"):
        people.closed(f"{PAGE}{address}/", open_to={"adm"})
    people.closed("/people/new/", open_to={"adm"})
    assert people.adm.client.post(PAGE).status_code == 405
    for nobody in ("/people/nobody/", "/people/system/", "/people/CEM/", "/people/nobody/access/"):
        people.adm.get(nobody, status=404)

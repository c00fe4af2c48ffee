"""The page of people."""

from datetime import UTC, datetime

import pytest

from config.accounts.models import User
from config.audit.models import RegistryFact
from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.world import World


def test_it_shows_roles_sites_and_who_may_sign_in(people: People, world: World) -> None:
    User.objects.create_user("old", name="Old Hand", roles=["manager"], is_active=False)
    User.objects.create_user("newt", name="New Hand", roles=["warehouse"])
    shown = text(people.adm.get("/people/"))
    assert "Ana ana warehouse ANT May sign in" in shown
    assert "Dee dee manager by role May sign in" in shown
    assert "New Hand newt warehouse none yet No site" in shown
    assert "Old Hand old manager by role Shut out" in shown
    assert shown.index("Old Hand") > shown.index("Pia")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"role": "administrator"}, {"Adm", "Ada"}),
        ({"site": "BRA"}, {"Cem"}),
        ({"state": "disabled"}, {"Old"}),
        ({"state": "troubled"}, {"Newt"}),
        ({"search": "PI"}, {"Pia"}),
        ({"search": "x" * 80}, set()),
        ({"role": "manager", "state": "active"}, {"Dee", "Eve"}),
    ],
)
def test_it_narrows(people: People, world: World, query: dict[str, str], shown: set[str]) -> None:
    User.objects.create_user("old", name="Old", roles=["manager"], is_active=False)
    User.objects.create_user("newt", name="Newt")
    found = people.adm.get("/people/", query, swap=True)
    names = {user.name for user in User.objects.all() if f"<bdi>{user.name}</bdi>" in found}
    assert names == shown


@pytest.mark.parametrize(
    "query", [{"role": "king"}, {"state": "odd"}, {"as_of": "yesterday"}, {"as_of": "2027-01-01"}, {"search": "x" * 81}]
)
def test_what_cannot_be_read_is_said(people: People, query: dict[str, str]) -> None:
    assert "cannot be narrowed" in people.adm.get("/people/", query, status=422)


def test_it_shows_everybody_as_of_a_moment_that_has_passed(people: People, world: World) -> None:
    world.now = datetime.now(UTC)
    before = RegistryFact.objects.latest("seq").recorded_at
    User.objects.filter(username="ana").update(roles=["manager"], site_codes=[], name="Anna")
    world.now = datetime.now(UTC)
    now, then = (text(people.aud.get("/people/", {"as_of": at.isoformat()})) for at in (world.now, before))
    assert "Anna ana manager by role" in now
    assert "Ana ana warehouse ANT" in then
    assert "Ana ana" not in text(people.aud.get("/people/", {"as_of": before.isoformat(), "role": "manager"}))
    assert "Nobody was on record then" in people.aud.get("/people/", {"as_of": "2001-01-01"})


def test_the_system_is_no_person(people: People) -> None:
    assert "The system" not in text(people.adm.get("/people/"))


def test_text_is_shown_as_text(people: People, world: World) -> None:
    User.objects.create_user("odd", name="<script>alert(1)</script>")
    assert "<script>alert" not in people.adm.get("/people/")


def test_who_may(people: People) -> None:
    people.closed("/people/", open_to={"aud", "adm"})
    assert people.adm.client.post("/people/").status_code == 405


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, world: World) -> None:
    def hire(more: int) -> None:
        known = User.objects.count()
        for number in range(more):
            User.objects.create_user(f"p{known + number}", name="P")

    the_same_at_3_and_30("page people", make=hire, read=lambda: people.adm.get("/people/"))

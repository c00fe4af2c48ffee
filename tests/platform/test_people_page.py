"""The page of people."""

from config.accounts.models import User
from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.world import World


def test_it_shows_roles_sites_and_who_may_sign_in(people: People, world: World) -> None:
    User.objects.create_user("old", name="Old Hand", roles=["manager"], is_active=False)
    User.objects.create_user("new", name="New Hand", roles=["warehouse"])
    shown = text(people.adm.get("/people/"))
    assert "Ana ana warehouse ANT May sign in" in shown
    assert "Dee dee manager by role May sign in" in shown
    assert "New Hand new warehouse none yet" in shown
    assert "Old Hand old manager by role Closed" in shown
    assert shown.index("Old Hand") > shown.index("Pia")


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

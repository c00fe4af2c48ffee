"""Adding a person, what they are called, their roles and sites, shutting out and letting in: by page."""

from typing import Any

import pytest

from config.accounts.models import User
from config.approvals.models import Request
from config.audit.models import Command
from tests.pages import People
from tests.world import World

NEW: dict[str, Any] = {"username": "lena", "name": "Lena Ort", "email": "lena@example.org", "reason": "Joins Antwerp"}


def row(username: str) -> User:
    return User.objects.get(username=username)


@pytest.mark.parametrize("swap", [False, True])
def test_a_person_is_added_without_rights_and_these_wait(people: People, world: World, swap: bool) -> None:
    answer = people.adm.send("/people/new/", **NEW, roles=["warehouse"], sites=["ANT"], swap=swap)
    assert answer.status_code == (204 if swap else 303)
    lena, asked = row("lena"), Request.objects.get()
    assert (lena.roles, lena.site_codes, lena.is_superuser, lena.has_usable_password()) == ([], [], False, False)
    assert (asked.about_id, asked.body["roles"], asked.body["sites"]) == (lena.pk, ["warehouse"], ["ANT"])
    page = f"/requests/{asked.pk}/"
    assert people.ada.send(page, decision="approve").status_code == 303
    assert (row("lena").roles, row("lena").site_codes) == (["warehouse"], ["ANT"])
    people.dee.get(page, status=404)


def test_who_asked_cannot_press_agree(people: People, world: World) -> None:
    people.adm.send("/people/new/", **NEW, roles=["manager"])
    page = f"/requests/{Request.objects.get().pk}/"
    assert "another person has to decide" in people.adm.get(page)
    assert people.adm.post(page, {"decision": "approve"}).status_code == 403 or row("lena").roles == []
    assert row("lena").roles == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"username": "Lena Ort"}, "Write the user name"),
        ({"username": "new"}, "Write the user name"),
        ({"username": "x" * 10_000}, "at most 64"),
        ({"username": "ana"}, "is already used"),
        ({"username": "аna"}, "Write the user name"),  # a Cyrillic a
        ({"name": "n" * 10_000}, "at most 120"),
        ({"name": "Lena\u202etro"}, "direction marks"),
        ({"name": ""}, "required"),
        ({"email": "lena"}, "no e-mail address"),
        ({"roles": ["warehouse", "superuser"]}, "There is no role superuser"),
        ({"sites": ["<script>"]}, "There is no site &lt;script&gt;"),
        ({"reason": " "}, "required"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_lost(people: People, given: dict[str, Any], words: str) -> None:
    answer = people.adm.send("/people/new/", **{**NEW, **given})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert words in html
    assert given.get("name", "Lena Ort")[:20] in html
    assert not User.objects.filter(username="lena").exists()


@pytest.mark.parametrize(
    "name", ["Zoë 🏗 Ørsted", "ليلى الخوري", "<script>alert(1)</script>", "{{ 7*7 }}{% now %}", "n" * 120]
)
def test_any_name_is_shown_as_text(people: People, world: World, name: str) -> None:
    people.adm.send("/people/new/", **{**NEW, "name": name}, roles=["manager"])
    assert row("lena").name == name
    for page in (
        "/people/",
        "/people/lena/",
        "/people/lena/access/",
        "/requests/",
        f"/requests/{Request.objects.get().pk}/",
    ):
        html = people.ada.get(page)
        assert "<script>alert" not in html
        assert "{{ 7*7 }}" in html or "7*7" not in name


def test_hidden_fields_give_nobody_more(people: People, world: World) -> None:
    tampered: list[tuple[str, dict[str, Any]]] = [
        ("/people/adm/edit/", {"roles": ["manager"], "is_superuser": "on", "is_staff": "on", "sites": ["ANT"]}),
        ("/people/adm/access/", {"roles": ["administrator", "manager"], "reason": "Mine", "person": "ada"}),
    ]
    for page, more in tampered:
        people.adm.send(page, **more)
        adm = row("adm")
        assert (adm.roles, adm.site_codes, adm.is_superuser) == (["administrator"], [], False)
    assert Request.objects.count() == 0


def test_name_and_address_are_changed_and_a_stale_form_is_refused(people: People, world: World) -> None:
    form = people.adm.form("/people/ben/edit/")
    assert people.ada.send("/people/ben/edit/", name="Benno", email="b@example.org").status_code == 303
    answer = people.adm.post("/people/ben/edit/", {**form, "name": "Benedikt"})
    assert (answer.status_code, row("ben").name) == (422, "Benno")
    assert "was changed by somebody else" in answer.content.decode()
    again = people.adm.post("/people/ben/edit/", {**form, "name": "Benedikt", "seen": "0" * 16})
    assert (again.status_code, row("ben").name) == (422, "Benno")


def test_roles_and_sites_change_by_page(people: People, world: World) -> None:
    answer = people.adm.send("/people/ana/access/", roles=["procurement"], sites=["ANT"], reason="Moves to buying")
    assert answer.status_code == 303
    assert (row("ana").roles, Request.objects.get().body["roles"]) == ([], ["procurement"])
    html = people.adm.send("/people/ben/access/", roles=["warehouse"], sites=["ANT"], reason="Same")
    assert "exactly these roles and sites" in html.content.decode()


def test_shutting_out_and_letting_in(people: People, world: World) -> None:
    assert people.adm.send("/people/ben/shut-out/", reason="Left").status_code == 303
    assert people.ben.client.get("/lots/").status_code == 302
    assert not row("ben").is_active
    assert people.adm.send("/people/ben/let-in/", reason="Back").status_code == 303
    assert not row("ben").is_active
    people.ada.send(f"/requests/{Request.objects.get().pk}/", decision="approve")
    assert row("ben").is_active
    answer = people.adm.send("/people/ada/shut-out/", reason="Left")
    assert (answer.status_code, row("ada").is_active) == (422, True)
    assert "fewer than two administrators" in answer.content.decode()


def test_the_same_form_sent_twice_lands_once(people: People, world: World) -> None:
    form = people.adm.form("/people/ben/shut-out/")
    for _ in range(2):
        assert people.adm.post("/people/ben/shut-out/", {**form, "reason": "Left"}).status_code == 303
    assert Command.objects.filter(kind="people.disable").count() == 1

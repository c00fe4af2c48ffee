"""The page that says in words what one's role may do, and for administrators and auditors what every role may."""

import re

import pytest

from tests.counting import counted
from tests.pages import People, text
from tests.rights import EXPECTED, ROLES
from tests.world import World


def acts(html: str) -> int:
    """How many acts the table lists."""
    return html.count('<th scope="row">')


@pytest.mark.parametrize("who", ["adm", "aud"])
def test_administrators_and_auditors_see_the_whole_table(people: People, who: str) -> None:
    html = getattr(people, who).get("/rights/")
    assert "What each role may do" in text(html)
    assert acts(html) == len(EXPECTED)
    cells = len(re.findall('<td data-label="(?:Warehouse|Procurement|Manager|Auditor|Administrator)"', html))
    assert cells == len(EXPECTED) * len(ROLES)


@pytest.mark.parametrize(("who", "role"), [("ana", "warehouse"), ("pia", "procurement"), ("dee", "manager")])
def test_everybody_else_sees_what_their_own_role_may(people: People, who: str, role: str) -> None:
    html = getattr(people, who).get("/rights/")
    assert "What my role may do" in text(html)
    assert acts(html) == sum(says.reach[role] != "-" for says in EXPECTED.values())


def test_it_says_who_is_kept_from_it_and_how_many_it_takes(people: People) -> None:
    shown = text(people.dee.get("/rights/"))
    assert "Accept, hold or reject a lot everywhere another than who received the lot" in shown
    assert "Approve an issue everywhere another than who asked for it or who has decided on it already" in shown
    assert "Ask for an issue everywhere 1, and 2 others who agree (manager)" in shown
    assert "Waive a flag everywhere 1, and 1 other who agrees (manager), when it is critical" in shown
    assert "Take a request back everywhere only who asked for it" in shown
    assert "Your own sites are ANT." in text(people.ana.get("/rights/"))


def test_who_has_no_role_is_told_how_one_comes_by_one(people: People, world: World) -> None:
    world.ana.roles = []
    world.ana.save()
    assert "You have no role yet" in text(people.ana.get("/rights/"))


def test_it_is_linked_where_people_ask(people: People) -> None:
    for who, page in (("ana", "/account/"), ("adm", "/account/"), ("adm", "/people/"), ("adm", "/people/ben/")):
        assert 'href="/rights/"' in getattr(people, who).get(page), (who, page)
    refused = people.ana.get("/people/", status=403)
    assert "Ask someone whose role does: auditor, administrator." in text(refused)
    assert 'href="/rights/"' in refused


def test_a_stranger_signs_in_first_and_nothing_is_sent(people: People) -> None:
    assert people.nobody.client.get("/rights/").status_code == 302
    assert people.ana.client.post("/rights/").status_code == 405


def test_it_asks_no_more_than_every_page_does(people: People) -> None:
    people.aud.get("/rights/")
    with counted("page rights"):
        people.aud.get("/rights/")

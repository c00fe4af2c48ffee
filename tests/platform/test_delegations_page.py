"""The page of delegations, lending on a form, and ending."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.accounts import delegation_views, delegations
from config.accounts.models import Delegation
from config.accounts.tables import DELEGATIONS
from config.exports.models import Export
from config.ui import tables
from tests.counting import the_same_at_3_and_30
from tests.exported import exported
from tests.pages import People, text
from tests.world import NOW, World

LIST, NEW = "/delegations/", "/delegations/new/"
TODAY = NOW.date()


def lend(world: World, lender: str = "dee", borrower: str = "pia", **days: Any) -> int:
    answer = delegations.lend(
        by=world.by(lender),
        borrower=borrower,
        acts=["issue.approve"],
        from_on=days.get("from_on", TODAY),
        until_on=days.get("until_on", TODAY + timedelta(days=28)),
        reason="Leave until December",
    )
    return int(answer["delegation"])


def test_a_manager_lends_and_the_borrower_is_told(people: People) -> None:
    page = people.dee.get(NEW)
    assert "Waivers of critical flags" in text(page)
    assert 'value="eve"' not in page, "may approve already"
    answer = people.dee.send(NEW, borrower="pia", acts="orders.approve", until_on="2026-11-30", reason="Leave")
    assert (answer.status_code, answer["Location"]) == (303, LIST)
    assert (Delegation.objects.get().acts, Delegation.objects.get().from_on) == (["orders.approve"], TODAY)
    assert "You decide for Dee on orders, until 30 Nov 2026" in text(people.pia.get("/"))
    assert "Lent by me" in text(people.dee.get(LIST))
    assert "Dee → Pia orders" in text(people.pia.get(LIST))


def test_a_refused_form_says_why_and_keeps_what_was_typed(people: People) -> None:
    answer = people.dee.send(NEW, borrower="aud", until_on="2027-06-01", reason="A long leave")
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "You cannot lend to a person of this user name" in text(shown)
    assert "A long leave" in shown
    assert people.dee.send(NEW, borrower="pia", until_on="soon", reason="Leave", swap=True).status_code == 422


@pytest.mark.parametrize(("who", "says"), [("dee", "Taken back"), ("pia", "Given back")])
def test_either_ends_it(people: People, world: World, who: str, says: str) -> None:
    number = lend(world)
    person = getattr(people, who)
    assert person.send(LIST, f"/delegations/{number}/end/").status_code == 303
    assert f"Ended early {says}" in text(person.get(LIST))
    assert "It has ended already" not in text(person.get(LIST))
    assert person.post(f"/delegations/{number}/end/", {}).status_code == 303
    assert "This delegation is over already" in person.get(LIST)


def test_others_find_nothing_to_end(people: People, world: World) -> None:
    number = lend(world)
    for who in ("eve", "ana", "aud"):
        assert getattr(people, who).post(f"/delegations/{number}/end/", {}).status_code == 404
    assert Delegation.objects.get().ended_at is None


def test_those_who_oversee_see_all_and_others_their_own(people: People, world: World) -> None:
    lend(world)
    for who in ("eve", "aud", "adm"):
        assert "Dee → Pia" in text(getattr(people, who).get(LIST)), who
    assert "Dee" not in text(people.ana.get(LIST))


def test_the_list_is_narrowed_by_how_they_stand(people: People, world: World) -> None:
    lend(world)
    lend(world, borrower="ana", from_on=TODAY + timedelta(days=60), until_on=TODAY + timedelta(days=61))
    delegations.end(by=world.by("eve"), delegation_id=lend(world, "eve", "ben"))

    def listed(who: str, state: str) -> list[str]:
        html = (
            getattr(people, who).get(LIST, {"state": state}).split('<section class="panel flush" id="delegations"')[1]
        )
        return [pair for pair in ("Dee → Pia", "Dee → Ana", "Eve → Ben") if pair in text(html)]

    for who in ("dee", "aud", "adm"):
        assert [listed(who, state) for state in ("running", "to come", "over")] == [
            ["Dee → Pia"],
            ["Dee → Ana"],
            ["Eve → Ben"],
        ]
    assert listed("ana", "") == ["Dee → Ana"], "one's own, where one oversees nobody"
    assert listed("ben", "running") == []
    assert "None of that kind" in people.ben.get(LIST, {"state": "running"})
    assert "cannot be narrowed" in people.dee.get(LIST, {"state": "perhaps"}, status=422)
    people.dee.get(LIST, {"cursor": "x"}, status=400)


def test_it_comes_page_by_page(people: People, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tables._tables, "delegations", replace(DELEGATIONS, size=2))
    monkeypatch.setattr(delegation_views, "DELEGATIONS", tables.named("delegations"))
    for borrower in ("ana", "ben", "pia"):
        lend(world, borrower=borrower)
    html = people.aud.get(LIST)
    assert "3 delegations" in text(html)
    assert ("Dee → Pia" in text(html), "Dee → Ana" in text(html)) == (True, False)
    onward = html.split('rel="next" href="')[1].partition('"')[0]
    assert "Dee → Ana" in text(people.aud.get(LIST + onward))


def test_a_file_has_what_the_page_shows_of_what_the_person_may_see(world: World) -> None:
    number = lend(world)
    lend(world, "eve", "ben", until_on=TODAY)
    head = ["From, to", "Decides on", "First day, UTC", "Last day, UTC", "Reason", "State"]
    mine = ["Dee → Pia", "issues", "2026-11-02", "2026-11-30", "Leave until December", "Running"]
    assert exported(world, "pia", "delegations") == [head, mine]
    assert [row[0] for row in exported(world, "aud", "delegations")] == ["From, to", "Eve → Ben", "Dee → Pia"]
    assert exported(world, "aud", "delegations", params="state=over") == [head]
    assert exported(world, "ana", "delegations") == [head]
    delegations.end(by=world.by("pia"), delegation_id=number)
    every = [column.key for column in DELEGATIONS.columns]
    row = exported(world, "aud", "delegations", every, params="state=over")[1]
    assert row[1:4] == [str(number), "dee", "pia"]
    assert row[-4:] == ["Ended early", "2026-11-02T09:00:00Z", "2026-11-02T09:00:00Z", "Given back"]
    assert Export.objects.filter(list="delegations").count() == 5


def test_it_is_open_to_every_role_and_lending_to_managers(people: People) -> None:
    people.closed(LIST, open_to={"ana", "pia", "dee", "aud", "adm"})
    people.closed(NEW, open_to={"dee"})


def test_a_person_s_page_tells_what_is_lent_now_and_was_then(people: People, world: World) -> None:
    world.now = datetime.now(UTC)  # the registry, which tells of then, keeps the database's time
    number = lend(world, from_on=world.now.date(), until_on=world.now.date() + timedelta(days=3))
    during = world.later(seconds=30).isoformat()[:19] + "Z"
    assert "issues for Dee" in text(people.adm.get("/people/pia/"))
    delegations.end(by=world.by("dee", now=world.later(minutes=1)), delegation_id=number)
    assert "issues for Dee" not in text(people.adm.get("/people/pia/"))
    assert "issues for Dee" in text(people.adm.get("/people/pia/", {"as_of": during}))
    assert "issues to Pia" in text(people.adm.get("/people/dee/", {"as_of": during}))


def test_queries(people: People, world: World) -> None:
    def make(more: int) -> None:
        start = Delegation.objects.count()
        for count in range(more):
            day = TODAY + timedelta(days=start + count)
            lend(world, from_on=day, until_on=day)

    the_same_at_3_and_30("delegations page", make=make, read=lambda: people.dee.get(LIST))


def test_it_works_over_the_api(world: World, api: Any) -> None:
    body = {
        "borrower": "pia",
        "acts": ["issue.approve"],
        "from_on": "2026-11-02",
        "until_on": "2026-11-30",
        "reason": "Leave",
    }
    made = api.dee.post("/api/delegations/", body)
    assert (made.status, made["borrower_name"], made["ended_at"]) == (201, "Pia", None)
    assert api.pia.post("/api/delegations/", body).status == 403
    assert api.dee.post("/api/delegations/", {**body, "acts": ["people.approve"]}).status == 422
    assert api.dee.post("/api/delegations/", {**body, "borrower": "nobody"})["code"] == "bad_borrower"
    for who, seen in {"pia": 1, "aud": 1, "ana": 0}.items():
        assert len(getattr(api, who).get("/api/delegations/")["results"]) == seen, who
    assert api.aud.get("/api/delegations/", person="ana", as_of="2026-11-02")["results"] == []
    assert len(api.aud.get("/api/delegations/", state="running", limit=1)["results"]) == 1
    assert api.aud.get("/api/delegations/", state="over")["results"] == []
    number = made["id"]
    assert api.ana.post(f"/api/delegations/{number}/end/", {}).status == 404
    assert api.pia.post(f"/api/delegations/{number}/end/", {})["ended_why"] == "Given back"
    assert api.pia.post(f"/api/delegations/{number}/end/", {})["code"] == "delegation_over"

"""The list of requests that take another person."""

import pytest

from config.approvals import requests
from inventory import ledger, units
from tests.counting import the_same_at_3_and_30
from tests.pages import People, text
from tests.world import World

PAGE = "/requests/"


def ask(world: World, who: str = "ana", reason: str = "Scale 3") -> int:
    number = world.stock("10")
    answer = ledger.ask_adjust(
        by=world.by(who), lot=number, location="ANT-S1", net=units.enter("1"), gain=False, reason=reason
    )
    return int(answer["request"])


def test_it_shows_what_waits_and_for_whom(people: People, world: World) -> None:
    pk = ask(world)
    for who, words in (("dee", "Waits for you"), ("ana", "Waits for another"), ("aud", "Waits for another")):
        html = getattr(people, who).get(PAGE)
        assert words in text(html), who
        assert f'href="/requests/{pk}/"' in html
    assert "Adjustment" in text(people.dee.get(PAGE))
    assert "−1 kg at ANT-S1" in text(people.dee.get(PAGE))
    assert "You 0 of 1" in text(people.ana.get(PAGE))


def test_a_manager_s_own_request_waits_for_another(people: People, world: World) -> None:
    ask(world, "dee")
    assert "Waits for another" in text(people.dee.get(PAGE))
    assert "Waits for you" in text(people.eve.get(PAGE))


def test_settled_ones_have_their_own_tabs(people: People, world: World) -> None:
    waiting, agreed, refused, taken = [ask(world) for _ in range(4)]
    requests.approve(by=world.by("dee"), request_id=agreed)
    requests.refuse(by=world.by("dee"), request_id=refused, note="Weigh again")
    requests.withdraw(by=world.by("ana"), request_id=taken)
    for state, expected in (
        ("", [waiting]),
        ("approved", [agreed]),
        ("refused", [refused]),
        ("withdrawn", [taken]),
        ("all", [waiting, agreed, refused, taken]),
    ):
        html = people.dee.get(PAGE, {"state": state})
        assert [pk for pk in (waiting, agreed, refused, taken) if f'href="/requests/{pk}/"' in html] == expected


def test_the_menu_counts_what_waits_for_this_person(people: People, world: World) -> None:
    ask(world)
    ask(world, "dee")

    def counted(who: str) -> str:
        return str(getattr(people, who).get(PAGE).split("<span>Requests</span>")[1].split("</a>")[0])

    assert (counted("dee"), counted("eve"), counted("ana"), counted("aud")) == ("<b>1</b>", "<b>2</b>", "", "")


def test_it_shows_only_requests_of_the_person_s_sites(people: People, world: World) -> None:
    pk = ask(world)
    assert f"/requests/{pk}/" not in people.cem.get(PAGE)
    assert "Nothing waits" in text(people.cem.get(PAGE))


def test_text_is_shown_as_text(people: People, world: World) -> None:
    ask(world, reason="<script>alert(1)</script>")
    assert "<script>alert" not in people.dee.get(PAGE)


@pytest.mark.parametrize("query", [{"state": "perhaps"}, {"cursor": "x" * 601}])
def test_what_cannot_be_read_is_said(people: People, world: World, query: dict[str, str]) -> None:
    assert "cannot be narrowed" in people.dee.get(PAGE, query, status=422)


def test_a_damaged_cursor_is_refused(people: People, world: World) -> None:
    people.dee.get(PAGE, {"cursor": "x"}, status=400)


def test_who_may(people: People) -> None:
    people.closed(PAGE, open_to={"ana", "pia", "dee", "aud", "adm"})
    assert people.dee.client.post(PAGE).status_code == 405


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, world: World) -> None:
    the_same_at_3_and_30(
        "page requests",
        make=lambda more: [ask(world) for _ in range(more)],
        read=lambda: people.dee.get(PAGE),
    )

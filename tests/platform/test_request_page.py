"""The page of one request, and deciding on it."""

from uuid import uuid4

import pytest

from config.approvals.models import Decision, Request
from inventory import ledger, units
from inventory.models import Balance
from tests.counting import counted
from tests.pages import People, controls, text
from tests.world import World


@pytest.fixture
def asked(world: World) -> str:
    """The address of Ana's request to take out 1 kg of 10."""
    world.stock("10", lot_number="THE-LOT")
    answer = ledger.ask_adjust(
        by=world.by("ana"), lot="THE-LOT", location="ANT-S1", net=units.enter("1"), gain=False, reason="Scale 3"
    )
    return f"/requests/{answer['request']}/"


def held() -> int:
    return Balance.objects.get().net_mg


def test_it_shows_what_is_asked_why_and_the_lot_as_it_is(people: People, asked: str) -> None:
    html = people.dee.get(asked)
    for words in ("Adjustment THE-LOT", "−1 kg at ANT-S1", "“Scale 3”", "asked by Ana", "0 of 1 agreed", "10 kg net"):
        assert words in text(html)
    assert 'href="/lots/THE-LOT/"' in html


def test_a_manager_agrees_and_it_is_done(people: People, asked: str) -> None:
    answer = people.dee.send(asked, decision="approve", note="Ticket seen")
    assert (answer.status_code, answer["Location"]) == (303, asked)
    shown = text(people.ana.get(asked))
    assert "Approved and done" in shown
    assert "Dee “Ticket seen”" in shown
    assert held() == 9_000_000


def test_a_manager_refuses_with_a_note(people: People, asked: str) -> None:
    refused = people.dee.send(asked, decision="refuse")
    assert refused.status_code == 422
    assert "Say why" in text(refused.content.decode())
    assert people.dee.send(asked, decision="refuse", note="Weigh again").status_code == 303
    assert "Refused , nothing was done" in text(people.ana.get(asked))
    assert held() == 10_000_000


def test_who_asked_takes_it_back(people: People, asked: str) -> None:
    html = people.ana.get(asked)
    assert "You asked for this, so another person has to decide on it" in text(html)
    assert 'value="approve"' not in html
    assert people.ana.send(asked, decision="withdraw").status_code == 303
    assert Request.objects.get().state == "withdrawn"


def test_nobody_decides_on_their_own_request(people: People, world: World) -> None:
    world.stock("10", lot_number="THE-LOT")
    answer = ledger.ask_adjust(
        by=world.by("dee"), lot="THE-LOT", location="ANT-S1", net=units.enter("1"), gain=False, reason="Mine"
    )
    page = f"/requests/{answer['request']}/"
    assert 'value="approve"' not in people.dee.get(page)
    for decision in ("approve", "refuse"):
        refused = people.dee.post(page, {"decision": decision, "note": "Mine"})
        assert refused.status_code == 422
        assert "You asked for this yourself" in text(refused.content.decode())
    assert not Decision.objects.exists()
    assert held() == 10_000_000


def test_an_issue_takes_two_and_each_only_once(people: People, world: World) -> None:
    world.stock("10", lot_number="THE-LOT")
    answer = ledger.ask_issue(
        by=world.by("pia"), lot="THE-LOT", origin="ANT-S1", net=units.enter("2"), reason="Released"
    )
    page = f"/requests/{answer['request']}/"
    people.dee.send(page, decision="approve")
    assert "1 of 2 people have; it waits for the others" in text(people.dee.get(page))
    assert "You have already decided on this request. It needs another person (manager)." in text(people.dee.get(page))
    again = people.dee.post(page, {"decision": "approve", "note": ""})
    assert again.status_code == 422
    assert "already decided" in text(again.content.decode())
    assert held() == 10_000_000
    people.eve.send(page, decision="approve")
    assert held() == 8_000_000


def test_the_same_form_sent_again_lands_once(people: People, asked: str) -> None:
    values = {**people.dee.form(asked), "decision": "approve"}
    first, again = people.dee.post(asked, values), people.dee.post(asked, values)
    assert (first.status_code, again.status_code) == (303, 303)
    assert Decision.objects.count() == 1
    assert held() == 9_000_000


def test_a_second_browser_is_told_that_it_is_settled(people: People, asked: str) -> None:
    form = people.eve.form(asked)
    people.dee.send(asked, decision="refuse", note="No")
    answer = people.eve.post(asked, {**form, "decision": "approve"})
    assert answer.status_code == 422
    assert "already refused" in text(answer.content.decode())
    assert held() == 10_000_000


def test_what_can_no_longer_be_done_stays_waiting(people: People, world: World, asked: str) -> None:
    ledger.sample(by=world.by("ana"), lot="THE-LOT", origin="ANT-S1", net=units.enter("9.5"))
    answer = people.dee.send(asked, decision="approve")
    assert answer.status_code == 422
    assert "0.5 kg free" in text(answer.content.decode())
    assert Request.objects.get().state == "pending"
    assert not Decision.objects.exists()


@pytest.mark.parametrize("decision", ["", "perhaps"])
def test_a_form_without_its_button_is_refused(people: People, asked: str, decision: str) -> None:
    answer = people.dee.send(asked, decision=decision)
    assert answer.status_code == 422
    assert not Decision.objects.exists()


def test_htmx_gets_the_fragment_of_a_refused_form_and_the_way_on(people: People, asked: str) -> None:
    key = str(uuid4())
    refused = people.dee.post(asked, {"key": key, "decision": "refuse", "note": ""}, swap=True)
    html = refused.content.decode()
    assert refused.status_code == 422
    assert html.startswith('<section class="panel" id="decision">')
    assert controls(html, asked)["key"] != key
    done = people.dee.post(asked, {"decision": "approve", "note": ""}, swap=True)
    assert (done.status_code, done["HX-Redirect"]) == (204, asked)


def test_who_may_not_decide_sees_whom_it_waits_for(people: People, asked: str) -> None:
    for who in ("aud", "pia", "ben"):
        html = getattr(people, who).get(asked)
        assert "It waits for a person whose role may decide on it (manager)." in text(html)
        assert getattr(people, who).post(asked, {"decision": "approve", "note": ""}).status_code == 403
    assert held() == 10_000_000


def test_a_foreign_request_is_not_found(people: People, asked: str) -> None:
    people.cem.get(asked, status=404)
    assert people.cem.post(asked, {"decision": "approve"}).status_code == 404
    people.dee.get("/requests/999999/", status=404)
    people.dee.get(f"/requests/{'9' * 40}/", status=404)


def test_who_may(people: People, asked: str) -> None:
    people.closed(asked, open_to={"ana", "pia", "dee", "aud"}, among=("ana", "pia", "dee", "aud"))
    people.adm.get(asked, status=404)  # administrators decide about people and see no stock
    assert people.dee.client.put(asked).status_code == 405


def test_text_is_shown_as_text(people: People, asked: str) -> None:
    people.dee.send(asked, decision="refuse", note="<script>alert(1)</script>")
    html = people.ana.get(asked)
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_the_number_of_queries_is_written_down(people: People, asked: str) -> None:
    people.dee.get(asked, swap=True)
    with counted("page request"):
        people.dee.get(asked, swap=True)

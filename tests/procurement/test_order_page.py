"""One order, and the buttons on it."""

import re
from datetime import date
from uuid import uuid4

import pytest

from procurement import orders
from procurement.orders.reads import offered
from procurement.transitions import Act, State
from tests.counting import the_same_at_3_and_30
from tests.procurement.market import Market
from tests.procurement.pages import People, closed, text


def buttons(html: str, number: str) -> set[str]:
    return set(re.findall(rf'<form[^>]* action="/orders/{number}/([a-z_]+)/"', html))


def test_it_shows_lines_deliveries_and_history(people: People, market: Market) -> None:
    number = market.placed(market.line("1500", promised_on=date(2026, 11, 1)), flag_id=9, note="Two lorries\nby rail")
    lot = market.receive(number, "400")["lot"]
    shown = text(people.aud.get(f"/orders/{number}/"))
    for words in (
        "Part received",
        "Late",
        "Neodymium oxide",
        "Antwerp",
        f"{lot} · 400 kg",
        "1,100",
        "62.5",
        "93,750.00 USD",
        "Two lorries",
        "9",
        "Approved · 2 Nov 2026",
        "by Dee",
        "Placed with the supplier",
    ):
        assert words in re.sub(r"Approved 2 Nov", "Approved · 2 Nov", shown), words


def test_nothing_of_an_order_that_is_not_placed_is_still_to_come(people: People, market: Market) -> None:
    for number in (market.draft(), market.approved()):
        assert "– not placed yet" in text(people.pia.get(f"/orders/{number}/"))
    assert "not placed yet" not in text(people.pia.get(f"/orders/{market.placed()}/"))


def test_it_shows_a_reversed_receipt_as_such(people: People, market: Market) -> None:
    number = market.placed()
    market.reverse(market.receive(number, "40")["movement"])
    assert "reversed" in text(people.pia.get(f"/orders/{number}/"))


@pytest.mark.parametrize("state", list(State))
def test_it_offers_exactly_what_the_table_and_the_role_allow(people: People, market: Market, state: State) -> None:
    number = market.in_state(state)
    for who in ("pia", "dee", "aud"):
        html = getattr(people, who).get(f"/orders/{number}/")
        acts = {str(act) for act in offered(market.world.people[who], state, {})}
        assert buttons(html, number) == acts - {"edit"}
        assert (f"/orders/{number}/edit/" in html) is ("edit" in acts)


def test_whoever_wrote_it_is_told_why_there_is_no_approve_button(people: People, market: Market, max_: object) -> None:
    number = market.submitted(who="max")
    html = people.max.get(f"/orders/{number}/")
    assert "approve" not in buttons(html, number)
    assert "Another person has to approve it" in text(html)


def test_it_lives_by_its_buttons(people: People, market: Market) -> None:
    number = market.draft()
    for who, act, state in (("pia", "submit", "submitted"), ("dee", "approve", "approved"), ("pia", "place", "placed")):
        answer = getattr(people, who).send(f"/orders/{number}/", f"/orders/{number}/{act}/")
        assert (answer.status_code, answer["Location"]) == (303, f"/orders/{number}/")
        assert market.order(number).state == state
    assert "is on order from now on" in text(people.pia.get(f"/orders/{number}/"))


def test_a_button_with_a_reason(people: People, market: Market) -> None:
    number = market.submitted()
    path, act = f"/orders/{number}/", f"/orders/{number}/send_back/"
    refused = people.dee.send(path, act, reason=" ")
    assert refused.status_code == 422
    assert "Nothing was changed" in refused.content.decode()
    assert people.dee.send(path, act, reason="Too dear").status_code == 303
    assert "Too dear" in text(people.pia.get(path))


def test_cancelling_the_rest(people: People, market: Market) -> None:
    number = market.in_state("part received")
    assert "Cancel the rest" in text(people.pia.get(f"/orders/{number}/"))
    people.pia.send(f"/orders/{number}/", f"/orders/{number}/cancel/", reason="Enough")
    assert market.order(number).state == "received"


def test_a_form_sent_twice_lands_once(people: People, market: Market) -> None:
    number = market.draft()
    fields = {"key": str(uuid4()), "version": "1"}
    for _ in range(2):
        answer = people.pia.post(f"/orders/{number}/submit/", **fields)
        assert answer.status_code == 303
    assert market.order(number).events.filter(what="submit").count() == 1


def test_a_stale_button_comes_back_with_the_order_as_it_is(people: People, market: Market) -> None:
    number = market.submitted()
    seen = {"version": str(market.order(number).version)}
    orders.send_back(by=market.world.by("eve"), number=number, reason="Too dear")
    market.world.later(minutes=1)
    answer = people.dee.post(f"/orders/{number}/approve/", **seen)
    assert answer.status_code == 422
    assert "changed by somebody else" in text(answer.content.decode())
    assert "Draft" in text(answer.content.decode())
    assert market.order(number).state == "draft"


def test_a_refused_swap_is_the_fragment_with_a_new_key(people: People, market: Market) -> None:
    number = market.submitted()
    path = f"/orders/{number}/"
    answer = people.dee.send(path, f"{path}send_back/", swap=True, reason="")
    html = answer.content.decode()
    assert (answer.status_code, html[:35]) == (422, '<div class="stack-gap" id="order"> '[:35].rstrip() + html[34:35])
    done = people.dee.send(path, f"{path}approve/", swap=True)
    assert (done.status_code, done["HX-Redirect"]) == (204, path)


def test_who_may(people: People, market: Market) -> None:
    number = market.submitted()
    closed(people, f"/orders/{number}/", open_to={"pia", "dee", "aud"})
    for who in ("ana", "pia", "aud", "adm"):
        assert getattr(people, who).post(f"/orders/{number}/approve/", version="2").status_code == 403
    assert people.dee.client.get(f"/orders/{number}/approve/").status_code == 405
    assert people.dee.client.post(f"/orders/{number}/").status_code == 405
    assert people.dee.post(f"/orders/{number}/deliver_all/", version="2").status_code == 404
    assert people.dee.post(f"/orders/{number}/eat/", version="2").status_code == 404
    assert people.dee.post(f"/orders/{number}/approve/").status_code == 422


@pytest.mark.parametrize("number", ["PO-99-0001", "%C2%A0", "x" * 200])
def test_an_unknown_order_is_404(people: People, market: Market, number: str) -> None:
    assert people.pia.client.get(f"/orders/{number}/").status_code == 404
    assert people.pia.post(f"/orders/{number}/submit/", version="1").status_code == 404


def test_it_makes_the_same_queries_at_3_and_at_30(people: People, market: Market) -> None:
    numbers = [""]

    def make(more: int) -> None:
        numbers[0] = market.placed(*[market.line("10") for _ in range(more)])
        for line in range(1, more + 1):
            market.receive(numbers[0], "5", line=line)

    the_same_at_3_and_30("page order", make=make, read=lambda: people.pia.get(f"/orders/{numbers[0]}/", swap=True))


def test_acts_that_people_do_have_a_button_and_a_door() -> None:
    from procurement.orders.acts import ACTS
    from procurement.transitions import TABLE
    from procurement.views.orders import SAID

    by_people = {act for _, act in TABLE if not act.startswith("deliver")} - {Act.EDIT}
    assert by_people == set(ACTS) == set(SAID)

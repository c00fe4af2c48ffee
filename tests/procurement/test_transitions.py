"""The life of an order: every state with every act, by the doors and past them."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from config.accounts.matrix import ACTS, NotAllowed
from procurement import orders, transitions
from procurement.models import Order
from procurement.orders.reads import offered
from procurement.refusals import WrongState
from procurement.transitions import ALLOWED, TABLE, Act, State
from tests.procurement.market import Market

BY_PEOPLE = [act for act in Act if not act.startswith("deliver")]
WHO = {"orders.write": "pia", "orders.approve": "dee", "orders.send_back": "dee"}


def do(market: Market, act: Act, number: str, who: str) -> None:
    by = market.world.by(who)
    if act is Act.EDIT:
        version = market.order(number).version
        orders.edit(by=by, number=number, version=version, supplier="NEO", lines=[market.line("70")])
    else:
        orders.do(by=by, number=number, what=act, reason="Because it has to be")


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", BY_PEOPLE)
def test_it_goes_where_the_table_says_and_nowhere_else(market: Market, state: State, act: Act) -> None:
    number = market.in_state(state)
    before = market.order(number)
    assert before.state == state
    step = TABLE.get((state, act))
    who = WHO[transitions.needed(act)]
    if step is None:
        with pytest.raises(WrongState) as refused:
            do(market, act, number, who)
        assert refused.value.facts["state"] == state
        assert market.order(number).version == before.version
    else:
        do(market, act, number, who)
        after = market.order(number)
        assert (after.state, after.version) == (step.to, before.version + 1)
        assert after.events.filter(what=act, state=step.to).count() == 1


@pytest.mark.parametrize("act", BY_PEOPLE)
@pytest.mark.parametrize("who", ["ana", "pia", "dee", "aud", "adm"])
def test_it_asks_for_the_role_that_the_table_names(market: Market, act: Act, who: str) -> None:
    needs = transitions.needed(act)
    assert needs in ACTS
    start = next(start for (start, known) in TABLE if known == act)
    number = market.in_state(start)
    if who == WHO[needs]:
        do(market, act, number, who)
        assert market.order(number).state == TABLE[start, act].to
    else:
        with pytest.raises(NotAllowed):
            do(market, act, number, who)
        assert market.order(number).state == start


@pytest.mark.parametrize("state", list(State))
def test_it_offers_what_the_door_accepts(market: Market, state: State) -> None:
    for who in ("ana", "pia", "dee", "aud", "adm"):
        for act in offered(market.world.people[who], state, {}):
            number = market.in_state(state)
            do(market, act, number, who)
            assert market.order(number).state == TABLE[state, act].to


@pytest.mark.parametrize("start", list(State))
@pytest.mark.parametrize("end", list(State))
def test_the_database_holds_the_table_too(market: Market, start: State, end: State) -> None:
    number = market.in_state(start)
    rows = Order.objects.filter(number=number)
    if start == end or (str(start), str(end)) in ALLOWED:
        return
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(state=end)
    assert market.order(number).state == start


def test_an_order_begins_as_a_draft_also_for_the_database(market: Market) -> None:
    known = market.order(market.draft())
    fields = {
        "supplier_id": known.supplier_id,
        "currency": "USD",
        "created_by_id": known.created_by_id,
        "created_at": known.created_at,
        "last_edited_by_id": known.created_by_id,
        "last_edited_at": known.created_at,
    }
    with pytest.raises(IntegrityError, match="order_begins_as_a_draft"), transaction.atomic():
        Order.objects.create(number="PO-X", state="submitted", **fields)


def test_every_state_but_the_last_leads_on(market: Market) -> None:
    assert {start for start, _ in TABLE} == set(State) - {State.CANCELLED}
    assert {step.to for step in TABLE.values()} == set(State)

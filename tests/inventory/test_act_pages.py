"""What every page of an act on a lot has in common, and the page of receipts with them."""

from dataclasses import dataclass
from uuid import uuid4

import pytest

from config.approvals.models import Request
from config.audit.models import Command
from inventory import ledger, movements, units
from inventory.models import Lot, LotFact, Movement
from tests.counting import counted
from tests.pages import People, controls, text
from tests.world import World


@dataclass(frozen=True)
class Act:
    """A page: who does it, what a good form holds, one bad value, and the roles that may open it."""

    name: str
    who: str
    good: dict[str, str]
    bad: dict[str, str]
    open_to: frozenset[str]
    makes: str = "LotFact"


WAREHOUSE = frozenset({"ana"})
WAREHOUSE_OR_MANAGER = frozenset({"ana", "dee"})
MOVE = {"origin": "ANT-S1", "quantity": "5", "unit": "kg"}
ACTS = [
    Act("transfer", "ana", {**MOVE, "destination": "ANT-S2"}, {"quantity": "11"}, WAREHOUSE),
    Act("sample", "ana", MOVE, {"quantity": "11"}, WAREHOUSE),
    Act(
        "split",
        "ana",
        {"location": "ANT-S1", "unit": "kg", "quantity_1": "2", "reason": "Wet"},
        {"quantity_1": "11"},
        WAREHOUSE,
    ),
    Act("condition", "ben", {"condition": "B", "reason": "Dented drum"}, {"condition": "A"}, WAREHOUSE_OR_MANAGER),
    Act("assay", "ana", {"lab": "Lab A", "element_1": "Nd", "percent_1": "85.1"}, {"percent_1": "101"}, WAREHOUSE),
    Act(
        "retest",
        "ana",
        {"performed_on": "2026-11-02", "passed": "yes"},
        {"performed_on": "2026-11-03"},
        WAREHOUSE,
    ),
    Act(
        "adjust",
        "ana",
        {"location": "ANT-S1", "gain": "loss", "quantity": "1", "unit": "kg", "reason": "Scale"},
        {"quantity": "11"},
        WAREHOUSE_OR_MANAGER,
        makes="Request",
    ),
    Act(
        "issue",
        "pia",
        {**MOVE, "reason": "Release order 26-114"},
        {"quantity": "11"},
        frozenset({"ana", "pia", "dee"}),
        makes="Request",
    ),
    Act("reverse", "ana", {"reason": "Wrong hall"}, {"reason": ""}, WAREHOUSE_OR_MANAGER, makes="Request"),
    Act(
        "receive",
        "ana",
        {"material": "nd-oxide", "location": "ANT-S1", "quantity": "5", "unit": "kg"},
        {"quantity": "0"},
        WAREHOUSE,
    ),
]
ON_A_LOT = [act for act in ACTS if act.name != "receive"]
every_act = pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
every_act_on_a_lot = pytest.mark.parametrize("act", ON_A_LOT, ids=lambda act: act.name)
JUDGED_BY_THE_LEDGER = {"transfer", "sample", "split", "condition", "retest", "adjust", "issue"}


@pytest.fixture
def lot(world: World) -> str:
    return world.stock("10", lot_number="THE-LOT")


def page(act: Act) -> str:
    return "/receive/" if act.name == "receive" else f"/lots/THE-LOT/{act.name}/"


def filled(act: Act, people: People, world: World) -> dict[str, str]:
    """What the person sends after filling the form in."""
    if act.name == "reverse":
        (receipt,) = movements.listing(user=world.dee, lot="THE-LOT").rows
        return {"movement": str(receipt.id), **act.good}
    return act.good


def written() -> tuple[int, ...]:
    return LotFact.objects.count(), Lot.objects.count(), Movement.objects.count(), Request.objects.count()


@every_act
def test_it_is_done_by_a_plain_post_and_goes_where_the_effect_shows(
    act: Act, lot: str, people: People, world: World
) -> None:
    before = written()
    answer = getattr(people, act.who).send(page(act), **filled(act, people, world))
    assert answer.status_code == 303, text(answer.content.decode())
    assert written() != before
    shown = getattr(people, act.who).get(answer["Location"])
    assert 'class="callout ok"' in shown
    if act.makes == "Request":
        assert answer["Location"].startswith("/requests/")


@every_act
def test_htmx_is_sent_on_to_the_same_page(act: Act, lot: str, people: People, world: World) -> None:
    answer = getattr(people, act.who).send(page(act), swap=True, **filled(act, people, world))
    assert (answer.status_code, answer.content) == (204, b"")
    assert getattr(people, act.who).client.get(answer["HX-Redirect"]).status_code == 200


@every_act
def test_the_same_form_sent_again_lands_once_and_says_the_same(
    act: Act, lot: str, people: People, world: World
) -> None:
    person = getattr(people, act.who)
    values = {**person.form(page(act)), **filled(act, people, world)}
    first = person.post(page(act), values)
    after = written()
    again = person.post(page(act), values)
    assert (again.status_code, again["Location"]) == (first.status_code, first["Location"])
    assert written() == after


@every_act
def test_a_refused_form_is_422_keeps_what_was_typed_and_writes_nothing(
    act: Act, lot: str, people: People, world: World
) -> None:
    person = getattr(people, act.who)
    values = {**person.form(page(act)), **filled(act, people, world), **act.bad}
    before = written()
    answer = person.post(page(act), values)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert written() == before
    assert 'class="errors"' in html
    assert "Nothing was saved" in text(html)
    kept = controls(html, page(act))
    name = next(iter(act.bad))
    if name != "condition":  # what it already is, is not offered
        assert kept[name] == act.bad[name]
    assert kept["key"] != values["key"]
    swapped = person.post(page(act), {**values, "key": str(uuid4())}, swap=True)
    assert swapped.status_code == 422
    assert "<html" not in swapped.content.decode()


@every_act
def test_a_form_that_was_refused_can_be_mended_and_sent(act: Act, lot: str, people: People, world: World) -> None:
    person = getattr(people, act.who)
    good = filled(act, people, world)
    refused = person.post(page(act), {**person.form(page(act)), **good, **act.bad})
    values = {**controls(refused.content.decode(), page(act)), **good}
    assert person.post(page(act), values).status_code == 303


@every_act
def test_what_the_ledger_refuses_is_recorded_as_an_attempt(act: Act, lot: str, people: People, world: World) -> None:
    getattr(people, act.who).send(page(act), **{**filled(act, people, world), **act.bad})
    refused = Command.objects.filter(outcome="refused").count()
    assert refused == (1 if act.name in JUDGED_BY_THE_LEDGER else 0)


@every_act_on_a_lot
def test_a_stale_form_is_refused_and_shows_the_lot_as_it_is(act: Act, lot: str, people: People, world: World) -> None:
    person = getattr(people, act.who)
    values = {**person.form(page(act)), **filled(act, people, world)}
    ledger.sample(by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("1"))
    before = written()
    answer = person.post(page(act), values)
    if act.name == "reverse":  # names one movement, which does not change
        assert answer.status_code == 303
        return
    html = answer.content.decode()
    assert answer.status_code == 422
    assert written() == before
    assert "changed by somebody else since you opened it" in text(html)
    assert "9 kg free" in text(html)
    again = {**controls(html, page(act)), **filled(act, people, world)}
    assert person.post(page(act), again).status_code == 303


@every_act
def test_a_key_that_is_none_is_refused(act: Act, lot: str, people: People, world: World) -> None:
    person = getattr(people, act.who)
    before = written()
    answer = person.send(page(act), **{**filled(act, people, world), "key": "1"})
    assert answer.status_code == 422
    assert "Open the form again" in text(answer.content.decode())
    assert written() == before


@every_act
def test_who_may(act: Act, lot: str, people: People) -> None:
    people.closed(page(act), open_to=set(act.open_to))
    for who in {"ana", "pia", "dee", "aud", "adm"} - act.open_to:
        assert getattr(people, who).post(page(act), act.good).status_code == 403, who
    assert people.nobody.post(page(act), act.good).status_code == 302
    assert people.ana.client.put(page(act)).status_code == 405


@every_act_on_a_lot
def test_a_foreign_lot_is_not_found(act: Act, lot: str, people: People) -> None:
    assert people.cem.client.get(page(act)).status_code == 404
    assert people.cem.post(page(act), {"seen_seq": "1", **act.good}).status_code == 404


@every_act_on_a_lot
def test_the_page_says_what_stands_in_the_way(act: Act, lot: str, people: People, world: World) -> None:
    Lot.objects.update(frozen_at=world.now)
    html = getattr(people, act.who).get(page(act))
    assert "This cannot be done now" in text(html)
    assert f'action="{page(act)}"' not in html


@every_act
def test_hands_in_gloves_can_press_it(act: Act, lot: str, people: People) -> None:
    assert '<body class="gloves"' in people.ana.get(page(act))


@every_act
def test_the_number_of_queries_is_written_down(act: Act, lot: str, people: People) -> None:
    person = getattr(people, act.who)
    person.get(page(act), swap=True)
    with counted(f"page {act.name}"):
        person.get(page(act), swap=True)

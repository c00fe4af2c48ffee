"""Submitting, approving, sending back, placing and cancelling. Every state with every act: test_transitions."""

import pytest
from django.db import IntegrityError, transaction

from config.accounts.ties import OwnOrder
from config.audit.edge import BadText
from config.audit.models import RegistryFact
from config.audit.refused import Stale
from config.jobs.models import Outbox
from procurement import orders, pipeline
from procurement.models import Order
from procurement.refusals import Incomplete, OrderNotFound
from tests.procurement.market import Market


def test_it_goes_from_draft_to_placed_with_who_and_when(market: Market) -> None:
    number = market.placed()
    order = market.order(number)
    assert (order.state, order.version) == ("placed", 4)
    assert (order.submitted_by, order.approved_by) == (market.world.pia, market.world.dee)
    assert order.submitted_at == order.approved_at == order.placed_at == market.world.now
    assert [event.what for event in order.events.order_by("id")] == ["draft", "submit", "approve", "place"]


def test_submitting_asks_for_every_price_and_day_at_once(market: Market) -> None:
    no_price = market.line(price_per_kg=None)
    number = market.draft(no_price, market.line(), market.line(price_per_kg=None, promised_on=None))
    with pytest.raises(Incomplete) as refused:
        orders.submit(by=market.world.by("pia"), number=number)
    assert refused.value.facts["lines"] == [
        {"line": 1, "missing": ["price_per_kg"]},
        {"line": 3, "missing": ["price_per_kg", "promised_on"]},
    ]
    assert "Line 1: no price; Line 3: no price, no promised day." in refused.value.message
    assert market.order(number).state == "draft"


def test_nobody_approves_what_they_wrote(market: Market, max_: object) -> None:
    number = market.submitted(who="max")
    with pytest.raises(OwnOrder):
        orders.approve(by=market.world.by("max"), number=number)
    assert market.order(number).state == "submitted"


def test_nobody_approves_what_they_last_edited(market: Market, max_: object) -> None:
    number = market.draft()
    orders.edit(by=market.world.by("max"), number=number, version=1, supplier="NEO", lines=[market.line("9")])
    orders.submit(by=market.world.by("pia"), number=number)
    with pytest.raises(OwnOrder):
        orders.approve(by=market.world.by("max"), number=number)
    orders.approve(by=market.world.by("dee"), number=number)


@pytest.mark.parametrize(
    ("column", "constraint"),
    [("created_by", "order_approver_is_not_creator"), ("last_edited_by", "order_approver_is_not_last_editor")],
)
def test_the_database_refuses_an_approver_who_wrote_it(market: Market, column: str, constraint: str) -> None:
    number = market.submitted()
    Order.objects.filter(number=number).update(**{column: market.world.eve})
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Order.objects.filter(number=number).update(
            state="approved", approved_by=market.world.eve, approved_at=market.world.now
        )


def test_the_database_refuses_an_order_that_nobody_approved(market: Market) -> None:
    number = market.submitted()
    with pytest.raises(IntegrityError, match="order_goes_nowhere_unapproved"), transaction.atomic():
        Order.objects.filter(number=number).update(state="approved")


def test_an_approver_who_saw_another_version_is_refused(market: Market) -> None:
    number = market.submitted()
    seen = market.order(number).version
    orders.send_back(by=market.world.by("eve"), number=number, reason="Too dear")
    orders.edit(by=market.world.by("pia"), number=number, version=seen + 1, supplier="NEO", lines=[market.line("500")])
    orders.submit(by=market.world.by("pia"), number=number)
    with pytest.raises(Stale):
        orders.approve(by=market.world.by("dee"), number=number, version=seen)
    assert market.order(number).approved_by is None


def test_sending_back_takes_the_approval_away_and_needs_a_reason(market: Market) -> None:
    number = market.approved()
    with pytest.raises(BadText):
        orders.send_back(by=market.world.by("dee"), number=number, reason="  ")
    orders.send_back(by=market.world.by("dee"), number=number, reason="Too dear")
    order = market.order(number)
    assert (order.state, order.approved_by, order.approved_at, order.submitted_by) == ("draft", None, None, None)
    assert order.events.get(what="send_back").note == "Too dear"


def test_what_is_approved_cannot_be_changed_in_the_database(market: Market) -> None:
    line = market.of(market.approved())
    for change in ({"ordered_mg": 1}, {"price_per_kg": 1}, {"tolerance_pct": 99}, {"promised_on": None}):
        with pytest.raises(IntegrityError, match="order_line_changes_in_a_draft_only"), transaction.atomic():
            type(line).objects.filter(pk=line.pk).update(**change)
    with pytest.raises(IntegrityError, match="order_line_changes_in_a_draft_only"), transaction.atomic():
        line.delete()
    line.pk, line.number = None, 9  # Django's way to copy a row
    with pytest.raises(IntegrityError, match="order_line_changes_in_a_draft_only"), transaction.atomic():
        line.save(force_insert=True)


def test_cancelling_needs_a_reason(market: Market) -> None:
    number = market.placed()
    with pytest.raises(BadText):
        orders.cancel(by=market.world.by("pia"), number=number, reason="")
    assert market.order(number).state == "placed"


def test_cancelling_a_placed_order_takes_all_of_it_off_order(market: Market) -> None:
    number = market.placed()
    assert sum(row.on_order_mg for row in pipeline.rows()) == 100_000_000
    orders.cancel(by=market.world.by("pia"), number=number, reason="The mine is flooded")
    order, line = market.order(number), market.of(number)
    assert (order.state, order.cancelled_at, line.cancelled_mg, line.open_mg) == (
        "cancelled",
        market.world.now,
        100_000_000,
        0,
    )
    assert pipeline.rows() == []


def test_cancelling_keeps_what_has_arrived(market: Market) -> None:
    number = market.placed(market.line("100"), market.line("40"))
    market.receive(number, "60")
    orders.cancel(by=market.world.by("pia"), number=number, reason="The rest is too dear")
    assert market.order(number).state == "received"
    assert [(line.received_mg, line.cancelled_mg) for line in market.order(number).lines.order_by("number")] == [
        (60_000_000, 40_000_000),
        (0, 40_000_000),
    ]
    assert pipeline.rows() == []


def test_cancelling_sees_a_reversal_that_no_job_has_handled_yet(market: Market) -> None:
    number = market.placed()
    market.reverse(market.receive(number, "60")["movement"])
    assert market.of(number).received_mg == 60_000_000
    orders.cancel(by=market.world.by("pia"), number=number, reason="The supplier is gone")
    assert (market.order(number).state, market.of(number).cancelled_mg) == ("cancelled", 100_000_000)


def test_it_tells_those_above_when_the_pipeline_changes(market: Market) -> None:
    changed = Outbox.objects.filter(topic="procurement.changed")
    number = market.approved()
    assert changed.count() == 0
    orders.place(by=market.world.by("pia"), number=number)
    assert changed.count() == 1
    orders.cancel(by=market.world.by("pia"), number=number, reason="No")
    assert changed.count() == 2


def test_an_unknown_order_is_not_found(market: Market) -> None:
    with pytest.raises(OrderNotFound):
        orders.submit(by=market.world.by("pia"), number="PO-99-0001")


def test_every_step_is_a_fact_of_the_registry_chain(market: Market) -> None:
    order = market.order(market.placed())
    facts = RegistryFact.objects.filter(subject="procurement_order", subject_id=order.pk).order_by("seq")
    assert [fact.act for fact in facts] == ["insert", "update", "update", "update"]
    assert '"state": "placed"' in facts[3].body

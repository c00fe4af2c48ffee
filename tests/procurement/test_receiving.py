"""Receiving against an order line."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from config.accounts.matrix import NotAllowed
from config.audit import chain
from config.audit.models import Command, RegistryFact
from config.jobs import outbox
from inventory import units
from inventory.ledger.refusals import NotYet
from inventory.models import Lot, Movement
from procurement import orders, pipeline, receiving
from procurement.models import Delivered, OrderLine
from procurement.refusals import (
    DeliveryNotFound,
    LineCancelled,
    OverTolerance,
    WrongMaterial,
    WrongSite,
    WrongState,
)
from tests.procurement.market import Market


def test_it_makes_the_lot_and_books_it_on_the_line(market: Market) -> None:
    number = market.placed(market.line("100"), market.line("50", site="BRA"))
    answer = market.receive(number, "100", supplier_lot="LY-7731")
    lot = Lot.objects.get(number=answer["lot"])
    assert (lot.condition, lot.supplier_lot, lot.received_by) == ("J", "LY-7731", market.world.ana)
    line = market.of(number)
    assert (line.received_mg, line.open_mg) == (100_000_000, 0)
    assert (answer["order"], answer["line"], answer["state"], answer["open_mg"]) == (number, 1, "part received", 0)
    delivered = Delivered.objects.get()
    assert (delivered.lot, delivered.movement_id, delivered.net_mg) == (lot, answer["movement"], 100_000_000)
    assert delivered.command_id == Movement.objects.get().command_id


def test_it_is_one_command_with_one_key(market: Market) -> None:
    line = market.of(market.placed())
    by = market.world.by("ana")
    first = receiving.receive(by=by, line_id=line.pk, arrival=market.arrival("30"))
    assert receiving.receive(by=by, line_id=line.pk, arrival=market.arrival("30")) == first
    assert Lot.objects.count() == Delivered.objects.count() == 1
    assert market.of(first["order"]).received_mg == 30_000_000
    kinds = Command.objects.filter(actor=market.world.ana).values_list("kind", "site_code")
    assert list(kinds) == [("procurement.receive", "ANT")]


def test_it_completes_the_order_with_its_last_line(market: Market) -> None:
    number = market.placed(market.line("100"), market.line("50", site="BRA"))
    assert market.receive(number, "100")["state"] == "part received"
    assert market.receive(number, "50", line=2, who="cem", location="BRA-S1")["state"] == "received"
    assert pipeline.rows() == []


def test_nought_percent_is_nought_percent(market: Market) -> None:
    number = market.placed(market.line("100"))
    with pytest.raises(OverTolerance) as refused:
        market.receive(number, "100.000001")
    assert refused.value.facts == {
        "line": 1,
        "order": number,
        "ordered_kg": "100",
        "tolerance_pct": "0",
        "received_kg": "0",
        "most_kg": "100",
        "asked_kg": "100.000001",
    }
    assert not Lot.objects.exists()
    market.receive(number, "100")
    with pytest.raises(OverTolerance):
        market.receive(number, "0.000001")


@pytest.mark.parametrize(
    ("ordered", "tolerance", "most"),
    [
        ("100", "5", "105"),
        ("100", "2.5", "102.5"),
        ("0.000003", "50", "0.000004"),  # 4.5 mg: never rounded up
        ("0.000001", "99.99", "0.000001"),
        ("8999999", "0.01", "9000898.9999"),
    ],
)
def test_it_takes_the_tolerance_to_the_milligram(market: Market, ordered: str, tolerance: str, most: str) -> None:
    number = market.placed(market.line(ordered, tolerance_pct=Decimal(tolerance)))
    above = units.kg(units.enter(most).mg + 1)
    with pytest.raises(OverTolerance):
        market.receive(number, above)
    market.receive(number, most)
    assert market.order(number).state == "received"


def test_a_received_order_takes_a_last_delivery_within_its_tolerance(market: Market) -> None:
    number = market.placed(market.line("100", tolerance_pct=Decimal(5)))
    market.receive(number, "100")
    assert market.receive(number, "5")["state"] == "received"
    with pytest.raises(OverTolerance):
        market.receive(number, "0.001")


def test_the_database_refuses_more_than_the_tolerance(market: Market) -> None:
    line = market.of(market.placed(market.line("100", tolerance_pct=Decimal(5))))
    for received_mg, constraint in (
        (105_000_001, "order_line_received_within_tolerance"),
        (-1, "order_line_received_not_negative"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            OrderLine.objects.filter(pk=line.pk).update(received_mg=received_mg)
    OrderLine.objects.filter(pk=line.pk).update(received_mg=105_000_000)


def test_it_refuses_another_material_or_site(market: Market) -> None:
    number = market.placed()
    with pytest.raises(WrongMaterial):
        market.receive(number, "1", material="ndpr-oxide")
    with pytest.raises(WrongSite):
        market.receive(number, "1", location="BRA-S1")
    with pytest.raises(WrongSite):
        market.receive(number, "1", site="BRA")
    assert not Lot.objects.exists()


def test_a_foreign_or_unplaced_line_is_not_found(market: Market) -> None:
    with pytest.raises(DeliveryNotFound):
        market.receive(market.placed(), "1", who="cem", location="BRA-S1")
    with pytest.raises(DeliveryNotFound):
        market.receive(market.approved(), "1")
    with pytest.raises(DeliveryNotFound):
        receiving.receive(by=market.world.by("ana"), line_id=10**9, arrival=market.arrival("1"))


def test_a_cancelled_order_or_line_takes_nothing(market: Market) -> None:
    number = market.placed()
    orders.cancel(by=market.world.by("pia"), number=number, reason="No")
    with pytest.raises(WrongState):
        market.receive(number, "1")
    number = market.placed(market.line("100"), market.line("40"))
    market.receive(number, "60")
    orders.cancel(by=market.world.by("pia"), number=number, reason="No")
    with pytest.raises(LineCancelled):
        market.receive(number, "1", line=2)
    with pytest.raises(OverTolerance):
        market.receive(number, "1")


@pytest.mark.parametrize("who", ["pia", "dee", "aud", "adm"])
def test_it_is_for_the_warehouse_only(market: Market, who: str) -> None:
    with pytest.raises(NotAllowed):
        market.receive(market.placed(), "1", who=who)


def test_what_the_ledger_refuses_leaves_the_line_as_it_was(market: Market) -> None:
    number = market.placed()
    with pytest.raises(NotYet):
        market.receive(number, "10", containers=["drum"])
    assert market.of(number).received_mg == 0
    assert market.order(number).state == "placed"


def test_a_reversed_receipt_is_open_on_the_order_again(market: Market) -> None:
    number = market.placed()
    market.receive(number, "30")
    movement = market.receive(number, "70")["movement"]
    assert market.order(number).state == "received"
    market.reverse(movement)
    outbox.sweep(now=market.world.now)
    assert (market.order(number).state, market.of(number).received_mg) == ("part received", 30_000_000)
    assert [row.on_order_mg for row in pipeline.rows()] == [70_000_000]
    events = market.order(number).events.filter(what="reverse")
    assert [(event.net_mg, event.state) for event in events] == [(70_000_000, "part received")]


def test_reversing_twice_over_changes_nothing_more(market: Market) -> None:
    number = market.placed()
    movement = market.receive(number, "30")["movement"]
    market.reverse(movement)
    payload = [{"movement": movement}] * 3
    receiving.reopen(payload, now=market.world.now)
    facts, commands = RegistryFact.objects.count(), Command.objects.count()
    receiving.reopen(payload, now=market.world.now)
    receiving.reopen([{"movement": 10**9}], now=market.world.now)
    assert (RegistryFact.objects.count(), Command.objects.count()) == (facts, commands)
    assert market.order(number).state == "placed"


def test_a_receipt_sees_a_reversal_that_no_job_has_handled_yet(market: Market) -> None:
    number = market.placed()
    market.reverse(market.receive(number, "100")["movement"])
    assert market.receive(number, "100")["state"] == "received"
    outbox.sweep(now=market.world.now)
    assert market.of(number).received_mg == 100_000_000


def test_a_short_closed_order_opens_again_when_its_receipt_is_reversed(market: Market) -> None:
    number = market.placed()
    movement = market.receive(number, "60")["movement"]
    orders.cancel(by=market.world.by("pia"), number=number, reason="Enough")
    market.reverse(movement)
    outbox.sweep(now=market.world.now)
    assert (market.order(number).state, market.of(number).open_mg) == ("placed", 60_000_000)


def test_many_reversals_are_one_command(market: Market) -> None:
    moved = [market.receive(market.placed(), "10")["movement"] for _ in range(4)]
    for movement in moved:
        market.reverse(movement)
    outbox.sweep(now=market.world.now)
    assert Command.objects.filter(kind="procurement.recount").count() == 1
    assert not OrderLine.objects.filter(received_mg__gt=0).exists()


def test_it_records_when_it_arrived(market: Market) -> None:
    line = market.of(market.placed())
    at = market.world.now - timedelta(hours=3)
    answer = receiving.receive(by=market.world.by("ana"), line_id=line.pk, arrival=market.arrival("1"), occurred_at=at)
    assert Movement.objects.get(pk=answer["movement"]).occurred_at == at
    assert Delivered.objects.get().occurred_at == at


def test_deliveries_are_appended_only_and_the_chain_holds(market: Market) -> None:
    market.receive(market.placed(), "10")
    for change in (lambda: Delivered.objects.update(net_mg=1), lambda: Delivered.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert list(chain.differences()) == []

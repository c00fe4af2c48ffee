"""What verification says of orders: nothing when all is well, and every row that somebody changed."""

import pgtrigger
import pytest
from django.db.models import F

from config.jobs import outbox
from inventory import verification as ledger_verification
from procurement import orders, verification
from procurement.models import Delivered, Order, OrderLine
from tests.procurement.market import Market


def found(market: Market) -> list[str]:
    return [str(difference) for difference in verification.deliveries(ledger_verification.Tally())]


def test_it_finds_nothing_in_orders_of_every_state(market: Market) -> None:
    for state in ("draft", "submitted", "approved", "placed", "part received", "received", "cancelled"):
        market.in_state(state)
    short = market.placed()
    market.receive(short, "60")
    orders.cancel(by=market.world.by("pia"), number=short, reason="Enough")
    gone = market.placed()
    market.reverse(market.receive(gone, "60")["movement"])
    assert found(market) == []
    outbox.sweep(now=market.world.now)
    assert found(market) == []
    assert [str(one) for one in ledger_verification.differences(tally=ledger_verification.Tally())] == []


def test_it_is_one_of_the_ledgers_checks() -> None:
    assert ledger_verification.CHECKS[verification.LABEL] is verification.deliveries


def test_it_names_a_line_whose_books_were_changed(market: Market) -> None:
    number = market.placed()
    market.receive(number, "60")
    OrderLine.objects.update(received_mg=F("received_mg") - 1)
    assert found(market) == [
        f"order {number}, line 1: 59999999 mg received by the books, 60000000 mg by its deliveries"
    ]


@pytest.mark.parametrize("change", [{"net_mg": 1}, {"command_id": 1}, {"actor_id": "dee"}])
def test_it_names_a_delivery_that_was_changed(market: Market, change: dict[str, object]) -> None:
    number = market.placed()
    market.receive(number, "60")
    if "actor_id" in change:
        change = {"actor_id": market.world.dee.pk}
    with pgtrigger.ignore("procurement.Delivered:append_only"):
        Delivered.objects.update(**change)
    sentences = found(market)
    assert any(f"of order {number}, line 1: it is not what its receipt" in sentence for sentence in sentences)


def test_it_names_a_delivery_that_is_gone(market: Market) -> None:
    number = market.placed()
    market.receive(number, "60")
    with pgtrigger.ignore("procurement.Delivered:append_only"):
        Delivered.objects.all().delete()
    assert found(market) == [f"order {number}, line 1: 60000000 mg received by the books, 0 mg by its deliveries"]


def test_it_names_an_order_in_another_state_than_its_lines(market: Market) -> None:
    number = market.placed()
    Order.objects.update(state="received")
    assert found(market) == [f"order {number}: it is received, and its lines say otherwise"]

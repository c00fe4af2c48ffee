"""Two lorries at once for one line: together they never bring more than the tolerance allows."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum

from config.approvals import requests
from config.jobs import outbox
from inventory import ledger
from inventory.models import Lot
from procurement import orders
from procurement.models import Delivered
from procurement.receiving import receive
from procurement.refusals import OverTolerance
from tests.concurrency.together import finish, together, waiting
from tests.procurement.market import Market

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_receipts_at_once_bring_what_was_ordered_and_no_more(market: Market) -> None:
    line = market.of(market.placed(market.line("100")))
    bys = [market.world.by(who) for who in ("ana", "ben") * 4]
    answers = together(*[lambda by=by: receive(by=by, line_id=line.pk, arrival=market.arrival("30")) for by in bys])
    assert sum(isinstance(answer, OverTolerance) for answer in answers) == 5
    assert sum(isinstance(answer, dict) for answer in answers) == 3
    line.refresh_from_db()
    assert line.received_mg == 90_000_000
    assert Delivered.objects.aggregate(net=Sum("net_mg"))["net"] == 90_000_000
    assert Lot.objects.count() == 3


def test_the_second_of_two_waits_and_is_refused_by_name(market: Market) -> None:
    line = market.of(market.placed(market.line("100")))
    second = market.world.by("ben")
    with transaction.atomic():
        receive(by=market.world.by("ana"), line_id=line.pk, arrival=market.arrival("60"))
        with waiting(lambda: receive(by=second, line_id=line.pk, arrival=market.arrival("60"))) as other:
            pass
    assert isinstance(finish(other), OverTolerance)


def test_without_the_lock_only_the_database_stops_the_second(market: Market, monkeypatch) -> None:
    line = market.of(market.placed(market.line("100")))
    second = market.world.by("ben")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    with transaction.atomic():
        receive(by=market.world.by("ana"), line_id=line.pk, arrival=market.arrival("60"))
        with waiting(lambda: receive(by=second, line_id=line.pk, arrival=market.arrival("60"))) as other:
            pass
    refused = finish(other)
    assert isinstance(refused, IntegrityError)
    assert "order_line_received_within_tolerance" in str(refused)


def test_one_receipt_sent_eight_times_lands_once(market: Market) -> None:
    line = market.of(market.placed(market.line("100")))
    by = market.world.by("ana")
    answers = together(*[lambda: receive(by=by, line_id=line.pk, arrival=market.arrival("10"))] * 8)
    assert all(answer == answers[0] for answer in answers)
    assert isinstance(answers[0], dict)
    assert Lot.objects.count() == Delivered.objects.count() == 1


def test_receiving_and_cancelling_at_once_leave_nothing_open(market: Market) -> None:
    number = market.placed(market.line("100"))
    line, by, cancels = market.of(number), market.world.by("ana"), market.world.by("pia")
    received, cancelled = together(
        lambda: receive(by=by, line_id=line.pk, arrival=market.arrival("60")),
        lambda: orders.cancel(by=cancels, number=number, reason="No"),
    )
    assert isinstance(cancelled, dict)
    line.refresh_from_db()
    if isinstance(received, dict):
        assert (market.order(number).state, line.cancelled_mg) == ("received", 40_000_000)
    else:
        assert (market.order(number).state, line.cancelled_mg) == ("cancelled", 100_000_000)
    assert line.open_mg == 0


def test_orders_are_drafted_at_once_under_different_numbers(market: Market) -> None:
    bys = [market.world.by("pia") for _ in range(6)]
    answers = together(*[lambda by=by: orders.draft(by=by, supplier="LYNAS", lines=[market.line()]) for by in bys])
    assert len({answer["order"] for answer in answers}) == 6


def test_receipts_reversals_and_changes_of_master_data_do_not_wait_for_each_other_in_a_circle(market: Market) -> None:
    numbers = [market.placed(market.line("100"), market.line("100")) for _ in range(4)]
    moved = [market.receive(number, "10", line=2)["movement"] for number in numbers]
    asked = [
        ledger.ask_reverse(by=market.world.by("ana"), movement_id=movement, reason="Weighed twice")["request"]
        for movement in moved
    ]
    drafts = [market.submitted() for _ in range(4)]
    acts: list[Callable[[], object]] = []
    for number, request, draft in zip(numbers, asked, drafts, strict=True):
        line, who = market.of(number, 1), (market.world.by("ana"), market.world.by("dee"), market.world.by("eve"))
        acts.append(lambda by=who[0], pk=line.pk: receive(by=by, line_id=pk, arrival=market.arrival("100")))  # type: ignore[misc]  # bound here
        acts.append(lambda by=who[1], pk=request: requests.approve(by=by, request_id=pk))  # type: ignore[misc]  # bound here
        acts.append(lambda by=who[2], number=draft: orders.approve(by=by, number=number))  # type: ignore[misc]  # bound here
    acts.append(lambda: outbox.sweep(now=market.world.now))
    answers = together(*acts)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    outbox.sweep(now=market.world.now)
    for number in numbers:
        assert list(market.order(number).lines.order_by("number").values_list("received_mg", flat=True)) == [10**8, 0]
        assert market.order(number).state == "part received"

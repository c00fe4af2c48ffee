"""The nightly job that chases deliveries."""

from datetime import date, timedelta

from config.jobs import outbox, runs
from config.jobs.models import JobRun, Outbox
from procurement import chasing
from procurement.models import OrderEvent
from tests.procurement.market import Market


def chase(market: Market) -> tuple[int, int]:
    counts = chasing.chase_deliveries(now=market.world.now)
    return counts.seen, counts.changed


def test_it_tells_of_each_late_line_once(market: Market) -> None:
    number = market.placed(market.line("10"), market.line("20", promised_on=date(2026, 12, 20)))
    market.draft()
    assert chase(market) == (0, 0)
    market.world.later(days=30)  # 2 December
    assert chase(market) == (1, 1)
    assert chase(market) == (1, 0)
    row = Outbox.objects.get(topic="procurement.late")
    assert row.payload == {"line": market.of(number).pk, "order": number, "promised_on": "2026-12-01"}
    market.world.later(days=30)
    assert chase(market) == (2, 1)


def test_it_leaves_alone_what_arrived_or_was_cancelled(market: Market) -> None:
    market.receive(market.placed(market.line("10")), "10")
    market.in_state("cancelled")
    market.world.later(days=60)
    assert chase(market) == (0, 0)


def test_it_puts_lateness_on_the_timeline_once(market: Market) -> None:
    number = market.placed()
    market.world.later(days=40)
    chase(market)
    outbox.sweep(now=market.world.now)
    events = OrderEvent.objects.filter(what="late").values_list("order__number", "line__number", "note")
    assert list(events) == [(number, 1, "Promised for 2026-12-01")]
    chasing.note([{"line": market.of(number).pk}] * 2, now=market.world.now + timedelta(days=1))
    assert OrderEvent.objects.filter(what="late").count() == 1


def test_it_runs_as_a_job(market: Market) -> None:
    market.placed()
    run = runs.run("procurement.chase_deliveries", now=market.world.now + timedelta(days=40))
    assert run == JobRun.objects.get()
    assert (run.ok, run.rows_seen, run.rows_changed) == (True, 1, 1)

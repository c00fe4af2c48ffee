"""One lot at any moment of its life: the same numbers as the position entries, and what was known when."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from inventory import ledger, lots, units
from inventory.ledger.refusals import LotNotFound
from inventory.lots.then import end_of
from inventory.models import LotFact, Movement, PositionEntry
from tests.counting import counted
from tests.world import World


def live(world: World) -> str:
    """A lot that is received, moved, judged, analysed, sampled, allocated and split, some of it told late."""
    number = world.stock("1000", supplier_lot="Ly-1")
    ledger.transfer(
        by=world.by("ben", now=world.later(hours=5)),
        lot=number,
        origin="ANT-S1",
        destination="ANT-S2",
        net=units.enter("300"),
    )
    ledger.record_assay(
        by=world.by("ben", now=world.later(days=1)),
        lot=number,
        assay=ledger.AssayIn(
            fractions={"Nd": Decimal("0.8333333333")}, lab="Lab A", method="ICP", sampled_on=date(2026, 11, 2)
        ),
    )
    ledger.sample(
        by=world.by("ben", now=world.later(days=1)),
        lot=number,
        origin="ANT-S2",
        net=units.enter("0.5"),
        occurred_at=world.now - timedelta(hours=30),
    )
    ledger.transfer(
        by=world.by("ben", now=world.later(days=1)),
        lot=number,
        origin="ANT-S1",
        destination="ANT-TO-BRA",
        net=units.enter("7"),
    )
    ledger.set_condition(
        by=world.by("dee", now=world.later(days=1)), lot=number, condition="L", reason="Weights differ"
    )
    return number


def entries(number: str, until: Any, known: Any) -> tuple[int, int, dict[str, int]]:
    rows = PositionEntry.objects.filter(lot__number=number, occurred_at__lt=until, recorded_at__lt=known)
    net = rows.filter(element=None).aggregate(net=Sum("mass_mg"), free=Sum("free_mg"))
    found = rows.exclude(element=None).values_list("element__symbol").annotate(mass=Sum("mass_mg"))
    return net["net"] or 0, net["free"] or 0, {symbol: mass for symbol, mass in found if mass}


def test_at_every_fact_s_moment_it_says_what_the_entries_sum_to(world: World) -> None:
    number = live(world)
    told = lots.timeline(user=world.dee, number=number).facts
    moments = {fact.occurred_at for fact in told} | {fact.recorded_at for fact in told}
    compared = 0
    for at in sorted(moments):
        for known in sorted(moments):
            found = lots.then(user=world.dee, number=number, as_of=at, as_known_on=known)
            contained = {row.symbol: row.contained_mg for row in found.contained if row.contained_mg}
            assert (found.net_mg, found.free_mg, contained) == entries(number, end_of(at), end_of(known)), (at, known)
            compared += 1
    assert compared > 30
    now = lots.one(user=world.dee, number=number)
    last = lots.then(user=world.dee, number=number, as_of=world.now)
    assert (last.net_mg, last.where, last.contained, last.condition) == (now.net_mg, now.where, now.contained, "L")


def test_it_says_whether_it_counted_and_why_not(world: World) -> None:
    received = world.now
    number = world.receive("10", produced_on=date(2026, 1, 1))
    ledger.set_condition(
        by=world.by("dee", now=world.later(hours=1)), lot=number, condition="A", reason="In specification"
    )
    ledger.set_condition(
        by=world.by("dee", now=world.later(days=3)), lot=number, condition="L", reason="Weights differ"
    )
    told = [
        lots.then(user=world.dee, number=number, as_of=at)
        for at in (received, received + timedelta(hours=2), world.now)
    ]
    assert [found.condition for found in told] == ["J", "A", "L"]
    assert [bool(found.obstacles) for found in told] == [True, False, True]
    assert [found.eligible_mg for found in told] == [0, 10_000_000, 0]
    assert "condition L does not count" in told[2].obstacles


def test_the_retest_day_is_the_one_that_was_in_force(world: World) -> None:
    number = world.stock("10", produced_on=date(2022, 1, 1))
    before = lots.one(user=world.dee, number=number).retest_due_on
    start = world.now
    ledger.retest(
        by=world.by("ben", now=world.later(days=2)),
        lot=number,
        performed_on=world.now.date(),
        passed=True,
        lab="B",
        note="",
    )
    assert lots.then(user=world.dee, number=number, as_of=start).retest_due_on == before
    after = lots.then(user=world.dee, number=number, as_of=world.now).retest_due_on
    assert after == lots.one(user=world.dee, number=number).retest_due_on != before


def test_before_it_was_received_it_was_not_there(world: World) -> None:
    number = world.receive("10")
    found = lots.then(user=world.dee, number=number, as_of=world.now - timedelta(days=1))
    assert (found.here, found.net_mg, found.contained) == (False, 0, ())


def test_it_shows_own_places_only_and_no_foreign_lot(world: World) -> None:
    number = world.stock("10")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("4"))
    assert lots.then(user=world.cem, number=number, as_of=world.now).net_mg == 4_000_000
    assert lots.then(user=world.dee, number=number, as_of=world.now).net_mg == 10_000_000
    other = world.stock("10")
    for missing in (other, "no such lot"):
        with pytest.raises(LotNotFound):
            lots.then(user=world.cem, number=missing, as_of=world.now)


def test_a_long_history_is_told_page_by_page(world: World) -> None:
    number = live(world)
    whole = lots.timeline(user=world.dee, number=number).facts
    assert LotFact.objects.filter(lot__number=number).count() == len(whole)
    found: list[Any] = []
    cursor = ""
    for _page in range(20):
        page = lots.timeline(user=world.dee, number=number, shown=3, cursor=cursor)
        found = [*page.facts, *found]
        cursor = page.next
        if not cursor:
            break
    assert tuple(found) == whole
    assert Movement.objects.filter(lot__number=number).count() == sum(fact.kind == "movement" for fact in whole)


def test_it_asks_as_often_whatever_happened(world: World) -> None:
    number = live(world)
    with counted("inventory.lots.then"):
        lots.then(user=world.dee, number=number, as_of=world.now)

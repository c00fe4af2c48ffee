"""The history of a lot."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from config.approvals import requests
from inventory import ledger, lots, units
from inventory.ledger.refusals import LotNotFound
from tests.counting import the_same_at_3_and_30
from tests.world import NOW, World


def facts(world: World, number: str, who: str = "dee") -> list[lots.Fact]:
    return list(lots.timeline(user=world.people[who], number=number).facts)


def test_it_tells_every_fact_in_the_order_recorded(world: World) -> None:
    number = world.stock("1000", supplier_lot="Ly-1")
    ledger.transfer(
        by=world.by("ben", now=world.later(hours=2)),
        lot=number,
        origin="ANT-S1",
        destination="ANT-S2",
        net=units.enter("1", "short ton"),
        reason="Rain",
    )
    ledger.record_assay(
        by=world.by("ben", now=world.later(hours=2)),
        lot=number,
        assay=ledger.AssayIn(
            fractions={"Nd": Decimal("0.85")}, lab="Lab A", method="ICP", sampled_on=date(2026, 11, 1)
        ),
    )
    ledger.retest(by=world.by("ben"), lot=number, performed_on=date(2026, 11, 2), passed=True, lab="Lab B", note="Fine")
    told = facts(world, number)
    assert [fact.seq for fact in told] == list(range(1, len(told) + 1))
    assert [fact.kind for fact in told] == [
        "lot",
        "assay",
        "condition",
        "movement",
        "condition",
        "movement",
        "assay",
        "retest",
    ]
    opened, catalogue, _, receipt, accepted, moved, assayed, retested = told
    assert (opened.text, opened.who) == ("Supplier's lot Ly-1", "Ana")
    assert "Nd 85.30679452 %" in catalogue.text
    assert receipt.title == "Receipt of 1,000\u00a0kg"
    assert (accepted.title, accepted.who, accepted.reason) == (
        "Condition A: Issuable without qualification",
        "Dee",
        "In specification",
    )
    assert moved.text == "ANT-S1 → ANT-S2 · entered as 1 short ton"
    assert (moved.reason, moved.who, moved.occurred_at) == ("Rain", "Ben", NOW + timedelta(hours=2))
    assert assayed.text == "Nd 85 % · Lab A · ICP · sampled 1 Nov 2026"
    assert retested.text == "Due date was 2 Nov 2031, is 2 Nov 2031 · Lab B"


def test_it_says_when_a_fact_was_recorded_later_than_it_happened(world: World) -> None:
    number = world.receive("10", at=NOW - timedelta(days=3))
    receipt = next(fact for fact in facts(world, number) if fact.kind == "movement")
    assert (receipt.occurred_at, receipt.recorded_at, receipt.late) == (NOW - timedelta(days=3), NOW, True)


def test_it_hides_and_counts_what_happened_at_other_sites_only(world: World) -> None:
    number = world.stock("10")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-S2", net=units.enter("4"))
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S2", destination="ANT-TO-BRA", net=units.enter("2"))
    seen = lots.timeline(user=world.cem, number=number)
    assert [fact.text for fact in seen.facts if fact.kind == "movement"] == ["ANT-S2 → ANT-TO-BRA"]
    assert seen.hidden == 2


def test_it_marks_what_was_reversed_and_what_can_be(world: World) -> None:
    number = world.stock("10")
    moved = ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-S2", net=units.enter("4"))
    asked = ledger.ask_reverse(by=world.by("ana"), movement_id=moved["movement"], reason="Wrong hall")
    requests.approve(by=world.by("dee"), request_id=asked["request"])
    receipt, transfer, reversal = [fact for fact in facts(world, number) if fact.kind == "movement"]
    assert (transfer.reversed_by, transfer.reversible) == (reversal.movement_id, False)
    assert (reversal.reverses, reversal.reversible) == (transfer.movement_id, False)
    assert receipt.reversible


def test_it_tells_the_latest_and_counts_the_earlier(world: World) -> None:
    number = world.stock("10")
    seen = lots.timeline(user=world.dee, number=number, shown=2)
    assert ([fact.seq for fact in seen.facts], seen.earlier) == ([4, 5], 3)


def test_a_foreign_lot_has_no_history(world: World) -> None:
    with pytest.raises(LotNotFound):
        facts(world, world.stock("10"), "cem")


def test_it_makes_the_same_queries_at_3_and_at_30(world: World) -> None:
    number = world.stock("1000")

    def move(more: int) -> None:
        for _ in range(more):
            ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("1"))

    the_same_at_3_and_30(
        "inventory.lots.timeline", make=move, read=lambda: lots.timeline(user=world.ana, number=number)
    )

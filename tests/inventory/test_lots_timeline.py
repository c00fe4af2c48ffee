"""The history of a lot."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from config.approvals import requests
from inventory import ledger, lots, units
from inventory.ledger.refusals import LotNotFound
from inventory.models import Movement
from tests.counting import the_same_at_3_and_30
from tests.inventory.everything import freeze
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
    assert "Nd 85.30679452\u00a0%" in catalogue.text
    assert receipt.title == "Receipt of 1,000\u00a0kg"
    assert (accepted.title, accepted.who, accepted.reason) == (
        "Condition A: Issuable without qualification",
        "Dee",
        "In specification",
    )
    assert moved.text == "ANT-S1 → ANT-S2 · entered as 1 short ton"
    assert (moved.reason, moved.who, moved.occurred_at) == ("Rain", "Ben", NOW + timedelta(hours=2))
    assert assayed.text == "Nd 85\u00a0% · Lab A · ICP · sampled 1 Nov 2026"
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


def test_it_tells_what_was_asked_about_the_lot_and_what_people_said(world: World) -> None:
    number = world.stock("100")

    def ask(*who: str, **given: str) -> int:
        asked = ledger.ask_issue(
            by=world.by("pia"), lot=number, origin="ANT-S1", net=units.enter("1"), reason=given["why"]
        )
        return int(asked["request"])

    world.later(hours=1)
    agreed, refused, withdrawn, waiting = (ask(why=why) for why in ("Sold", "Too much", "A slip", "For Braga"))
    world.later(hours=1)
    requests.approve(by=world.by("dee"), request_id=agreed, note="Go")
    world.later(hours=1)
    requests.approve(by=world.by("eve"), request_id=agreed)
    world.later(hours=1)
    requests.refuse(by=world.by("eve"), request_id=refused, note="Keep it")
    requests.withdraw(by=world.by("pia"), request_id=withdrawn)
    told = [(f.title, f.who, f.reason, f.state, f.request_id) for f in facts(world, number)[5:]]
    assert told == [
        ("Issue: asked for", "Pia", "Sold", "approved", agreed),
        ("Issue: asked for", "Pia", "Too much", "refused", refused),
        ("Issue: asked for", "Pia", "A slip", "withdrawn", withdrawn),
        ("Issue: asked for", "Pia", "For Braga", "pending", waiting),
        ("Issue: agreed to", "Dee", "Go", "", agreed),
        ("Issue: agreed to", "Eve", "", "", agreed),
        ("Issue of 1\u00a0kg", "Eve", "Sold", "", agreed),
        ("Issue: refused", "Eve", "Keep it", "", refused),
        ("Issue: withdrawn", "Pia", "", "", withdrawn),
    ]


def test_it_tells_no_request_of_a_site_that_is_foreign(world: World) -> None:
    number = world.stock("10")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("4"))
    one = units.enter("1")
    ledger.ask_adjust(by=world.by("ana"), lot=number, location="ANT-S1", net=one, gain=False, reason="Spilt")
    assert [fact.kind for fact in facts(world, number, "ana")].count("request") == 1
    assert "request" not in [fact.kind for fact in facts(world, number, "cem")]


def test_it_tells_that_a_lot_was_frozen_and_let_go_and_what_differed_to_who_sees_all(world: World) -> None:
    number = world.stock("10")
    world.later(hours=1)
    freeze(world, number, why="balance: at BRA-S1")
    freeze(world, number, frozen=False, why="Restored")
    told = {who: [(f.title, f.reason) for f in facts(world, number, who)[-2:]] for who in ("aud", "ana")}
    let_go = ("Let go: its records hold together again", "Restored")
    assert told["aud"] == [("Frozen: its records differ", "balance: at BRA-S1"), let_go]
    assert told["ana"] == [("Frozen: its records differ", ""), let_go]


def test_its_pages_hold_every_fact_and_request_once_both_ways(world: World) -> None:
    number = world.stock("100")
    for _ in range(4):
        world.later(hours=1)
        ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("1"))
        ledger.ask_reverse(by=world.by("ana"), movement_id=ledger_last(), reason="Wrong lot")
    whole = facts(world, number)
    pages: list[Any] = []
    cursor = ""
    while True:
        page = lots.timeline(user=world.dee, number=number, shown=2, cursor=cursor)
        pages.insert(0, page.facts)
        if not page.next:
            break
        cursor = page.next
    assert [fact for page in pages for fact in page] == whole
    back = lots.timeline(user=world.dee, number=number, shown=2, cursor=page.previous)
    assert back.facts == pages[1]


def ledger_last() -> int:
    return Movement.objects.latest("pk").pk


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

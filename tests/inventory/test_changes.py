"""What changed, and why: by cause, and as a roll-forward."""

from datetime import date, timedelta

from config.approvals import requests
from inventory import changes, ledger, units
from tests.world import NOW, World

KG = 10**6


def by_cause(world: World, who: str = "dee") -> dict[str, tuple[int, int, int]]:
    found = changes.by_cause(user=world.people[who], since=NOW - timedelta(days=1), until=NOW + timedelta(days=60))
    return {change.cause: (change.times, change.held_mg // KG, change.eligible_mg // KG) for change in found}


def test_it_names_the_cause_of_each_change(world: World) -> None:
    number = world.stock("100", produced_on=date(2021, 11, 20))
    world.receive("30")
    ledger.sample(by=world.by("ana", now=world.later(minutes=1)), lot=number, origin="ANT-S1", net=units.enter("2"))
    ledger.transfer(
        by=world.by("ana", now=world.later(minutes=1)),
        lot=number,
        origin="ANT-S1",
        destination="ANT-LOAN",
        net=units.enter("8"),
    )
    ledger.lapse_retests(now=world.later(days=19))
    assert by_cause(world) == {
        "receive": (2, 130, 0),
        "accept": (1, 0, 100),
        "sample": (1, -2, -2),
        "transfer": (1, 0, -8),
        "lapse": (1, 0, -90),
    }


def test_it_shows_a_persons_own_sites_only(world: World) -> None:
    world.stock("100")
    assert by_cause(world, "cem") == {}
    assert by_cause(world, "ana") == by_cause(world, "dee")


def test_what_was_recorded_before_the_window_is_not_a_change(world: World) -> None:
    world.stock("100")
    assert changes.by_cause(user=world.dee, since=NOW + timedelta(seconds=1), until=NOW + timedelta(days=1)) == []


def test_what_cancels_is_told_and_only_a_split_is_not(world: World) -> None:
    number = world.stock("100")
    for gain in (True, False):
        given = {"lot": number, "location": "ANT-S1", "net": units.enter("10"), "gain": gain, "reason": "Weighed again"}
        answer = ledger.ask_adjust(by=world.by("ana", now=world.later(minutes=1)), **given)  # type: ignore[arg-type]
        requests.approve(by=world.by("dee"), request_id=answer["request"])
    ledger.split(by=world.by("ana"), lot=number, location="ANT-S1", parts=[units.enter("30")])
    assert by_cause(world) == {"receive": (1, 100, 0), "accept": (1, 0, 100), "adjust": (2, 0, 0)}


def test_opening_and_movements_make_the_closing(world: World) -> None:
    number = world.stock("100")
    world.later(days=2)
    world.receive("50")
    ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("1"))
    answer = ledger.ask_adjust(
        by=world.by("ana"), lot=number, location="ANT-S1", net=units.enter("2"), gain=False, reason="Weighed again"
    )
    requests.approve(by=world.by("dee"), request_id=answer["request"])
    first = NOW.date() + timedelta(days=1)
    (row,) = changes.roll_forward(user=world.aud, first=first, last=first + timedelta(days=5))
    assert (row.opening_mg // KG, row.closing_mg // KG, row.difference_mg) == (100, 147, 0)
    assert {kind: mass // KG for kind, mass in row.by_kind.items()} == {"receive": 50, "sample": -1, "adjust": -2}


def test_a_transfer_between_sites_shows_at_a_site_and_not_over_all(world: World) -> None:
    number = world.stock("100")
    ledger.transfer(by=world.by("ana"), lot=number, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("60"))
    ledger.transfer(by=world.by("cem"), lot=number, origin="ANT-TO-BRA", destination="BRA-S1", net=units.enter("60"))
    today = NOW.date()
    (whole,) = changes.roll_forward(user=world.aud, first=today, last=today)
    (there,) = changes.roll_forward(user=world.aud, first=today, last=today, site="BRA")
    assert {kind: mass // KG for kind, mass in whole.by_kind.items()} == {"receive": 100}
    assert {kind: mass // KG for kind, mass in there.by_kind.items()} == {"transfer": 60}
    assert (whole.difference_mg, there.difference_mg, there.closing_mg // KG) == (0, 0, 60)

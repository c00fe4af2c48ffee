"""The schedule as people read it: filters, pages, calendar, and how much of a lot each of them sees."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from config.audit import keyset
from inventory import ledger, units
from inventory.sites import UnknownSite
from reserve import rotation
from reserve.models import Rotation
from reserve.rotation import Wanted, outlook
from reserve.rotation.reads import STATES, retests
from tests.counting import the_same_at_3_and_30
from tests.reserve.rotation_world import due_lot, elsewhere, policy
from tests.world import World

EVERYTHING = Wanted(state="all")


@pytest.fixture
def schedule(world: World) -> World:
    """Seven rows due on five days: five of Nd oxide at ANT, one at BRA, one of magnets to be replaced."""
    policy(world, ahead=36)
    policy(world, "ndfeb-block", "expiry", "replace", ahead=36)
    for day in (10, 10, 10, 12, 14):
        world.stock("10", produced_on=date(2022, 1, day))
    elsewhere(world, date(2027, 1, 16))
    world.stock("10", material="ndfeb-block", produced_on=date(2024, 8, 18))
    rotation.plan(now=world.now)
    return world


def ids(world: World, who: str = "dee", wanted: Wanted = EVERYTHING, **given: object) -> list[int]:
    page = rotation.rows(user=getattr(world, who), today=world.now.date(), wanted=wanted, **given)  # type: ignore[arg-type]
    return [row.id for row in page.rows]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 7),
        (Wanted(site="BRA"), 1),
        (Wanted(material="ndfeb-block"), 1),
        (Wanted(driver="expiry"), 1),
        (Wanted(method="retest"), 6),
        (Wanted(since=date(2027, 1, 12)), 4),
        (Wanted(until=date(2027, 1, 10)), 3),
        (Wanted(since=date(2027, 1, 12), until=date(2027, 1, 14)), 2),
        (Wanted(state="overdue"), 0),
        (Wanted(state="planned", site="ANT", material="nd-oxide"), 5),
        (Wanted(state="done"), 0),
        (Wanted(material="gold"), 0),
    ],
)
def test_it_filters(schedule: World, wanted: Wanted, count: int) -> None:
    assert len(ids(schedule, wanted=wanted)) == count
    assert rotation.counted(user=schedule.dee, today=schedule.now.date(), wanted=wanted, most=99) == count


@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_asked_for(schedule: World, state: str) -> None:
    assert len(ids(schedule, wanted=Wanted(state=state))) == (7 if state in {"open", "planned", "all"} else 0)


def test_what_is_late_is_overdue_before_any_job_says_so(schedule: World) -> None:
    today = date(2027, 1, 13)
    page = rotation.rows(user=schedule.dee, today=today, wanted=Wanted(state="overdue"))
    assert [(row.state, row.days_left, row.level) for row in page.rows] == [("overdue", -3, "bad")] * 3 + [
        ("overdue", -1, "bad")
    ]
    assert not Rotation.objects.filter(state="overdue").exists()
    planned = rotation.rows(user=schedule.dee, today=today, wanted=Wanted(state="planned"))
    assert [row.days_left for row in planned.rows] == [1, 3, 36]


def test_pages_go_forth_and_back_without_a_gap(schedule: World) -> None:
    def page(cursor: str = "") -> keyset.Page[rotation.RotationRow]:
        return rotation.rows(user=schedule.dee, today=schedule.now.date(), size=3, cursor=cursor)

    first = page()
    second = page(first.next)
    third = page(second.next)
    assert [row.id for found in (first, second, third) for row in found.rows] == ids(schedule)
    assert (first.previous, third.next) == ("", "")
    assert page(third.previous).rows == second.rows
    assert page(second.previous).rows == first.rows
    with pytest.raises(keyset.BadCursor):
        page("x")


def test_a_full_last_page_has_no_next(schedule: World) -> None:
    page = rotation.rows(user=schedule.dee, today=schedule.now.date(), size=7)
    assert (len(page.rows), page.next, page.counted) == (7, "", "7")


def test_a_foreign_site_cannot_be_asked_for(schedule: World) -> None:
    for user, site in ((schedule.ana, "BRA"), (schedule.dee, "XYZ")):
        with pytest.raises(UnknownSite):
            rotation.rows(user=user, today=schedule.now.date(), wanted=Wanted(site=site))


@pytest.mark.parametrize(("who", "count"), [("ana", 6), ("cem", 1), ("pia", 7), ("aud", 7), ("adm", 0)])
def test_each_sees_what_is_theirs(schedule: World, who: str, count: int) -> None:
    assert len(ids(schedule, who)) == count
    days = rotation.calendar(
        user=getattr(schedule, who),
        today=schedule.now.date(),
        wanted=Wanted(),
        first=date(2027, 1, 1),
        last=date(2027, 2, 28),
    )
    assert sum(day.total for day in days) == count


def test_a_site_sees_its_share_of_a_lot_that_lies_at_two(world: World) -> None:
    policy(world)
    lot = due_lot(world)
    lane = "ANT-TO-BRA"
    rotation.plan(now=world.now)
    ledger.transfer(by=world.by("ana"), lot=lot, origin="ANT-S1", destination=lane, net=units.enter("4"), reason="Part")
    ledger.transfer(by=world.by("cem"), lot=lot, origin=lane, destination="BRA-S1", net=units.enter("4"), reason="Part")
    seen = {
        who: [(row.net_mg, row.sites) for row in rotation.rows(user=getattr(world, who), today=world.now.date()).rows]
        for who in ("ana", "cem", "dee")
    }
    assert seen == {"ana": [(6_000_000, ["ANT"])], "cem": [(4_000_000, ["BRA"])], "dee": [(10_000_000, ["ANT", "BRA"])]}


def test_the_calendar_gives_each_day_with_its_first_five(schedule: World) -> None:
    for _ in range(4):
        schedule.stock("10", produced_on=date(2022, 1, 10))
    rotation.plan(now=schedule.now)
    days = rotation.calendar(
        user=schedule.dee,
        today=schedule.now.date(),
        wanted=Wanted(until=date(2027, 1, 2)),
        first=date(2027, 1, 1),
        last=date(2027, 1, 31),
    )
    assert [(day.day.day, day.total, len(day.rows)) for day in days] == [(10, 7, 5), (12, 1, 1), (14, 1, 1), (16, 1, 1)]


def test_a_lots_retests_are_told_newest_first(schedule: World) -> None:
    page = rotation.rows(user=schedule.dee, today=schedule.now.date())
    row = page.rows[0]
    ledger.retest(
        by=schedule.by("ana"), lot=row.lot, performed_on=schedule.now.date(), passed=False, lab="Lab A", note="Wet"
    )
    ledger.retest(by=schedule.by("ben"), lot=row.lot, performed_on=schedule.now.date(), passed=True, lab="Lab B")
    told = [(t.passed, t.lab, t.note, t.who, t.previous_due_on, t.next_due_on) for t in retests(row=row)]
    due, later = date(2027, 1, 10), date(2031, 11, 2)
    assert told == [(True, "Lab B", "", "Ben", due, later), (False, "Lab A", "Wet", "Ana", due, due)]
    assert retests(row=replace(row, lot_id=0)) == []


@pytest.mark.parametrize("read", ["rows", "rows of a site", "one", "counted", "calendar", "following", "outlook"])
def test_it_asks_the_same_number_of_queries_at_3_and_at_30_rows(world: World, read: str) -> None:
    policy(world)
    today, user, everything = world.now.date(), world.ana, Wanted()
    year = today + timedelta(days=365)
    first: list[int] = []
    reads: dict[str, Callable[[], object]] = {
        "rows": lambda: rotation.rows(user=user, today=today).rows,
        "rows of a site": lambda: rotation.rows(user=user, today=today, wanted=Wanted(site="ANT")).rows,
        "one": lambda: rotation.one(user=user, today=today, rotation_id=first[0]),
        "counted": lambda: rotation.counted(user=user, today=today, wanted=everything, most=9),
        "calendar": lambda: rotation.calendar(user=user, today=today, wanted=everything, first=today, last=year),
        "following": lambda: rotation.following(user=user, today=today, wanted=everything, after=today),
        "outlook": lambda: outlook.ahead(user=user, today=today).rows,
    }

    def make(more: int) -> None:
        for _ in range(more):
            due_lot(world, kg="1")
        rotation.plan(now=world.now)
        first[:] = [Rotation.objects.earliest("pk").pk]
        assert reads[read]()

    the_same_at_3_and_30(f"reserve.rotation.{read}", make=make, read=reads[read])


def test_the_database_holds_what_a_row_must_be(schedule: World) -> None:
    row = Rotation.objects.order_by("pk").first()
    assert row
    for change in (
        {"state": "lost"},
        {"state": "done"},
        {"finished_at": schedule.now},
        {"window_from": row.due_on + timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rotation.objects.filter(pk=row.pk).update(**change)
    row.pk = None
    with pytest.raises(IntegrityError, match="rotation_once_per_lot_driver_and_day"), transaction.atomic():
        row.save(force_insert=True)

"""Month ends and the bridge since the last one: exactly what positions give for the day, and parts that come to the whole."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError

from config.audit.refused import Refused
from config.jobs.schedule import Counts
from inventory import ledger, months, positions, units, verification
from inventory.models import PositionMonth
from reserve import shortfall
from tests.inventory.round_the_door import as_superuser, run
from tests.reserve.levels import hold
from tests.world import World


def play(world: World, seed: int) -> None:
    """A year of receipts, decisions, transfers, samples and allocations, some of them recorded late."""
    chance = random.Random(seed)
    world.now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    hold(world, "500")
    lots: list[str] = []
    for _ in range(26):
        world.later(days=chance.randint(3, 20))
        if len(lots) < 3 or chance.random() < 0.4:
            produced_on = date(2021, chance.randint(1, 12), 20) if chance.random() < 0.5 else None
            where = chance.choice(["ANT-S1", "ANT-S2"])
            lots.append(world.receive(str(chance.randint(1, 900)), location=where, produced_on=produced_on))
            continue
        number = chance.choice(lots)
        try:
            _act(world, chance, number)
        except Refused:
            continue


def _act(world: World, chance: random.Random, number: str) -> None:
    match chance.randint(0, 3):
        case 0 | 1:
            code = chance.choice("AACJL")
            ledger.set_condition(by=world.by("dee"), lot=number, condition=code, reason="Looked at")
        case 2:
            ledger.transfer(
                by=world.by("ana"),
                lot=number,
                origin=chance.choice(["ANT-S1", "ANT-S2"]),
                destination=chance.choice(["ANT-S2", "ANT-QUAR"]),
                net=units.enter("1"),
                occurred_at=world.now - timedelta(days=chance.randint(0, 40)),
            )
        case 3:
            ledger.lapse_retests(now=world.now)


@pytest.mark.parametrize("seed", range(3))
def test_every_month_end_is_what_the_position_of_that_day_is(world: World, seed: int) -> None:
    play(world, seed)
    today = world.now.date()
    for point in months.trend(user=world.dee, element="Nd", form="oxide", today=today, months=12):
        row = next(iter(shortfall.rows(as_of=point.on, today=today)), None)
        if row:
            assert (point.on, point.held_mg, point.eligible_mg) == (point.on, row.physical_mg, row.eligible_mg)


@pytest.mark.parametrize("seed", range(3))
def test_start_and_causes_come_to_what_there_is_now_to_the_milligram(world: World, seed: int) -> None:
    play(world, seed)
    today = world.now.date()
    found = months.bridge(user=world.dee, element="Nd", form="oxide", today=today)
    last, now = months.trend(user=world.dee, element="Nd", form="oxide", today=today, months=1)
    assert found.start_mg + sum(cause.eligible_mg for cause in found.causes) == found.now_mg
    assert (found.since, found.start_mg, found.now_mg) == (last.on, last.eligible_mg, now.eligible_mg)
    eligible = positions.eligible(user=world.dee, element="Nd", as_of=today)
    assert found.now_mg == eligible.get("oxide", 0)
    for cause in found.causes:
        assert cause.lots > len(cause.named) or cause.eligible_mg == sum(lot.eligible_mg for lot in cause.named)


def test_the_nightly_sums_change_no_figure_and_come_again_from_the_entries(world: World) -> None:
    play(world, 1)
    given = {"user": world.dee, "element": "Nd", "form": "oxide", "today": world.now.date()}
    before = months.trend(**given), months.bridge(**given)  # type: ignore[arg-type]
    verification.make_anchor(now=world.now)
    assert months.sum_months(now=world.now).changed > 0
    assert (months.trend(**given), months.bridge(**given)) == before  # type: ignore[arg-type]
    assert months.sum_months(now=world.now) == Counts(0, 0)
    assert months.differing() == []
    number = world.stock("11")
    last = months.trend(**given)[-1]  # type: ignore[arg-type]
    assert last.held_mg == before[0][-1].held_mg + 9383747
    ledger.set_condition(by=world.by("dee"), lot=number, condition="L", reason="In dispute", seen_seq=None)
    assert months.trend(**given)[-1].eligible_mg == before[0][-1].eligible_mg  # type: ignore[arg-type]
    PositionMonth.objects.filter(element__isnull=False).update(mass_mg=1)
    assert months.differing()


def test_a_sum_that_is_wrong_is_made_anew_and_no_sum_goes_back(world: World) -> None:
    world.stock("10")
    verification.make_anchor(now=world.now)
    months.sum_months(now=world.now)
    covered = positions.known_covered()
    PositionMonth.objects.filter(pk=PositionMonth.objects.latest("pk").pk).update(mass_mg=1)
    with as_superuser():
        run("DELETE FROM inventory_anchor")
    assert months.sum_months(now=world.now).changed > 0
    assert (months.differing(), positions.known_covered()) == ([], covered)
    assert months.sum_months(now=world.now) == Counts(0, 0)


def test_it_names_the_cause_and_the_lots(world: World) -> None:
    world.now = datetime(2026, 10, 5, 9, tzinfo=UTC)
    first = world.stock("100")
    world.now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    second = world.stock("40")
    ledger.set_condition(by=world.by("dee"), lot=first, condition="L", reason="The buyer disputes it")
    found = months.bridge(user=world.dee, element="Nd", form="oxide", today=world.now.date())
    shown = {cause.label: [(lot.lot, units.kg(lot.eligible_mg)) for lot in cause.named] for cause in found.causes}
    assert shown == {"Accepted": [(second, "34.122718")], "Put on hold": [(first, "-85.306795")]}


def test_what_passed_its_day_counts_as_lapsed_before_a_job_says_so(world: World) -> None:
    world.now = datetime(2026, 10, 5, 9, tzinfo=UTC)
    world.stock("100", produced_on=date(2021, 11, 1))
    found = months.bridge(user=world.dee, element="Nd", form="oxide", today=date(2026, 11, 20))
    assert [(cause.cause, cause.eligible_mg) for cause in found.causes] == [("lapse", -found.start_mg)]
    assert found.now_mg == 0


def test_only_what_is_proven_counts_where_it_is_asked(world: World) -> None:
    world.stock("100")
    given = {"user": world.dee, "element": "Nd", "form": "oxide", "today": world.now.date(), "only_compliant": True}
    assert months.trend(**given)[-1].eligible_mg == months.bridge(**given).now_mg == 0  # type: ignore[arg-type]
    assert months.trend(**given)[-1].held_mg > 0  # type: ignore[arg-type]


def test_a_person_of_a_site_reads_that_site_alone(world: World) -> None:
    world.stock("100")
    world.stock("40", location="BRA-S1", who="cem")
    held = {
        who: months.trend(user=world.people[who], element="Nd", today=world.now.date())[-1] for who in ("dee", "ana")
    }
    assert units.kg(held["dee"].held_mg) == "119.429513"
    assert units.kg(held["ana"].held_mg) == "85.306795"


def test_month_ends_are_last_days_and_today() -> None:
    assert months.ends(today=date(2026, 3, 31), months=2) == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


def test_a_sum_stands_once_for_its_key(world: World) -> None:
    world.stock("10")
    verification.make_anchor(now=world.now)
    months.sum_months(now=world.now)
    row = PositionMonth.objects.order_by("pk").values().first()
    assert row is not None
    with pytest.raises(IntegrityError, match="position_month_key"):
        PositionMonth.objects.create(**{**row, "id": None})


@pytest.mark.parametrize("seed", range(2))
def test_a_day_from_the_sums_is_the_same_as_from_the_entries_to_the_milligram(world: World, seed: int) -> None:
    play(world, seed)
    verification.make_anchor(now=world.now)
    months.sum_months(now=world.now)
    today = world.now.date()
    world.stock("7", at=world.now - timedelta(days=45))  # recorded after the sums, of a day that they cover
    for back in (0, 1, 17, 31, 44, 45, 46, 80, 133, 200, 320):
        then, plain = today - timedelta(days=back), today + timedelta(days=9)
        # As known on a day to come is the plain sum of the entries.
        summed = positions.rows(user=world.dee, as_of=then, as_known_on=plain)
        assert positions.rows(user=world.dee, as_of=then) == summed
    assert positions.rows(user=world.dee, as_of=today) == positions.rows(user=world.dee)
    PositionMonth.objects.filter(element__isnull=True, lots__gt=0).update(lots=99)
    assert months.differing()

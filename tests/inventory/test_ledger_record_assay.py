"""Bringing an assay into force."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from config.accounts.matrix import NotAllowed
from config.audit import edge
from config.audit.refused import Stale
from inventory import ledger, units
from inventory.ledger import refusals
from inventory.models import Assay, ContainedPosition, PositionEntry
from tests.inventory.everything import freeze
from tests.inventory.proof import found, once, refused
from tests.world import World

NEW = {"Nd": Decimal("0.6"), "Dy": Decimal("0.01")}


def record(world: World, lot: str, fractions: Any = None, who: str = "ben", **given: Any) -> Any:
    seen = {"seen_seq": given.pop("seen_seq")} if "seen_seq" in given else {}
    assay = ledger.AssayIn(fractions=NEW if fractions is None else fractions, **{"lab": "Lab A", **given})
    return ledger.record_assay(by=world.by(who), lot=lot, assay=assay, **seen)


def contained() -> dict[str, int]:
    return {row.element.symbol: row.contained_mg for row in ContainedPosition.objects.filter(contained_mg__gt=0)}


def test_contained_mass_follows_and_the_old_assay_stays(world: World) -> None:
    lot = world.stock("10", material="ndpr-oxide")
    once(ledger.record_assay, by=world.by("ben"), lot=lot, assay=ledger.AssayIn(fractions=NEW, lab="Lab A"))
    assert contained() == {"Nd": 6_000_000, "Dy": 100_000}
    assert [assay.source for assay in Assay.objects.order_by("id")] == ["catalogue", "laboratory"]
    assert found() == []


def test_days_before_it_keep_what_was_contained_then(world: World) -> None:
    start = world.now
    lot = world.stock("10")
    world.later(days=3)
    record(world, lot, {"Nd": Decimal("0.5")})
    before = PositionEntry.objects.filter(element__symbol="Nd", occurred_at__lte=start + timedelta(days=1))
    assert sum(entry.mass_mg for entry in before) == 8_530_679
    assert contained() == {"Nd": 5_000_000}


def test_a_back_dated_movement_moves_by_the_assay_of_its_day(world: World) -> None:
    start = world.now
    lot = world.stock("10")
    world.later(days=3)
    record(world, lot, {"Nd": Decimal("0.5")})
    early = start + timedelta(days=1)
    ledger.sample(by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("2"), occurred_at=early)
    on_day = PositionEntry.objects.filter(element__symbol="Nd", occurred_at=early)
    # 10 kg of it come to 8 530 679.452 mg and 8 kg to 6 824 543.5616: each is rounded once, so these two make the change.
    assert sum(entry.mass_mg for entry in on_day) == 6_824_544 - 8_530_679
    assert contained() == {"Nd": 4_000_000}
    assert found() == []


def test_moisture_counts_on_dry_mass(world: World) -> None:
    lot = world.receive("10", material="re-concentrate")
    record(world, lot, {"Nd": Decimal("0.5")}, moisture=Decimal("0.2"))
    assert contained() == {"Nd": 4_000_000}


def test_what_is_recorded_last_holds_whatever_the_clocks_say(world: World) -> None:
    lot = world.stock("10")
    for seconds, value in ((1, "0.7"), (0, "0.6")):
        assay = ledger.AssayIn(fractions={"Nd": Decimal(value)})
        by = world.by("ben", now=world.now + timedelta(seconds=seconds))
        ledger.record_assay(by=by, lot=lot, assay=assay)
    assert contained() == {"Nd": 6_000_000}
    assert found() == []


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"fractions": {}}, refusals.NothingMeasured),
        ({"fractions": {"Xx": Decimal("0.1")}}, refusals.UnknownElement),
        ({"fractions": {"Nd": Decimal("NaN")}}, refusals.BadFraction),
        ({"fractions": {"Nd": Decimal("1.1")}}, refusals.BadFraction),
        ({"fractions": {"Nd": Decimal("0.6"), "Pr": Decimal("0.5")}}, refusals.TooMuchContained),
        ({"moisture": Decimal("0.1")}, refusals.NotMoistureBearing),
        ({"moisture": Decimal("NaN")}, refusals.BadFraction),
        ({"lab": "x" * 121}, edge.BadText),
        ({"method": "a\x00b"}, edge.BadText),
        ({"lot": "RE-99-1"}, refusals.LotNotFound),
        ({"who": "cem"}, refusals.LotNotFound),
        ({"who": "dee"}, NotAllowed),
        ({"seen_seq": 1}, Stale),
    ],
)
def test_it_refuses(world: World, given: dict[str, Any], refusal: type[Any]) -> None:
    lot = world.stock("10")
    with refused(refusal):
        record(world, **{"lot": lot, **given})


def test_it_refuses_a_site_that_the_lot_has_left(world: World) -> None:
    lot = world.stock("10")
    ledger.transfer(by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("10"))
    record(world, lot, who="cem")  # on its way to Braga, whose laboratory may look at it
    ledger.transfer(by=world.by("cem"), lot=lot, origin="ANT-TO-BRA", destination="BRA-S1", net=units.enter("10"))
    with refused(refusals.LotElsewhere):
        record(world, lot)


def test_it_refuses_a_site_that_has_only_a_part_of_the_lot(world: World) -> None:
    """An assay is about the whole lot; a part that differs is split off first."""
    lot = world.stock("10")
    ledger.transfer(by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-TO-BRA", net=units.enter("4"))
    ledger.transfer(by=world.by("cem"), lot=lot, origin="ANT-TO-BRA", destination="BRA-S1", net=units.enter("4"))
    for who in ("ben", "cem"):
        with refused(refusals.LotElsewhere):
            record(world, lot, who=who)
    (part,) = ledger.split(by=world.by("cem"), lot=lot, location="BRA-S1", parts=[units.enter("4")])["children"]
    record(world, part, who="cem")
    record(world, lot, who="ben")


def test_it_refuses_a_frozen_lot(world: World) -> None:
    lot = world.stock("10")
    freeze(world, lot)
    with refused(refusals.Frozen):
        record(world, lot)

"""The nightly run: an anchor when all is well; else the lots that differ are frozen and those above are told."""

from importlib import import_module

import pytest

from config.accounts.matrix import NotAllowed
from config.audit.models import Command
from config.jobs import schedule
from config.jobs.models import Outbox
from config.jobs.schedule import Counts
from inventory import ledger, units, verification
from inventory.ledger.refusals import Frozen, LotNotFound
from inventory.models import Anchor, Freeze, Lot
from tests.inventory.everything import freeze
from tests.inventory.proof import found, refused
from tests.inventory.round_the_door import as_superuser, run
from tests.world import World


def steal(lot: str) -> None:
    with as_superuser():
        run(
            "UPDATE inventory_balance SET net_mg = net_mg - 1 WHERE lot_id = (SELECT id FROM inventory_lot WHERE number = %s)",
            lot,
        )


def give_back(lot: str) -> None:
    with as_superuser():
        run(
            "UPDATE inventory_balance SET net_mg = net_mg + 1 WHERE lot_id = (SELECT id FROM inventory_lot WHERE number = %s)",
            lot,
        )


def sample(world: World, lot: str) -> None:
    ledger.sample(by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("1"))


def test_it_is_the_registered_job(world: World) -> None:
    job = schedule.get("inventory.verify_ledger")
    assert job.run is verification.nightly


def test_it_makes_the_anchor_of_the_day_when_all_is_well(world: World) -> None:
    world.stock("10")
    counts = verification.nightly(now=world.now)
    assert counts.seen > 0
    assert counts.changed == 0
    assert Anchor.objects.count() == 1
    assert not Outbox.objects.filter(topic=verification.DIFFERS).exists()
    assert verification.nightly(now=world.later(days=1)).changed == 0
    assert Anchor.objects.count() == 1


def test_it_freezes_what_differs_tells_those_above_and_anchors_nothing(world: World) -> None:
    lot, other = world.stock("10"), world.stock("20")
    steal(lot)
    counts = verification.nightly(now=world.now)
    assert counts == Counts(counts.seen, counts.changed)
    assert counts.changed >= 1
    work = Outbox.objects.get(topic=verification.DIFFERS)
    assert work.payload["lots"] == [lot]
    assert work.payload["count"] == counts.changed
    assert (
        f"balance: lot {lot} at ANT-S1 holds 9999999 mg, its movements come to 10000000 mg"
        in work.payload["differences"]
    )
    assert Command.objects.get(kind="inventory.freeze").actor.username == "system"
    assert not Anchor.objects.exists()
    assert Lot.objects.get(number=lot).frozen_at == world.now
    assert Lot.objects.get(number=other).frozen_at is None


def test_a_second_night_freezes_nothing_again(world: World) -> None:
    lot = world.stock("10")
    steal(lot)
    verification.nightly(now=world.now)
    verification.nightly(now=world.later(days=1))
    assert Lot.objects.get(number=lot).frozen_at != world.now
    assert Outbox.objects.filter(topic=verification.DIFFERS).count() == 2


def test_a_lot_that_is_frozen_takes_no_entry(world: World) -> None:
    lot = world.stock("10")
    freeze(world, lot)
    with refused(Frozen, lot=lot):
        sample(world, lot)


def test_thawing_lets_entries_in_again(world: World) -> None:
    lot = world.stock("10")
    steal(lot)
    verification.nightly(now=world.now)
    give_back(lot)
    assert verification.thaw(by=world.by("aud"), lot=lot, reason="Restored from the backup of the day") == {"lot": lot}
    sample(world, lot)


def test_a_thaw_keeps_the_reason_as_it_was_checked(world: World) -> None:
    lot = world.stock("10")
    freeze(world, lot)
    verification.thaw(by=world.by("aud"), lot=lot, reason=" Restored \n")
    assert Freeze.objects.latest("pk").reason == "Restored"


@pytest.mark.parametrize("before", [False, True])
def test_a_mark_that_no_freeze_made_is_named_and_let_go_once_all_else_holds(world: World, before: bool) -> None:
    lot = world.stock("10")
    if before:
        freeze(world, lot)
        freeze(world, lot, frozen=False)
    Lot.objects.update(frozen_at=world.now)
    steal(lot)
    assert f"lot: lot {lot}: frozen is True, its facts say False" in found()
    with pytest.raises(verification.StillDiffers, match="holds 9999999 mg"):
        verification.thaw(by=world.by("aud"), lot=lot, reason="It looks well")
    assert Lot.objects.get().frozen_at
    give_back(lot)
    verification.thaw(by=world.by("aud"), lot=lot, reason="Nobody froze it")
    assert (Lot.objects.get().frozen_at, found()) == (None, [])


def test_a_lot_frozen_before_freezes_were_facts_gets_the_fact(world: World) -> None:
    lot = world.stock("10")
    steal(lot)
    verification.nightly(now=world.now)
    give_back(lot)
    with as_superuser():  # as it was then: the command and the mark alone
        run("DELETE FROM inventory_freeze")
        run("DELETE FROM inventory_lotfact WHERE kind = 'freeze'")
        run("UPDATE inventory_lot SET last_seq = last_seq - 1")
    assert found() != []
    assert run(import_module("inventory.migrations.0017_facts_of_what_was_frozen_before").FACTS) == 1
    assert found() == []


def test_thawing_refuses_a_lot_that_still_differs(world: World) -> None:
    lot = world.stock("10")
    steal(lot)
    verification.nightly(now=world.now)
    with pytest.raises(verification.StillDiffers, match="holds 9999999 mg"):
        verification.thaw(by=world.by("aud"), lot=lot, reason="It looks well")
    assert Lot.objects.get(number=lot).frozen_at


def test_thawing_refuses_a_lot_that_is_not_frozen_or_not_there(world: World) -> None:
    lot = world.stock("10")
    with refused(verification.NotFrozen, lot=lot):
        verification.thaw(by=world.by("aud"), lot=lot, reason="It looks well")
    with refused(LotNotFound):
        verification.thaw(by=world.by("aud"), lot="RE-99-1", reason="It looks well")


@pytest.mark.parametrize("who", ["ana", "dee", "pia"])
def test_thawing_refuses_who_does_not_verify(world: World, who: str) -> None:
    lot = world.stock("10")
    with refused(NotAllowed):
        verification.thaw(by=world.by(who), lot=lot, reason="It looks well")

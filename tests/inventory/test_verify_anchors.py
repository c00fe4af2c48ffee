"""Anchors: what was recorded by a day, in one digest, chained, and sent off the machine."""

import json
from pathlib import Path

import pytest
from django.db import transaction

from config.audit.models import Command
from inventory import ledger, units, verification
from inventory.models import Anchor
from inventory.verification import anchors
from tests.concurrency.together import together
from tests.inventory.everything import everything
from tests.inventory.proof import found
from tests.world import World


def test_it_covers_what_was_recorded_since_the_last(world: World) -> None:
    world.stock("10")
    assert verification.make_anchor(now=world.later(days=1)) == 1
    world.stock("20")
    assert verification.make_anchor(now=world.later(days=1)) == 2
    first, second = (json.loads(anchor.body) for anchor in Anchor.objects.order_by("seq"))
    assert set(first) == {"facts", "registry", "commands", "decisions", "stand-ins", "requests", "entries"}
    assert (first["facts"]["rows"], second["facts"]["rows"]) == (5, 5)
    assert second["registry"]["rows"] == 0
    assert first["commands"]["rows"] + second["commands"]["rows"] == Command.objects.count()
    assert found() == []


def test_it_makes_none_when_nothing_was_recorded(world: World) -> None:
    assert verification.make_anchor(now=world.now) == 1
    assert verification.make_anchor(now=world.later(days=1)) is None
    assert Anchor.objects.count() == 1


def test_each_hash_holds_the_one_before(world: World) -> None:
    world.stock("10")
    verification.make_anchor(now=world.now)
    world.stock("10")
    verification.make_anchor(now=world.later(days=1))
    first, second = Anchor.objects.order_by("seq")
    assert anchors.digest(b"", first) == bytes(first.hash)
    assert anchors.digest(bytes(first.hash), second) == bytes(second.hash)


def test_exported_anchors_are_lines_of_json_that_the_database_still_agrees_with(world: World, tmp_path: Path) -> None:
    everything(world)
    sent = list(anchors.lines())
    assert [json.loads(line)["seq"] for line in sent] == [1]
    assert list(anchors.against(iter(sent), verification.Tally())) == []


def test_an_exported_anchor_names_one_that_was_made_anew_or_is_gone(world: World) -> None:
    everything(world)
    (line,) = anchors.lines()
    forged = json.dumps({**json.loads(line), "hash": "00" * 32}, sort_keys=True)
    later = json.dumps({**json.loads(line), "seq": 2}, sort_keys=True)
    texts = [str(difference) for difference in anchors.against(iter([forged, later, ""]), verification.Tally())]
    assert texts == [
        "anchor: exported anchor 1 was made anew in the database",
        "anchor: exported anchor 2 is not in the database",
    ]


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_the_command_that_has_its_number_and_is_not_done(world: World) -> None:
    """A number given out and committed later lies below the anchor's last: passed over, it would look forged for ever."""
    lot = world.stock("100")
    seen: list[int | None] = []
    with transaction.atomic():
        early = ledger.sample(by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("1"))
        other = world.by("ben")
        arrival = ledger.Arrival(material="nd-oxide", location="ANT-S1", net=units.enter("1"))
        together(lambda: ledger.receive(by=other, arrival=arrival))  # a later number, committed before
        with pytest.raises(anchors.NotSettled):
            raise_from(together(lambda: anchors.settle(patience_s=0.2)))
    seen.append(verification.make_anchor(now=world.later(days=1)))
    assert early
    assert seen == [1]
    assert found() == []


def raise_from(outcomes: list[object]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


@pytest.mark.django_db(transaction=True)
def test_two_made_at_once_do_not_fork_the_chain(world: World) -> None:
    world.stock("100")
    together(*[lambda: verification.make_anchor(now=world.now)] * 2)
    assert [anchor.seq for anchor in Anchor.objects.order_by("seq")] in ([1], [1, 2])
    assert found() == []

"""The ledger as lines of a file: of one instant, read only, and some rows at a time."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.utils import InternalError

from inventory import ledger, units, verification
from inventory.models import Anchor, LotFact
from inventory.verification import ledger_file
from reserve import ledger_export
from tests.concurrency.together import together
from tests.world import World


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_rows_come_from_cursors_on_the_server_some_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """So memory is flat: after one fact, no more of them than one batch has left the server."""
    for _ in range(4):
        world.stock("10")
    monkeypatch.setattr(ledger_file, "ROWS_AT_A_TIME", 3)
    with verification.snapshot(), connection.cursor() as cursor:
        found = ledger_file.rows(now=world.now, claims={})
        next(row for row in found if row["kind"] == "fact")
        cursor.execute("SELECT name FROM pg_cursors")
        assert cursor.fetchall() == [("ledger_fact",)]
        cursor.execute("FETCH 1 FROM ledger_fact")
        (fourth,) = cursor.fetchall()
        assert fourth[0] == LotFact.objects.order_by("id").values_list("id", flat=True)[3]
        del found  # and with it the cursor


@pytest.mark.django_db(transaction=True)
def test_it_is_of_one_instant(world: World, tmp_path: Path) -> None:
    """A lot that is received while the file is written is in none of its lines, or it would differ from itself."""
    world.stock("10")
    seen = LotFact.objects.count()
    path = tmp_path / "ledger.jsonl"
    with verification.snapshot(read_only=True):
        rows = ledger_file.rows(now=world.now, claims={})
        head = next(rows)
        together(lambda: world.stock("20"))
        ledger_file.write(path, [head, *rows])
    assert (LotFact.objects.count() > seen, head["counts"]["fact"]) == (True, seen)
    kinds = [row["kind"] for row in lines(path)]
    assert (kinds.count("fact"), kinds.count("lot"), kinds.count("balance")) == (seen, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_it_can_change_nothing(world: World) -> None:
    with pytest.raises(InternalError, match="read-only transaction"), verification.snapshot(read_only=True):
        Anchor.objects.create(seq=0, made_at=world.now, body="{}", hash=b"")


@pytest.mark.django_db(transaction=True)
def test_it_leaves_the_connection_as_it_was(world: World, tmp_path: Path) -> None:
    lot = world.stock("10")
    assert not connection.in_atomic_block
    written = ledger_export.write(path=tmp_path / "ledger.jsonl", now=world.now)
    assert written == (len(lines(tmp_path / "ledger.jsonl")), (tmp_path / "ledger.jsonl").stat().st_size)
    ledger.sample(by=world.by("ana"), lot=lot, origin="ANT-S1", net=units.enter("1"))

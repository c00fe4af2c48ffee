"""The same request sent sixteen times at once: it lands once, and everybody gets the same answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection

from config.audit import commands
from config.audit.commands import By, KeyUsedForSomethingElse, Opened
from config.audit.models import Command
from inventory import ledger, units
from inventory.ledger.refusals import InsufficientStock
from inventory.models import Movement
from tests.concurrency.together import together
from tests.inventory.proof import found
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 16


def send(by: By, lot: str, kg: str = "100") -> Any:
    return ledger.sample(by=by, lot=lot, origin="ANT-S1", net=units.enter(kg))


def test_it_lands_once_with_equal_answers(world: World) -> None:
    lot = world.stock("1000")
    by = world.by("ana")
    answers = together(*[lambda: send(by, lot)] * TIMES)
    assert answers == [answers[0]] * TIMES
    assert isinstance(answers[0], dict)
    assert Movement.objects.filter(kind="sample").count() == 1
    assert Command.objects.filter(key=by.key).count() == 1
    assert found() == []


def test_a_refused_one_is_refused_to_all_alike(world: World) -> None:
    lot = world.stock("1000")
    by = world.by("ana")
    refusals = together(*[lambda: send(by, lot, "1001")] * TIMES)
    assert {(refusal.code, refusal.message) for refusal in refusals} == {(InsufficientStock.code, refusals[0].message)}
    assert Command.objects.get(key=by.key).outcome == "refused"


def test_different_requests_under_one_key_at_once_land_once(world: World) -> None:
    lot = world.stock("1000")
    by = world.by("ana")
    outcomes = together(*(lambda kg=kg: send(by, lot, str(kg)) for kg in range(1, TIMES + 1)))
    assert sum(isinstance(outcome, dict) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, KeyUsedForSomethingElse) for outcome in outcomes) == TIMES - 1
    assert Movement.objects.filter(kind="sample").count() == 1


def test_without_the_lock_of_the_key_the_database_stops_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without the key's lock some run the act a second time, and only a constraint stops them."""

    def unlocked(by: By) -> Opened:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('audit_command', 'id'))")
            return Opened(actor=by.actor, key=by.key, now=by.now, command_id=int(cursor.fetchone()[0]))

    lot = world.stock("1000")
    monkeypatch.setattr(commands, "_open", unlocked)
    by = world.by("ana")
    outcomes = together(*[lambda: send(by, lot)] * TIMES)
    errors = [outcome for outcome in outcomes if isinstance(outcome, IntegrityError)]
    assert errors
    assert all("command_key_once_per_actor" in str(error) for error in errors)


def test_without_the_lookup_of_the_key_there_is_a_second_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without the check and its constraint, the same request moves mass twice."""
    lot = world.stock("1000")
    by = world.by("ana")
    with without_constraint("audit_command", "command_key_once_per_actor"):
        monkeypatch.setattr(Command.objects, "filter", lambda **_: Command.objects.none())
        together(*[lambda: send(by, lot)] * 3)
        monkeypatch.undo()
        assert Movement.objects.filter(kind="sample").count() == 3


@contextmanager
def without_constraint(table: str, name: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        try:
            yield
        finally:
            cursor.execute("ALTER TABLE audit_command DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM audit_command a USING audit_command b WHERE a.key = b.key AND a.id > b.id")
            cursor.execute("ALTER TABLE audit_command ENABLE TRIGGER USER")
            cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" UNIQUE (actor_id, key)')

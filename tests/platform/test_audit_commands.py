"""The one way in for writes: once per person and key, recorded with its answer or its refusal."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from config.audit import commands
from config.audit.commands import Answer, By, KeyUsedForSomethingElse, Opened, run
from config.audit.models import Command
from config.audit.refused import Refused, RefusedBefore
from inventory import ledger, units
from inventory.models import Site
from tests.world import World


class TooSmall(Refused):
    code = "too_small"
    template = "{what} is too small."


def send(
    by: By, request: dict[str, Any] | None = None, *, kind: str = "test.act", answer: Any = None, **given: Any
) -> Answer:
    def act(opened: Opened) -> Answer:
        if isinstance(answer, Exception):
            raise answer
        return {"ok": True} if answer is None else answer

    return run(by, kind=kind, request=request or {}, act=act, **given)


def test_it_records_who_did_what_when_and_with_which_answer(world: World) -> None:
    by = world.by("ana")
    send(by, {"a": 1}, answer={"lot": "RE-1"}, site="ANT")
    command = Command.objects.get(key=by.key)
    assert (command.actor, command.kind, command.request, command.answer) == (
        world.ana,
        "test.act",
        {"a": 1},
        {"lot": "RE-1"},
    )
    assert (command.outcome, command.site_code) == ("done", "ANT")
    assert (command.occurred_at, command.recorded_at) == (world.now, world.now)


def test_it_runs_the_act_once(world: World) -> None:
    ran: list[int] = []
    by = world.by("ana")

    def act(opened: Opened) -> Answer:
        ran.append(opened.command_id)
        return {"ran": len(ran)}

    for _ in range(3):
        run(by, kind="test.act", request={}, act=act)
    assert len(ran) == 1
    assert run(by, kind="test.act", request={}, act=lambda _: {}) == {"ran": 1}


def test_a_key_belongs_to_its_person(world: World) -> None:
    by = world.by("ana")
    send(by)
    send(By(actor=world.ben, key=by.key, now=by.now))
    assert Command.objects.filter(key=by.key).count() == 2


@pytest.mark.parametrize(
    ("kind", "request_"), [("test.act", {"a": 2}), ("test.other", {"a": 1}), ("test.act", {"a": "1"})]
)
def test_a_key_belongs_to_its_request(world: World, kind: str, request_: dict[str, Any]) -> None:
    by = world.by("ana")
    send(by, {"a": 1})
    with pytest.raises(KeyUsedForSomethingElse):
        send(by, request_, kind=kind)
    assert Command.objects.filter(key=by.key).count() == 1


def test_the_order_of_names_in_a_request_says_nothing(world: World) -> None:
    by = world.by("ana")
    send(by, {"a": 1, "b": {"c": 2, "d": 3}})
    assert send(by, {"b": {"d": 3, "c": 2}, "a": 1}) == {"ok": True}


def test_a_refusal_undoes_the_act_and_is_recorded(world: World) -> None:
    by = world.by("adm")

    def act(opened: Opened) -> Answer:
        Site.objects.create(code="X", name="X", country="BE")
        raise TooSmall(what="It")

    with pytest.raises(TooSmall):
        run(by, kind="test.act", request={}, act=act)
    assert not Site.objects.filter(code="X").exists()
    command = Command.objects.get(key=by.key)
    assert (command.outcome, command.answer["code"], command.answer["facts"]) == (
        "refused",
        "too_small",
        {"what": "It"},
    )
    with pytest.raises(RefusedBefore, match="It is too small"):
        run(by, kind="test.act", request={}, act=act)


def test_an_error_undoes_everything_and_leaves_the_key_free(world: World) -> None:
    by = world.by("ana")
    with pytest.raises(ZeroDivisionError):
        send(by, answer=ZeroDivisionError())
    assert not Command.objects.filter(key=by.key).exists()
    assert send(by) == {"ok": True}


def test_what_cannot_be_recorded_is_not_done(world: World) -> None:
    """An answer that is no JSON: the act is undone with its record."""

    def act(opened: Opened) -> Answer:
        Site.objects.create(code="X", name="X", country="BE")
        return {"when": object()}

    with pytest.raises(TypeError):
        run(world.by("adm"), kind="test.act", request={}, act=act)
    assert not Site.objects.filter(code="X").exists()


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "👍\x00"])
def test_an_attempt_with_characters_no_database_keeps_is_recorded_all_the_same(world: World, text: str) -> None:
    by = world.by("ana")
    with pytest.raises(TooSmall):
        send(by, {"reason": text, text: [text]}, answer=TooSmall(what=text))
    stored = Command.objects.get(key=by.key)
    assert "�" in stored.request["reason"]
    with pytest.raises(RefusedBefore):
        send(by, {"reason": text, text: [text]})
    with pytest.raises(KeyUsedForSomethingElse):
        send(by, {"reason": text.replace("\x00", "�").replace("\ud800", "?").replace("\udfff", "?")})


def test_a_site_code_of_any_length_is_recorded_as_far_as_there_is_room(world: World) -> None:
    by = world.by("ana")
    send(by, site="X" * 300)
    assert Command.objects.get(key=by.key).site_code == "X" * 16


def test_a_door_inside_a_command_runs_under_its_record(world: World) -> None:
    by = world.by("ana")
    seen: list[int] = []

    def inner(opened: Opened) -> Answer:
        seen.append(opened.command_id)
        return {"inner": True}

    def outer(opened: Opened) -> Answer:
        seen.append(opened.command_id)
        return run(opened, kind="test.inner", request={}, act=inner)

    assert run(by, kind="test.outer", request={}, act=outer) == {"inner": True}
    assert seen == [seen[0]] * 2
    assert list(Command.objects.filter(actor=world.ana).values_list("kind", flat=True)) == ["test.outer"]


def test_changes_of_master_data_name_their_command(world: World) -> None:
    by = world.by("adm")

    def act(opened: Opened) -> Answer:
        Site.objects.create(code="X", name="X", country="BE")
        return {}

    run(by, kind="test.act", request={}, act=act)
    with connection.cursor() as cursor:
        cursor.execute("SELECT command_id, act FROM audit_registryfact ORDER BY seq DESC LIMIT 1")
        assert cursor.fetchone() == (Command.objects.get(key=by.key).pk, "insert")


def test_once_is_true_once_in_a_command(world: World) -> None:
    opened = Opened(actor=world.ana, key=uuid4(), now=world.now, command_id=1)
    assert [opened.once("a"), opened.once("a"), opened.once("b")] == [True, False, True]
    assert commands.Opened(actor=world.ana, key=uuid4(), now=world.now, command_id=1).once("a")


def test_it_records_the_site_of_what_was_done(world: World) -> None:
    lot = world.stock("10")
    ledger.transfer(by=world.by("ana"), lot=lot, origin="ANT-S1", destination="ANT-S2", net=units.enter("1"))
    assert set(
        Command.objects.filter(kind__in=["inventory.receive", "inventory.transfer"]).values_list("site_code")
    ) == {("ANT",)}

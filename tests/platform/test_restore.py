"""manage.py restore: into an empty database only, proven there; what is damaged is refused before anything is changed."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from inventory.backups.manifest import DUMP, MANIFEST, sha256
from tests.platform.backed_up import backup, connected, edit, said

pytestmark = pytest.mark.django_db(transaction=True)


def holds_nothing(name: str) -> bool:
    with connected(name) as there:
        return there.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'inventory%'").fetchone() == (0,)


@pytest.mark.operator
def test_what_is_restored_is_whole(world, tmp_path, empty):
    lot = world.stock("250")
    name = empty()
    words = said("restore", str(backup(tmp_path)), "--database", name)
    assert f"{name} is whole: all that was backed up, and its ledger holds together." in words
    with connected(name) as there:
        assert there.execute("SELECT number FROM inventory_lot").fetchall() == [(lot,)]
    assert connection.settings_dict["NAME"] != name


def test_of_a_folder_of_backups_it_takes_the_newest(world, tmp_path, empty):
    older = backup(tmp_path)
    edit(older, made_at="2020-01-01T00:00:00+00:00")
    older.rename(tmp_path / "reserve-of-then")
    world.stock("250")
    backup(tmp_path)
    name = empty()
    said("restore", str(tmp_path), "--database", name)
    with connected(name) as there:
        assert there.execute("SELECT count(*) FROM inventory_lot").fetchone() == (1,)


def test_a_backup_of_an_older_version_is_brought_up_to_this_one(world, tmp_path, empty):
    world.stock("250")
    call_command("migrate", "reserve", "0002", verbosity=0)
    try:
        folder, name = backup(tmp_path), empty()
    finally:
        call_command("migrate", "reserve", verbosity=0)
    words = said("restore", str(folder), "--database", name)
    assert "brought up to this version" in words
    assert f"{name} is whole" in words


def test_a_restored_anchor_is_the_one_of_the_manifest(world, tmp_path, empty):
    world.stock("250")
    said("verify_ledger", "--anchor")
    folder = backup(tmp_path)
    anchor = json.loads((folder / MANIFEST).read_text())["anchor"]
    edit(folder, anchor=json.dumps(json.loads(anchor) | {"hash": "00" * 32}))
    with pytest.raises(CommandError, match="is NOT what was backed up, or does not hold together: 1 places"):
        said("restore", str(folder), "--database", empty())


def flip(folder: Path) -> None:
    dump = folder / DUMP
    body = bytearray(dump.read_bytes())
    body[len(body) // 2] ^= 1
    dump.write_bytes(body)


def cut(folder: Path) -> None:
    dump = folder / DUMP
    dump.write_bytes(dump.read_bytes()[:-1000])


def lose_dump(folder: Path) -> None:
    (folder / DUMP).unlink()


def of_another(folder: Path) -> None:
    edit(folder, sha256="0" * 64)


def of_a_newer_version(folder: Path) -> None:
    edit(folder, migrations={"inventory": "0999_from_the_future"})


def of_a_newer_format(folder: Path) -> None:
    edit(folder, format=2)


def no_json(folder: Path) -> None:
    (folder / MANIFEST).write_text("{")


def other_types(folder: Path) -> None:
    edit(folder, size="many")


def of_a_newer_server(folder: Path) -> None:
    edit(folder, server=99)


def of_a_newer_program(folder: Path) -> None:
    edit(folder, pg_dump=99)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (flip, "is damaged, or not the one of its manifest: its SHA-256 differs"),
        (cut, "is damaged: it was cut off"),
        (lose_dump, "cannot be read: No such file"),
        (of_another, "not the one of its manifest"),
        (of_a_newer_version, "newer version of the reserve: inventory.0999_from_the_future is not known here"),
        (of_a_newer_format, "written by a newer version of the reserve"),
        (no_json, "is damaged: it is no manifest"),
        (other_types, "is damaged: it is no manifest"),
        (of_a_newer_server, "The backup is of PostgreSQL 99"),
        (of_a_newer_program, "the dump was made by 99"),
    ],
)
def test_what_is_no_good_is_refused_and_changes_nothing(tmp_path, empty, spoil, why):
    folder, name = backup(tmp_path), empty()
    spoil(folder)
    with pytest.raises(CommandError, match=why):
        said("restore", str(folder), "--database", name)
    assert holds_nothing(name)


def test_a_folder_without_a_backup_is_refused(tmp_path, empty):
    with pytest.raises(CommandError, match="There is no backup in"):
        said("restore", str(tmp_path), "--database", empty())


def test_a_database_that_holds_something_is_refused_and_left_alone(world, tmp_path, empty):
    folder, name = backup(tmp_path), empty()
    with connected(name) as there:
        there.execute("CREATE SCHEMA theirs CREATE TABLE theirs.poems (line text)")
    with pytest.raises(CommandError, match="holds something already .theirs.poems.*createdb --owner"):
        said("restore", str(folder), "--database", name)
    assert holds_nothing(name)
    with pytest.raises(CommandError, match="holds something already"):
        said("restore", str(folder))  # the database of the settings, which is at work


def test_it_says_how_to_make_a_database_that_is_not_there(tmp_path):
    folder = backup(tmp_path)
    with pytest.raises(CommandError, match="does not exist.*createdb --owner=… nowhere-at-all"):
        said("restore", str(folder), "--database", "nowhere-at-all")


def test_what_breaks_off_leaves_the_database_empty(world, tmp_path, empty):
    """A dump that is cut off and sealed anew, so that only pg_restore can tell."""
    world.stock("250")
    folder, name = backup(tmp_path), empty()
    dump = folder / DUMP
    dump.write_bytes(dump.read_bytes()[:-1000])
    edit(folder, size=dump.stat().st_size, sha256=sha256(dump))
    with pytest.raises(CommandError, match="pg_restore: error"):
        said("restore", str(folder), "--database", name)
    assert holds_nothing(name)

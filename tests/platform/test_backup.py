"""manage.py backup: a dump and a fingerprint of one instant, whole or not at all, and no password where others can read it."""

import json
import resource
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings as now_set
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from config.jobs import backups as noted
from config.jobs.models import JobRun
from inventory.backups.manifest import DUMP, MANIFEST
from tests.platform.backed_up import backup, connected, edit, said

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "a-password-of-the-database-7"

# --- watching which programs are started, by the hook of the interpreter, which cannot be taken off again ----------
_watchers: list[Callable[[list[str]], object]] = []


def _hook(event: str, given: tuple[Any, ...]) -> None:
    if event == "subprocess.Popen" and _watchers:
        for watcher in _watchers:
            watcher([str(part) for part in given[1]])


sys.addaudithook(_hook)


@contextmanager
def watched(by: Callable[[list[str]], object]) -> Iterator[None]:
    _watchers.append(by)
    try:
        yield
    finally:
        _watchers.remove(by)


def elsewhere(act: Callable[[], object]) -> None:
    """Do it on a connection of another thread, as another process would, and wait for it."""

    def alone() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = Thread(target=alone)
    thread.start()
    thread.join()


# --- what it leaves --------------------------------------------------------------------------------
def test_it_leaves_a_dump_and_a_manifest_that_only_their_owner_reads(world, tmp_path):
    world.stock("250")
    into = tmp_path / "deep" / "down"
    words = said("backup", "--to", str(into))
    (folder,) = into.iterdir()
    assert f"Backed up to {folder}" in words
    assert sorted(path.name for path in folder.iterdir()) == [MANIFEST, DUMP]
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (into, folder, folder / DUMP, folder / MANIFEST)]
    assert modes == [0o700, 0o700, 0o600, 0o600]
    manifest = json.loads((folder / MANIFEST).read_text())
    assert manifest["size"] == (folder / DUMP).stat().st_size
    assert manifest["fingerprint"]["rows in inventory_lot"] == 1
    assert manifest["fingerprint"]["mass in balances, mg"] == 250_000_000
    assert manifest["migrations"]["inventory"] > "0001"


def test_it_is_noted_for_the_jobs_page(tmp_path):
    backup(tmp_path)
    row = JobRun.objects.get(job=noted.BACKUP)
    assert (row.ok, row.rows_seen > 0) == (True, True)
    standing = noted.standing(now=timezone.now() + timedelta(hours=27), overdue_hours=26)[noted.BACKUP]
    assert (standing.late, standing.words) == (True, "27 h 0 min")


def test_a_write_while_the_dump_runs_is_neither_in_the_dump_nor_in_the_manifest(world, tmp_path, empty):
    world.stock("250")

    def write(started: list[str]) -> None:
        if "--format=custom" in started:
            elsewhere(lambda: world.receive("125"))

    with watched(write):
        folder = backup(tmp_path)
    assert json.loads((folder / MANIFEST).read_text())["fingerprint"]["rows in inventory_lot"] == 1
    name = empty()
    assert "is whole" in said("restore", str(folder), "--database", name)
    with connection.cursor() as cursor, connected(name) as there:
        cursor.execute("SELECT count(*) FROM inventory_lot")
        assert cursor.fetchone() == (2,)
        assert there.execute("SELECT count(*) FROM inventory_lot").fetchone() == (1,)


# --- secrets ---------------------------------------------------------------------------------------
@pytest.mark.skipif(not now_set.EMBEDDED, reason="the password of an operator's server cannot be changed here")
def test_the_password_is_in_no_command_line_in_no_file_and_in_nothing_said(world, tmp_path, empty):
    started: list[list[str]] = []
    own = connection.settings_dict["PASSWORD"]
    connection.settings_dict["PASSWORD"] = SECRET  # the tests' server asks for none, and takes any
    connection.close()
    try:
        with watched(started.append):
            words = said("backup", "--to", str(tmp_path)) + said("restore", str(tmp_path), "--database", empty())
            words += said("drill", str(tmp_path))
    finally:
        connection.settings_dict["PASSWORD"] = own
        connection.close()
    assert {Path(line[0]).name for line in started} >= {"pg_dump", "pg_restore"}
    assert SECRET not in f"{started}{words}"
    assert all(SECRET.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


# --- what goes wrong -------------------------------------------------------------------------------
def test_a_dump_that_breaks_off_leaves_nothing(world, tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))  # as a disk that is full
    try:
        with pytest.raises(CommandError, match="pg_dump"):
            said("backup", "--to", str(tmp_path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []
    assert not JobRun.objects.get(job=noted.BACKUP).ok
    assert noted.standing(now=timezone.now(), overdue_hours=0)[noted.BACKUP].told.startswith("the last try failed")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError, match="cannot be written to .*file: .*Nothing was kept of it"):
        said("backup", "--to", str(tmp_path / "file"))


def program(folder: Path, name: str, says: str) -> None:
    folder.mkdir()
    (folder / name).write_text(f"#!/bin/sh\necho '{says}'\n")
    (folder / name).chmod(0o700)


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ("pg_dump (PostgreSQL) 9.6.24", r"pg_dump is of version 9 and cannot back up PostgreSQL \d+.*first in PATH"),
        ("hello", "pg_dump does not say its version"),
        ("", "There is no pg_dump here. Install PostgreSQL's client programs"),
    ],
)
def test_programs_that_are_missing_or_too_old_are_named(tmp_path, settings, monkeypatch, says, why):
    settings.EMBEDDED = False
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    if says:
        program(tmp_path / "bin", "pg_dump", says)
    with pytest.raises(CommandError, match=why):
        said("backup", "--to", str(tmp_path / "to"))
    assert not (tmp_path / "to").exists()


def test_a_second_backup_into_the_same_folder_waits_its_turn(world, tmp_path):
    refused: list[str] = []

    def again() -> None:
        with pytest.raises(CommandError) as error:
            said("backup", "--to", str(tmp_path))
        refused.append(str(error.value))

    def meanwhile(started: list[str]) -> None:
        if "--format=custom" in started:
            elsewhere(again)

    with watched(meanwhile):
        backup(tmp_path)
    assert "Another backup is being written" in refused[0]
    assert len(list(tmp_path.iterdir())) == 1


def test_what_a_killed_backup_left_is_cleared_by_the_next(tmp_path):
    (tmp_path / ".unfinished").mkdir()
    (tmp_path / ".unfinished" / DUMP).write_bytes(b"half")
    folder = backup(tmp_path)
    assert list(tmp_path.iterdir()) == [folder]


# --- keeping ---------------------------------------------------------------------------------------
def test_it_keeps_the_newest_and_touches_nothing_else(tmp_path):
    for day in (1, 2, 3):
        folder = backup(tmp_path)
        edit(folder, made_at=f"2020-01-0{day}T00:00:00+00:00")
        folder.rename(tmp_path / f"reserve-{day}")
    (tmp_path / "reserve-2" / DUMP).write_bytes(b"half")  # no good one: neither counted nor removed
    (tmp_path / "notes").mkdir()
    words = said("backup", "--to", str(tmp_path), "--keep", "2")
    assert f"Removed {tmp_path / 'reserve-1'}." in words
    left = sorted(path.name for path in tmp_path.iterdir())
    assert len(left) == 4
    assert left[0] == "notes"
    assert {"reserve-2", "reserve-3"} < set(left)


@pytest.mark.parametrize("number", ["0", "-1", "x", "٣"])
def test_it_never_keeps_none(tmp_path, number):
    with pytest.raises(CommandError, match="how many to keep is a number from 1 on"):
        said("backup", "--to", str(tmp_path), f"--keep={number}")
    assert list(tmp_path.iterdir()) == []

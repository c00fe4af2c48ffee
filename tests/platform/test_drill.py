"""manage.py drill: a backup is restored, proven and worked in beside the database, and nothing of it stays."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone
from psycopg import sql

from config.accounts.models import User
from config.jobs import backups as noted
from config.jobs.models import JobRun
from inventory.backups import drilling
from inventory.backups.manifest import DUMP, MANIFEST
from inventory.backups.programs import Failed
from inventory.backups.restoring import Progress
from tests.platform.backed_up import backup, connected, said

pytestmark = pytest.mark.django_db(transaction=True)


def scratch_databases() -> list[str]:
    with connected("postgres") as server:
        mine = f"{connection.settings_dict['NAME'][:40]}{drilling.MARK}%"
        return [name for (name,) in server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [mine])]


@pytest.mark.operator
def test_it_proves_the_newest_backup_and_leaves_nothing(world, tmp_path):
    world.stock("250")
    folder = backup(tmp_path)
    people = User.objects.count()
    words = said("drill", str(tmp_path))
    for step in (f"the dump of {folder}", "restored into", "ledger verified", "a person made for the drill signed in"):
        assert step in words
    assert "The backup is whole" in words
    assert (scratch_databases(), User.objects.count()) == ([], people)
    assert JobRun.objects.filter(job=noted.DRILL, ok=True).count() == 1
    drill = noted.standing(now=timezone.now(), overdue_hours=26)[noted.DRILL]
    assert drill.age is not None
    assert drill.age < timedelta(minutes=1)


def test_without_a_backup_it_makes_one(world, tmp_path):
    assert "The backup is whole" in said("drill", str(tmp_path / "none-yet"))
    assert len(list((tmp_path / "none-yet").glob("reserve-*"))) == 1


def test_it_finds_a_ledger_that_was_tampered_with_before_it_was_backed_up(world, tmp_path):
    lot = world.stock("250")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inventory_balance DISABLE TRIGGER USER")
        cursor.execute("UPDATE inventory_balance SET net_mg = net_mg + 1 WHERE net_mg > 0")
        cursor.execute("ALTER TABLE inventory_balance ENABLE TRIGGER USER")
    backup(tmp_path)
    with pytest.raises(CommandError, match=r"is NOT whole: it differs in \d+ places"):
        said("drill", str(tmp_path))
    assert scratch_databases() == []
    assert "is NOT whole" in JobRun.objects.get(job=noted.DRILL, ok=False).error
    assert lot


def test_it_finds_a_dump_that_is_not_what_was_backed_up(world, tmp_path):
    older = backup(tmp_path / "older")
    world.stock("250")
    folder = backup(tmp_path / "newer")
    # Who exchanges the dump can exchange its size and sum too; what the ledger was they would have to know.
    was = json.loads((folder / MANIFEST).read_text())
    of = json.loads((older / MANIFEST).read_text())
    (older / DUMP).replace(folder / DUMP)
    (folder / MANIFEST).write_text(json.dumps(was | {name: of[name] for name in ("size", "sha256")}))
    found = drilling.drill(source=folder, progress=Progress(lambda _line: None))
    assert "rows in inventory_lot: 1 in the backup, 0 here" in found
    assert "mass in balances, mg: 250000000 in the backup, None here" in found
    assert any(line.startswith("heads of the lots' chains") for line in found)


def test_it_says_which_right_is_missing(world, tmp_path):
    folder = backup(tmp_path)
    role = f"{connection.settings_dict['NAME']}_poor"
    own = connection.settings_dict["USER"]
    with connected("postgres") as server:
        if server.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() != (True,):
            pytest.skip("only a superuser can make the role that this needs")
        server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    try:
        connection.close()
        connection.settings_dict["USER"] = role
        with pytest.raises(Failed, match="permission denied to create database.*ALTER ROLE … CREATEDB"):
            drilling.drill(source=folder, progress=Progress(lambda _line: None))
    finally:
        connection.close()
        connection.settings_dict["USER"] = own
        with connected("postgres") as server:
            server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_it_says_when_nobody_can_work_in_what_was_restored(empty):
    with pytest.raises(Failed, match="does not work on what was restored: /healthz says 'no database'"):
        drilling._work_in(empty())

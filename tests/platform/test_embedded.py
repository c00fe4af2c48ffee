"""config.embedded: real servers from installed binaries, for as long as somebody uses them, and no trace elsewhere."""

import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from config import embedded
from config.embedded import lease, processes
from config.embedded.place import Place

ROOT = Path(__file__).resolve().parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "var" / "servers"
    yield folder
    embedded.release(folder)
    embedded.stop(folder)
    if (folder / "postgres-is-at").exists():
        embedded.wipe(folder)


def ask(folder, query):
    with psycopg.connect(embedded.database_url(folder), autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchone() if cursor.description else None


def valkey(folder):
    return redis.Redis(unix_socket_path=str(Place.at(folder).valkey_socket), decode_responses=True)


def postmaster(folder):
    data = Place.at(folder).postgres_data
    return processes.living(data / "postmaster.pid", data)


def user_of_servers(folder, then, **environment):
    """Another process that uses the servers, says so in a line, and then does something."""
    code = (
        "import os, sys; from pathlib import Path; from config import embedded; "
        f"folder = Path(sys.argv[1]); embedded.ensure(folder); print('ready', flush=True); {then}"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def permissions(*paths):
    """Mode, owner and group of the paths and all folders above them."""
    above = {found for path in paths for found in [path, *path.parents]}
    return {path: (oct(path.stat().st_mode), path.stat().st_uid, path.stat().st_gid) for path in above}


# --- starting and stopping ------------------------------------------------------------------------
def test_it_touches_nothing_for_an_address(folder):
    assert embedded.database_url(folder).startswith("postgres://reserve@/reserve?host=/tmp/reserve-")
    assert embedded.redis_url(folder).startswith("redis+socket:///tmp/reserve-")
    assert not embedded.running(folder)
    assert not folder.parent.exists()


def test_it_starts_both_once_and_stops_them_with_the_last_lease(folder):
    assert embedded.ensure(folder) is True
    assert embedded.running(folder)
    assert embedded.ensure(folder) is False
    pid = postmaster(folder)
    embedded.release(folder)
    assert not embedded.running(folder)
    assert not Path(f"/proc/{pid}").exists()
    assert not Place.at(folder).runtime.exists()
    assert embedded.ensure(folder) is True


def test_it_is_up_in_seconds(folder):
    began = time.monotonic()
    embedded.ensure(folder)
    assert time.monotonic() - began < 10  # an idle machine takes half a second, with making the data


def test_it_listens_on_sockets_only_and_keeps_what_it_is_told(folder):
    embedded.ensure(folder)
    names = ("listen_addresses", "fsync", "synchronous_commit", "full_page_writes", "data_checksums", "server_encoding")
    asked = ", ".join(f"current_setting('{name}')" for name in (*names, "max_connections", "timezone"))
    assert ask(folder, f"SELECT {asked}") == ("", "on", "on", "on", "on", "UTF8", "200", "UTC")
    told = valkey(folder).config_get("*")
    assert (told["port"], told["appendonly"], told["maxmemory-policy"]) == ("0", "yes", "noeviction")
    assert stat.S_IMODE(Place.at(folder).runtime.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_it_keeps_the_data(folder):
    embedded.ensure(folder)
    ask(folder, "CREATE TABLE kept AS SELECT 42 AS answer")
    valkey(folder).set("kept", "yes")
    embedded.release(folder)
    embedded.ensure(folder)
    assert ask(folder, "SELECT answer FROM kept") == (42,)
    assert valkey(folder).get("kept") == "yes"


def test_it_works_in_a_folder_too_deep_for_a_socket(tmp_path):
    folder = tmp_path / ("deep" * 20) / ("deeper" * 20) / "a folder with spaces"
    try:
        embedded.ensure(folder)
        assert ask(folder, "SELECT 1") == (1,)
    finally:
        embedded.release(folder)


# --- leases ---------------------------------------------------------------------------------------
def test_it_keeps_the_servers_for_another_user(folder):
    other = user_of_servers(folder, "sys.stdin.read(); embedded.release(folder)")
    assert embedded.ensure(folder) is False
    embedded.release(folder)
    assert embedded.running(folder)
    other.communicate()
    assert not embedded.running(folder)


def test_it_stops_the_servers_when_their_user_is_killed(folder):
    other = user_of_servers(folder, "sys.stdin.read()")
    other.kill()
    other.communicate()
    assert processes.wait_until(lambda: not embedded.running(folder) and postmaster(folder) is None, seconds=20)
    assert embedded.ensure(folder) is True


def test_it_has_one_keeper_however_often_servers_die(folder):
    embedded.ensure(folder)
    for _ in range(2):
        os.kill(postmaster(folder), signal.SIGKILL)
        assert processes.wait_until(lambda: not embedded.running(folder), seconds=5)
        assert embedded.ensure(folder) is True
    keepers = [
        path
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if b"lease.keep" in (text := _read(path)) and str(folder).encode() in text
    ]
    assert len(keepers) == 1


def _read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_it_wipes_the_data_but_not_under_a_user(folder):
    embedded.ensure(folder)
    with pytest.raises(embedded.Unavailable, match="in use"):
        embedded.wipe(folder)
    assert ask(folder, "SELECT 1") == (1,)
    embedded.release(folder)
    embedded.wipe(folder)
    assert {path.suffix for path in folder.iterdir()} == {".lock"}


# --- what goes wrong ------------------------------------------------------------------------------
def test_it_refuses_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(embedded.Unavailable, match="cannot be made or written .* VAR_DIR"):
        embedded.ensure(tmp_path / "file" / "servers")


def test_it_refuses_a_foreign_data_folder_and_leaves_it_alone(folder):
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "letter.txt").write_text("mine")
    with pytest.raises(embedded.Unavailable, match="not a whole PostgreSQL data directory"):
        embedded.ensure(folder)
    assert (folder / "data" / "letter.txt").read_text() == "mine"
    assert not embedded.running(folder)


def test_it_refuses_data_of_another_version(folder):
    embedded.ensure(folder)
    embedded.release(folder)
    (folder / "data" / "PG_VERSION").write_text("16\n")
    with pytest.raises(embedded.Unavailable, match="made by PostgreSQL 16"):
        embedded.ensure(folder)


def test_it_says_what_is_wrong_with_damaged_data(folder):
    embedded.ensure(folder)
    embedded.release(folder)
    (folder / "data" / "global" / "pg_control").write_bytes(b"\0" * 8192)
    with pytest.raises(embedded.Unavailable, match=r"does not start on .*(FATAL|PANIC).*demo-reset"):
        embedded.ensure(folder)
    assert postmaster(folder) is None


def test_it_forgets_a_start_that_was_broken_off(folder):
    (folder / "data-unfinished").mkdir(parents=True)
    (folder / "data-unfinished" / "PG_VERSION").write_text("18\n")
    embedded.ensure(folder)
    assert ask(folder, "SELECT 1") == (1,)
    assert not (folder / "data-unfinished").exists()


@pytest.mark.parametrize("named", ["another living process", "none"])
def test_it_starts_over_a_stale_pid_file(folder, named):
    embedded.ensure(folder)
    ask(folder, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(postmaster(folder), signal.SIGKILL)
    assert processes.wait_until(lambda: not embedded.running(folder), seconds=5)
    pid_file = folder / "data" / "postmaster.pid"
    if named == "another living process":
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert embedded.ensure(folder) is True
    assert ask(folder, "SELECT answer FROM kept") == (42,)


def test_it_starts_again_when_its_sockets_were_deleted(folder):
    embedded.ensure(folder)
    for path in (Place.at(folder).postgres_sockets / ".s.PGSQL.5432", Place.at(folder).valkey_socket):
        path.unlink()
    assert not embedded.running(folder)
    assert embedded.ensure(folder) is True
    assert ask(folder, "SELECT 1") == (1,)


def test_it_says_that_a_damaged_queue_may_be_deleted(folder):
    embedded.ensure(folder)
    embedded.release(folder)
    for path in (folder / "valkey" / "appendonlydir").glob("*.incr.aof"):
        path.write_bytes(b"*3\r\n$3\r\nSET\r\nnonsense" * 50)
    with pytest.raises(embedded.Unavailable, match="delete that folder and start again, nothing is lost"):
        embedded.ensure(folder)
    assert postmaster(folder) is None


def test_it_refuses_a_sockets_folder_that_somebody_put_there(folder, tmp_path):
    runtime = Place.at(folder).runtime
    runtime.symlink_to(tmp_path)
    try:
        with pytest.raises(embedded.Unavailable, match="belongs to somebody else"):
            embedded.ensure(folder)
    finally:
        runtime.unlink()


# --- root -----------------------------------------------------------------------------------------
@as_root
def test_it_refuses_another_users_folder(folder):
    folder.mkdir(parents=True)
    os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    with pytest.raises(embedded.Unavailable, match="belongs to user number"):
        embedded.ensure(folder)


@as_root
@pytest.mark.parametrize("namespaces", [True, False])
def test_it_leaves_accounts_and_permissions_alone(folder, tmp_path, namespaces):
    tmp_path.chmod(0o700)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "sh").symlink_to("/bin/sh")
    outside = [tmp_path, Path(sys.executable), Path("/var/lib"), Path("/tmp")]
    before = permissions(*outside), Path("/etc/passwd").read_text(), Path("/etc/group").read_text()
    # Without `unshare` in its PATH, root finds no user namespace and takes an account that is there.
    environment = {} if namespaces else {"PATH": str(programs)}
    other = user_of_servers(folder, "sys.stdin.read(); embedded.release(folder)", **environment)
    assert ask(folder, "SELECT current_user") == ("reserve",)
    elsewhere = Place.at(folder).elsewhere()
    account = Path(f"/proc/{postmaster(folder)}").stat().st_uid
    assert (account == 0, elsewhere is None) == (namespaces, namespaces)
    other.communicate()
    assert not embedded.running(folder)
    embedded.wipe(folder)
    assert (permissions(*outside), Path("/etc/passwd").read_text(), Path("/etc/group").read_text()) == before
    assert elsewhere is None or not elsewhere.exists()


@as_root
def test_it_lets_nobody_but_root_in_where_an_account_is_shared(folder, tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "sh").symlink_to("/bin/sh")
    other = user_of_servers(folder, "sys.stdin.read(); embedded.release(folder)", PATH=str(programs))
    account = Path(f"/proc/{postmaster(folder)}").stat().st_uid
    place = Place.at(folder)
    refused = _connect_as(account, place)
    other.communicate()
    assert "Peer authentication failed" in refused


def _connect_as(account, place):
    """Speak PostgreSQL's first words as an account and return what the server answers."""
    import socket
    import struct

    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.setgroups([])
            os.setgid(account)
            os.setuid(account)
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(place.postgres_sockets / ".s.PGSQL.5432"))
                body = struct.pack("!i", 196608) + b"user\0reserve\0database\0reserve\0\0"
                connection.sendall(struct.pack("!i", len(body) + 4) + body)
                os.write(writer, connection.recv(1000))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        return answer.read().decode(errors="replace")


# --- the secret key -------------------------------------------------------------------------------
def test_it_makes_one_secret_key_that_only_its_owner_reads(tmp_path):
    key = embedded.trial_secret_key(tmp_path / "var")
    assert len(set(key)) > 20
    assert embedded.trial_secret_key(tmp_path / "var") == key
    assert embedded.trial_secret_key(tmp_path / "other") != key
    path = tmp_path / "var" / "secret-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["secret-key"]


def test_it_refuses_a_damaged_secret_key(tmp_path):
    (tmp_path / "secret-key").write_text("short\n")
    with pytest.raises(embedded.Unavailable, match="damaged. Delete it"):
        embedded.trial_secret_key(tmp_path)


def test_it_says_where_a_secret_key_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(embedded.Unavailable, match="cannot be read or made .* VAR_DIR"):
        embedded.trial_secret_key(tmp_path / "file" / "var")


def test_a_lease_is_taken_once_by_a_process(folder):
    place = Place.at(folder)
    place.prepare()
    assert lease.take(place) is True
    assert lease.take(place) is False
    with lease.alone(place) as nobody_else:
        assert not nobody_else
    assert lease.give_back(place) is True
    with lease.alone(place) as nobody_else:
        assert nobody_else

"""`manage.py up` and the command line around it, as people use them: real processes, signals and folders."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from config import embedded
from config.embedded import processes

ROOT = Path(__file__).resolve().parents[2]
NOT_FOR_A_TRIAL = {"MODE", "TEST_RUN", "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PORT", "SECRET_KEY"}
PROGRAMS = {"web": "-m granian ", "worker": "config.celery_app worker ", "beat": "config.celery_app beat "}
# Each test runs a whole stack on two cores; one after the other is quicker than both at once.
pytestmark = [pytest.mark.long, pytest.mark.xdist_group("up")]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stack:
    """A trial in a folder of its own."""

    def __init__(self, var):
        self.var = var
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if name not in NOT_FOR_A_TRIAL}
        return {**kept, "VAR_DIR": str(self.var), "PORT": str(self.port), "PYTHONUNBUFFERED": "1", **more}

    def manage(self, *arguments, **more):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def up(self, **options):
        self.log = (self.var.parent / "up.log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=self.environment(),
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
            **options,
        )
        assert processes.wait_until(lambda: self.ended or "runs at" in self.said, seconds=90), self.said
        assert not self.ended, self.said
        return self

    @property
    def pid(self):
        return self.process.pid if self.process else None

    @property
    def ended(self):
        return self.process is not None and self.process.poll() is not None

    @property
    def said(self):
        return (self.var.parent / "up.log").read_text()

    def answers(self, path="/livez"):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def everything(self):
        """Every process of this trial: its folder stands in their environment or their command line."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                command = (process / "cmdline").read_bytes()
                if command and str(self.var).encode() in (process / "environ").read_bytes() + command:
                    found[int(process.name)] = command.replace(b"\0", b" ").decode()
        return found

    def children(self, word):
        """The children of `up` that run this program."""
        return [
            pid
            for pid, command in self.everything().items()
            if PROGRAMS[word] in command and Path(f"/proc/{pid}/stat").read_text().split()[3] == str(self.pid)
        ]

    def all_gone(self, *, seconds):
        return processes.wait_until(lambda: not self.everything(), seconds=seconds)

    def close(self):
        if self.process is not None:
            if not self.ended:
                self.process.terminate()
            self.process.wait(timeout=60)
            self.log.close()
        embedded.stop(self.var / "servers")


@pytest.fixture
def stack(tmp_path):
    stack = Stack(tmp_path / "var")
    yield stack
    stack.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp("running") / "var")
    stack.up()
    yield stack
    stack.close()


# --- a running stack ------------------------------------------------------------------------------
def test_it_serves_on_loopback_only(running):
    assert running.answers() == 200
    assert f"http://127.0.0.1:{running.port}" in running.said
    listening = Path("/proc/net/tcp").read_text().splitlines() + Path("/proc/net/tcp6").read_text().splitlines()
    addresses = [line.split()[1] for line in listening if line.split()[3] == "0A"]
    assert [address for address in addresses if address.endswith(f":{running.port:04X}")] == [
        f"0100007F:{running.port:04X}"
    ]


def test_it_runs_web_worker_and_beat_apart(running):
    groups = {os.getpgid(pid) for word in PROGRAMS for pid in running.children(word)}
    assert len(groups) == 3
    assert os.getpgid(running.process.pid) not in groups


def test_it_refuses_a_second_instance(running):
    second = running.manage("up", PORT=str(free_port()))
    assert second.returncode == 1
    assert f"runs already: process {running.process.pid}, http://127.0.0.1:{running.port}" in second.stderr
    assert "Traceback" not in second.stderr
    assert running.answers() == 200


def test_it_shares_its_servers_with_another_command(running):
    listed = running.manage("showmigrations", "jobs")
    assert (listed.returncode, "[X]" in listed.stdout) == (0, True), listed.stderr
    assert running.answers("/healthz") in {200, 503}


def test_it_is_not_wiped_while_it_runs(running):
    wiped = running.manage("wipe_trial")
    assert (wiped.returncode, "in use" in wiped.stderr, "Traceback" in wiped.stderr) == (1, True, False)
    assert running.answers() == 200


@pytest.mark.parametrize("word", PROGRAMS)
def test_it_starts_a_killed_child_again(running, word):
    (killed,) = running.children(word)
    os.kill(killed, signal.SIGKILL)
    assert processes.wait_until(lambda: bool(set(running.children(word)) - {killed}), seconds=20)
    assert processes.wait_until(lambda: running.answers() == 200, seconds=20)


def test_it_starts_a_killed_server_again(running):
    data = running.var / "servers" / "data"
    pid = processes.living(data / "postmaster.pid", data)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert processes.wait_until(lambda: "embedded server had died" in running.said, seconds=30)
    assert processes.wait_until(lambda: running.manage("showmigrations", "jobs").returncode == 0, seconds=20)


# --- stopping -------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_every_process_on_a_signal(stack, number):
    # A shell starts background jobs with SIGINT ignored; `up` must hear it all the same.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        stack.up()
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(stack.everything()) > 5
    stack.process.send_signal(number)
    assert stack.process.wait(timeout=40) == 0
    assert stack.all_gone(seconds=2), stack.everything()
    assert "Traceback" not in stack.said


def test_it_leaves_no_orphan_when_it_is_killed(stack):
    stack.up()
    assert len(stack.everything()) > 5
    stack.process.kill()
    stack.process.wait()
    assert stack.all_gone(seconds=30), stack.everything()


def test_it_keeps_the_data_and_is_quick_the_second_time(stack):
    stack.up()
    # The first fact that the registry recorded; a database made anew would have recorded it later.
    query = "from config.audit.models import RegistryFact; print(RegistryFact.objects.earliest('id').recorded_at.isoformat())"
    first = stack.manage("shell", "--verbosity", "0", "-c", query).stdout.split()
    assert len(first) == 1
    stack.process.terminate()
    stack.process.wait(timeout=40)
    (stack.var / "demo-people.json").write_text("[]")
    began = time.monotonic()
    stack.up()
    assert stack.answers() == 200
    assert time.monotonic() - began < 15
    assert stack.manage("shell", "--verbosity", "0", "-c", query).stdout.split() == first
    assert str(stack.var / "demo-people.json") in stack.said


# --- refusing in a sentence -----------------------------------------------------------------------
def refused(stack, *arguments, **more):
    answer = stack.manage(*arguments, **more)
    assert answer.returncode == 1
    assert "Traceback" not in answer.stdout + answer.stderr
    assert not stack.everything()
    return answer.stderr


def test_it_refuses_a_port_in_use(stack):
    with socket.socket() as other:
        other.bind(("127.0.0.1", stack.port))
        other.listen()
        assert f"Port {stack.port} is in use by another program" in refused(stack, "up")


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "８０００"])
def test_it_refuses_what_is_no_port(stack, port):
    assert "must be a number from 1 to 65535" in refused(stack, "up", PORT=port)


def test_it_refuses_a_folder_that_cannot_be_written(stack):
    stack.var.write_text("in the way")
    assert "VAR_DIR" in refused(stack, "up")


@pytest.mark.parametrize("command", ["up", "migrate"])
def test_it_refuses_a_dead_data_directory(stack, command):
    (stack.var / "servers" / "data").mkdir(parents=True)
    (stack.var / "servers" / "data" / "PG_VERSION").write_text("18\n")
    assert "not a whole PostgreSQL data directory" in refused(stack, command)


def test_it_refuses_settings_that_do_not_fit(stack):
    assert "Set both DATABASE_URL and REDIS_URL" in refused(stack, "migrate", DATABASE_URL="postgres://x@127.0.0.1/x")


# --- other commands -------------------------------------------------------------------------------
def test_a_command_starts_the_servers_it_needs_and_stops_them(stack):
    assert stack.manage("migrate", "--verbosity", "0").returncode == 0
    assert stack.manage("migrate", "--check").returncode == 0
    assert not stack.everything()
    wiped = stack.manage("wipe_trial")
    assert wiped.returncode == 0
    assert not (stack.var / "servers" / "data").exists()


@pytest.mark.parametrize(
    "arguments", [["help"], ["check"], ["migrate", "--help"], ["makemigrations", "--check", "-v0"]]
)
def test_a_command_that_needs_no_database_starts_none(stack, arguments):
    stack.manage(*arguments)
    assert not (stack.var / "servers").exists()


def test_it_wipes_nothing_but_a_trial(stack):
    secret = "a-key-of-more-than-fifty-characters-0123456789-abcdefghijklmnop"
    production = {"MODE": "production", "SECRET_KEY": secret, "ALLOWED_HOSTS": "x"}
    servers = {"DATABASE_URL": "postgres://x@127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1/0"}
    assert "Nothing was deleted" in refused(stack, "wipe_trial", **production, **servers)
    assert "Nothing was deleted" in refused(stack, "wipe_trial", **servers)

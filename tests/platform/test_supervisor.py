"""config.supervisor: real child processes, restarted with growing pauses and stopped with everything they started."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from config import supervisor
from config.embedded import processes

ROOT = Path(__file__).resolve().parents[2]
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def child(command, folder):
    return supervisor.Child("web", command, folder=folder)


def ended(pid):
    """Whether a process is gone, or dead and only waiting to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def test_it_starts_a_dead_child_again_after_pauses_that_grow(tmp_path):
    said: list[str] = []
    dying = child([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)
    now = 0.0
    for pause in (1, 2, 4, 8, 16, 30, 30):
        dying.tend(now=now, say=said.append)
        dying.process.wait()
        dying.tend(now=now, say=said.append)
        assert said[-1] == f"web ended (exit code 3); it starts again in {pause} s."
        dying.tend(now=now + pause - 0.1, say=said.append)
        assert dying.process is None
        now += pause


def test_it_forgives_a_child_that_was_well_for_a_minute(tmp_path):
    said: list[str] = []
    dying = child([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)
    for began, died in ((0, 0), (1, 2), (4, 65)):
        dying.tend(now=began, say=said.append)
        dying.process.wait()
        dying.tend(now=died, say=said.append)
    assert [line.rpartition(" in ")[2] for line in said] == ["1 s.", "2 s.", "1 s."]


def test_it_names_the_signal_that_ended_a_child(tmp_path):
    said: list[str] = []
    killed = child(SLEEP, tmp_path)
    killed.tend(now=0.0, say=said.append)
    killed.process.kill()
    killed.process.wait()
    killed.tend(now=0.0, say=said.append)
    assert said == ["web ended (signal SIGKILL); it starts again in 1 s."]


def test_it_clears_what_a_dead_child_left_in_its_group(tmp_path):
    dying = child(["sh", "-c", "sleep 600 & echo $! > grandchild"], tmp_path)
    dying.tend(now=0.0, say=print)
    dying.process.wait()
    grandchild = int((tmp_path / "grandchild").read_text())
    assert not ended(grandchild)
    dying.tend(now=0.0, say=print)
    assert processes.wait_until(lambda: ended(grandchild), seconds=5)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_all_on_a_signal(tmp_path, number):
    children = [child(SLEEP, tmp_path), child(SLEEP, tmp_path)]
    pids: list[int] = []

    def watch():
        if not pids:
            pids.extend(each.process.pid for each in children)
            threading.Timer(0.3, os.kill, (os.getpid(), number)).start()

    handler = signal.getsignal(number)
    supervisor.run(children, say=print, watch=watch)
    assert len(pids) == 2
    assert all(ended(pid) for pid in pids)
    assert signal.getsignal(number) is handler


def test_it_kills_a_child_that_will_not_end(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "GRACE_S", 0.5)
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); open('deaf', 'w'); time.sleep(600)"
    deaf = child([sys.executable, "-c", code], tmp_path)
    deaf.tend(now=0.0, say=print)
    assert processes.wait_until((tmp_path / "deaf").exists, seconds=10)
    pid = deaf.process.pid
    supervisor.stop([deaf])
    assert ended(pid)


def test_its_children_die_with_a_parent_that_is_killed(tmp_path):
    code = (
        "from pathlib import Path; from config import supervisor; import sys\n"
        "child = supervisor.Child('web', [sys.executable, '-c', 'import time; time.sleep(600)'], folder=Path('.'))\n"
        "supervisor.run([child], say=print, watch=lambda: print(child.process.pid, flush=True))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    assert processes.wait_until(lambda: ended(pid), seconds=5)


def test_its_children_hear_signals_that_it_was_told_to_ignore(tmp_path):
    code = "import signal; print(signal.getsignal(2) is signal.SIG_IGN, file=open('out', 'w'))"
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        hearing = child([sys.executable, "-c", code], tmp_path)
        hearing.tend(now=time.monotonic(), say=print)
        hearing.process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    assert (tmp_path / "out").read_text() == "False\n"

"""A server's process: found by its pid file, proven by its working directory, stopped by a signal."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

LARGEST_LOG = 10_000_000

# Children are kept so that a stopped one is reaped and never passes for a living one.
_children: list[subprocess.Popen[bytes]] = []


def keep(child: subprocess.Popen[bytes]) -> None:
    """Remember a started server, to reap it when it ends."""
    _children.append(child)


def reap() -> None:
    """Collect the servers we started that have ended."""
    _children[:] = [child for child in _children if child.poll() is None]


def living(pid_file: Path, folder: Path) -> int | None:
    """Return the process that the pid file names, if it lives and works in this folder.

    A number alone proves nothing after a crash: it may belong to another process by now.
    """
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        works_in = os.stat(f"/proc/{pid}/cwd")
        here = folder.stat()
    except (OSError, ValueError):
        return None
    return pid if (works_in.st_dev, works_in.st_ino) == (here.st_dev, here.st_ino) else None


def wait_until(true: Callable[[], bool], *, seconds: float) -> bool:
    """Wait until something holds; say whether it came to hold in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def stop(find: Callable[[], int | None], *signals: signal.Signals, seconds: float) -> None:
    """Send a process the signals, each after the one before was given its time."""
    for number in signals:
        pid = find()
        if pid is None:
            break
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            break
        if wait_until(lambda: find() is None, seconds=seconds):
            break
    reap()


def open_log(path: Path) -> IO[bytes]:
    """Open a server's log to append to; one that has grown large is set aside at a start."""
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".old.log"))
    return path.open("ab")


def last_complaint(log: Path, *, since: int, words: tuple[str, ...]) -> str:
    """Return the last line of a log, from an offset on, that tells why a server gave up."""
    with log.open("rb") as file:
        file.seek(since)
        lines = file.read().decode(errors="replace").splitlines()
    telling = [line for line in lines if any(word in line for word in words)] or lines or ["it left no message"]
    return telling[-1].strip()

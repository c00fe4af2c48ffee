"""A few child processes kept alive: restarted when they die, stopped together, not outliving their parent for long."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
# A child that lived this long was well; its next death starts the pauses from the beginning.
WELL_AFTER_S = 60.0
TICK_S = 0.2
GRACE_S = 15.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Child:
    """One supervised command, in a process group of its own."""

    name: str
    command: Sequence[str]
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    pause_s: float = field(default=FIRST_PAUSE_S, init=False)
    began: float = field(default=0.0, init=False)
    due: float = field(default=0.0, init=False)

    def tend(self, *, now: float, say: Callable[[str], object]) -> None:
        """Start the child when it is due; after a death, make it due after a pause that grows."""
        if self.process is None:
            if now >= self.due:
                self._start(now=now)
        elif (code := self.process.poll()) is not None:
            self.signal(signal.SIGKILL)  # what it left behind in its group
            self.process = None
            self.pause_s = FIRST_PAUSE_S if now - self.began > WELL_AFTER_S else self.pause_s
            self.due = now + self.pause_s
            say(f"{self.name} ended ({_reason(code)}); it starts again in {self.pause_s:.0f} s.")
            self.pause_s = min(self.pause_s * 2, LONGEST_PAUSE_S)

    def _start(self, *, now: float) -> None:
        parent = os.getpid()
        self.began = now
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: _die_with(parent),  # this process has no other thread
        )

    def signal(self, number: signal.Signals) -> None:
        """Signal the child's whole group."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except (ProcessLookupError, PermissionError):
                return

    @property
    def alive(self) -> bool:
        """Whether any process of the child's group is left."""
        if self.process is None:
            return False
        self.process.poll()
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


def run(children: Sequence[Child], *, say: Callable[[str], object], watch: Callable[[], object]) -> None:
    """Keep the children alive until SIGINT, SIGTERM or SIGHUP, then stop them all.

    `watch` is called at every tick, a few times a second, for what else must be kept up.
    """
    asked = threading.Event()
    before = {number: signal.signal(number, _setter(asked)) for number in SIGNALS}
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    try:
        while not asked.is_set():
            now = time.monotonic()
            for child in children:
                child.tend(now=now, say=say)
            watch()
            asked.wait(TICK_S)
    finally:
        # The handlers stay until all is stopped, so that an impatient second Ctrl-C leaves no child behind.
        stop(children)
        for number, handler in before.items():
            signal.signal(number, handler)


def stop(children: Sequence[Child]) -> None:
    """Ask all children to end, and end what is left after the grace."""
    for child in children:
        child.signal(signal.SIGTERM)
    end = time.monotonic() + GRACE_S
    while any(child.alive for child in children) and time.monotonic() < end:
        time.sleep(0.05)
    for child in children:
        child.signal(signal.SIGKILL)
        if child.process is not None:
            child.process.wait()
            child.process = None


def _setter(asked: threading.Event) -> Callable[[int, FrameType | None], None]:
    return lambda _number, _frame: asked.set()


def _die_with(parent: int) -> None:
    """In the child: be told to end when the parent dies, even by SIGKILL; take signals as if started from a shell."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

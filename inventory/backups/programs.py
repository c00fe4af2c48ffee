"""PostgreSQL's own programs. Where the database is and who asks, they are told by their environment alone: everybody on
the machine can read a command line.
"""

import os
import re
import shutil
import subprocess

from django.conf import settings
from django.db import connection
from psycopg import pq

from config import embedded


class Failed(Exception):
    """A backup, a restore or a drill that cannot be; the message is a sentence for people and says what to do."""


def first_line(error: Exception) -> str:
    """What the database complained of; further lines are hints."""
    return str(error).strip().partition("\n")[0].rstrip(".")


def version(name: str) -> int:
    """The major version of pg_dump or pg_restore. Raises Failed where there is none."""
    said = subprocess.run([_path(name), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    if found is None:
        raise Failed(f"{name} does not say its version, so it is of no use. Install PostgreSQL's client programs anew.")
    return int(found[1])


def server() -> int:
    """The major version of the server that Django is connected to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::integer / 10000")
        return int(cursor.fetchone()[0])


def run(name: str, *arguments: str) -> None:
    """Run it on the database that Django is connected to. Raises Failed with what the program complained of."""
    done = subprocess.run(
        [_path(name), "--no-password", *arguments],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        umask=0o077,
        check=False,
    )
    if done.returncode:
        lines = [line for line in done.stderr.decode(errors="replace").splitlines() if "error:" in line]
        raise Failed(lines[0].strip() if lines else f"{name} broke off (it ended with {done.returncode}).")


def environment() -> dict[str, str]:
    """What libpq reads instead of arguments, from the very parameters with which Django connects."""
    given = connection.get_connection_params()
    named = {option.keyword.decode(): option.envvar for option in pq.Conninfo.get_defaults()}
    ours = {
        envvar.decode(): str(given[keyword])
        for keyword, envvar in named.items()
        if envvar and given.get(keyword) is not None
    }
    return {**os.environ, **ours, "LC_ALL": "C"}


def _path(name: str) -> str:
    found = shutil.which(name, path=str(embedded.programs()) if settings.EMBEDDED else None)
    if found is None:
        raise Failed(f"There is no {name} here. Install PostgreSQL's client programs (Debian: postgresql-client).")
    return found

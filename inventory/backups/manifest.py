"""The manifest beside a dump: which dump it is of, which version made it, and what the ledger was at that instant."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from inventory.backups.fingerprint import Fingerprint
from inventory.backups.programs import Failed

FORMAT = 1
DUMP, MANIFEST = "reserve.dump", "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """`migrations` names the last one of each app; `server` and `pg_dump` are major versions; `anchor` is the last one as
    `verify_ledger --anchor-out` writes it, or empty.
    """

    made_at: str
    migrations: dict[str, str]
    server: int
    pg_dump: int
    size: int
    sha256: str
    fingerprint: Fingerprint
    anchor: str
    format: int = FORMAT

    def text(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises Failed where there is none, or none that this version can read."""
    path = folder / MANIFEST
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if body["format"] > FORMAT:
            raise Failed(f"{path} was written by a newer version of the reserve. Restore it with that version.")
        found = Manifest(**body)
        if {name: type(value) for name, value in asdict(found).items()} != Manifest.__annotations__ | _PLAIN:
            raise TypeError
    except OSError as error:
        raise Failed(f"{folder} holds no backup that can be read: {MANIFEST}: {error.strerror}.") from None
    except (ValueError, TypeError, KeyError):
        raise Failed(f"{path} is damaged: it is no manifest of a backup. Take another backup.") from None
    return found


_PLAIN = {"migrations": dict, "fingerprint": dict}


def check(folder: Path) -> Manifest:
    """The manifest, once its dump is proven to be the very one that was written, and of a version that is known here.

    Raises Failed, with what is wrong.
    """
    found, dump = read(folder), folder / DUMP
    try:
        size, digest = dump.stat().st_size, sha256(dump)
    except OSError as error:
        raise Failed(f"{dump} cannot be read: {error.strerror}. Take another backup.") from None
    if size != found.size:
        how = "it was cut off" if size < found.size else "something was added"
        raise Failed(f"{dump} is damaged: {how} ({size:,} bytes, not {found.size:,}). Take another backup.")
    if digest != found.sha256:
        raise Failed(f"{dump} is damaged, or not the one of its manifest: its SHA-256 differs. Take another backup.")
    known = set(MigrationLoader(None).disk_migrations or ())
    strange = sorted(f"{app}.{name}" for app, name in found.migrations.items() if (app, name) not in known)
    if strange:
        raise Failed(
            f"{folder} was made by a newer version of the reserve: {', '.join(strange)} is not known here. "
            "Restore it with that version."
        )
    return found


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def last_migrations() -> dict[str, str]:
    """The last migration of each app that the database has seen; not of apps that were removed since."""
    ours = MigrationLoader(None).migrated_apps
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT ON (app) app, name FROM django_migrations ORDER BY app, name DESC")
        return {app: name for app, name in cursor.fetchall() if app in ours}


def good(folder: Path) -> Iterator[Path]:
    """The whole backups in a folder, newest first. Says nothing of what else lies there."""
    there = []
    for path in folder.glob(f"*/{MANIFEST}"):
        try:
            found = read(path.parent)
            if (path.parent / DUMP).stat().st_size == found.size:
                there.append((found.made_at, path.parent))
        except (Failed, OSError):
            continue
    return (path for _, path in sorted(there, reverse=True))


def newest(folder: Path) -> Path | None:
    """The backup that this folder is, or the newest one in it."""
    return folder if (folder / MANIFEST).exists() else next(good(folder), None)

"""Where the embedded servers live: a folder for their data, a short one for their sockets."""

import hashlib
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path


class Unavailable(Exception):
    """The embedded servers cannot be used; the message is a sentence for people and says what to do."""


@dataclass(frozen=True)
class Place:
    """The folders and files of one pair of servers."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> "Place":
        return cls(Path(os.path.realpath(folder)))

    @property
    def digest(self) -> str:
        return hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]

    @property
    def runtime(self) -> Path:
        """The sockets' folder: a socket's path is limited to 107 bytes, and the project may lie deep."""
        return Path("/tmp") / f"reserve-{self.digest}"

    @property
    def postgres_sockets(self) -> Path:
        return self.runtime / "pg"

    @property
    def valkey_socket(self) -> Path:
        return self.runtime / "valkey.sock"

    @property
    def valkey_data(self) -> Path:
        return self.folder / "valkey"

    @property
    def postgres_log(self) -> Path:
        return self.folder / "postgres.log"

    @property
    def valkey_log(self) -> Path:
        return self.folder / "valkey.log"

    @property
    def pointer(self) -> Path:
        """Names the folder outside, when PostgreSQL's account may not enter this one."""
        return self.folder / "postgres-is-at"

    def elsewhere(self) -> Path | None:
        """Return PostgreSQL's own folder outside this one, if it has one."""
        return Path(self.pointer.read_text().strip()) if self.pointer.exists() else None

    @property
    def postgres_data(self) -> Path:
        return (self.elsewhere() or self.folder) / "data"

    def prepare(self) -> None:
        """Make the data folder, or refuse one that cannot be written or is somebody else's."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error.strerror) from error
        if not os.access(self.folder, os.R_OK | os.W_OK | os.X_OK):
            raise self._unwritable("no permission")
        owner = self.folder.stat().st_uid
        if owner != os.geteuid():
            raise Unavailable(
                f"{self.folder} belongs to user number {owner}. Run as that user, or set VAR_DIR to a folder of yours."
            )

    def _unwritable(self, why: str | None) -> Unavailable:
        return Unavailable(
            f"The folder {self.folder} cannot be made or written ({why}). "
            "Make it writable for you, or set VAR_DIR to a folder that is."
        )

    def enter_runtime(self, *, mode: int = 0o700) -> None:
        """Make the sockets' folder, or refuse one that somebody else has put there."""
        self.runtime.mkdir(mode=0o700, exist_ok=True)
        found = self.runtime.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise Unavailable(f"{self.runtime} belongs to somebody else. Ask them, or root, to remove it.")
        self.runtime.chmod(mode)

    def leave_runtime(self) -> None:
        """Remove the sockets' folder, if it is ours."""
        if self.runtime.is_dir() and not self.runtime.is_symlink() and self.runtime.lstat().st_uid == os.geteuid():
            shutil.rmtree(self.runtime, ignore_errors=True)

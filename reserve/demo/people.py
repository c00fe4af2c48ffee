"""The demo people: two of warehouse, manager and administrator, one of the other roles. Random passwords, printed once."""

import json
import os
import secrets
from pathlib import Path
from typing import NamedTuple

from config.accounts.models import User


class Person(NamedTuple):
    username: str
    name: str
    role: str
    sites: tuple[str, ...] = ()


PEOPLE = (
    Person("wes", "Wes Hollow", "warehouse", ("HAM", "WAR", "SCO", "PPL")),
    Person("wanda", "Wanda Creek", "warehouse", ("PPL", "CUR", "WEN", "HAM")),
    Person("paula", "Paula Order", "procurement"),
    Person("max", "Max Level", "manager"),
    Person("mira", "Mira Cover", "manager"),
    Person("alma", "Alma Proof", "auditor"),
    Person("adam", "Adam Keys", "administrator"),
    Person("agnes", "Agnes Lock", "administrator"),
)


def create() -> dict[str, tuple[User, str]]:
    """Create the demo people: user name -> (user, password)."""
    found = {}
    for person in PEOPLE:
        password = secrets.token_urlsafe(12)
        user = User.objects.create_user(
            person.username, password, name=person.name, roles=[person.role], site_codes=list(person.sites)
        )
        found[person.username] = (user, password)
    return found


def write(file: Path, created: dict[str, tuple[User, str]]) -> None:
    """Write user names, passwords, roles and sites to a file that only its owner may read."""
    rows = [
        {"username": name, "password": password, "role": user.roles[0], "sites": user.site_codes}
        for name, (user, password) in created.items()
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(rows, out, indent=1)

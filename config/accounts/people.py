"""The people of the system with their roles and sites. Reads only."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from config.accounts.matrix import Role
from config.accounts.models import SYSTEM_USERNAME, User
from config.accounts.refusals import PersonNotFound
from config.accounts.ties import Hands, Tie

AWAY = timedelta(days=90)
COLUMNS = ("id", "username", "name", "email", "roles", "site_codes", "is_active", "date_joined", "last_login")


@dataclass(frozen=True)
class PersonRow:
    """One person. `roles` and `site_codes` hold from their next request on; `last_login` is None until they came."""

    id: int
    username: str
    name: str
    email: str
    roles: list[str]
    site_codes: list[str]
    is_active: bool
    date_joined: datetime
    last_login: datetime | None

    @property
    def trouble(self) -> str:
        """What is missing for this person to work, or ""."""
        if not self.is_active:
            return ""
        if not self.roles:
            return _("no role")
        return _("no site") if Role.WAREHOUSE in self.roles and not self.site_codes else ""

    @property
    def hands(self) -> Hands:
        """Who has a hand in what is done about the person: they themselves."""
        return {Tie.ABOUT: [self.id]}

    @property
    def seen(self) -> str:
        """What a form was opened on: another value when name, address, roles, sites or state have changed since."""
        return stamp(self)


def stamp(person: "PersonRow | User") -> str:
    """Short fingerprint of what administrators write about a person."""
    facts = [person.name, person.email, sorted(person.roles), sorted(person.site_codes), person.is_active]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class PeopleFilters:
    """What to narrow to; empty means anything. `state` is active, disabled or troubled; `search` part of a name."""

    role: str = ""
    site: str = ""
    state: str = ""
    search: str = ""


def names() -> list[tuple[str, str]]:
    """User name and name of everybody who can stand in a record, by name, the system's own actor too; one query."""
    return list(User.objects.order_by("name").values_list("username", "name"))


def kept(row: PersonRow, wanted: PeopleFilters) -> bool:
    """Whether a person is one of those asked for."""
    text = wanted.search.casefold()
    states = {"": True, "active": row.is_active, "disabled": not row.is_active, "troubled": bool(row.trouble)}
    return (
        (not wanted.role or wanted.role in row.roles)
        and (not wanted.site or wanted.site in row.site_codes)
        and any(text in value.casefold() for value in (row.name, row.username, row.email))
        and states.get(wanted.state, False)
    )


def listing(filters: PeopleFilters | None = None) -> list[PersonRow]:
    """Everybody, by name; one query. Who calls has asked for `people.see`. The system's own actor is not a person."""
    rows = User.objects.exclude(username=SYSTEM_USERNAME).order_by("-is_active", "name", "username")
    found = [PersonRow(*line) for line in rows.values_list(*COLUMNS)]
    return [row for row in found if kept(row, filters)] if filters else found


def one(username: str) -> PersonRow:
    """One person; one query. Raises PersonNotFound. Who calls has asked for `people.see`."""
    rows = User.objects.exclude(username=SYSTEM_USERNAME).filter(username=username)
    found = rows.values_list(*COLUMNS).first() if "\0" not in username else None
    if found is None:
        raise PersonNotFound()
    return PersonRow(*found)


@dataclass(frozen=True)
class Waiting:
    """What an administrator has to see to: `grants` wait for this one's word; people who cannot work; who stays away."""

    grants: int
    troubled: list[PersonRow]
    away: list[PersonRow]


def waiting(*, user: User, now: datetime) -> Waiting:
    """What waits for this administrator; two queries. `away` has not signed in for 90 days, or never since they joined."""
    from config.approvals import reads  # asks accounts who may decide

    found = [row for row in listing() if row.is_active]
    return Waiting(
        grants=reads.waiting_for(user=user),
        troubled=[row for row in found if row.trouble],
        away=[row for row in found if (row.last_login or row.date_joined) < now - AWAY],
    )

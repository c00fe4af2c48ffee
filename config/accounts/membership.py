"""Adding a person, and what they are called. A new person may do nothing: roles and sites are given by two administrators."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from config.accounts import grants, people
from config.accounts.matrix import require
from config.accounts.models import SYSTEM_USERNAME, User
from config.accounts.people import stamp
from config.accounts.refusals import BadAddress, BadUsername, NameTaken
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Stale

_USERNAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,63}", re.ASCII)
# Addresses under /people/ that are no person.
RESERVED = frozenset({"new", "as-of", "grants", SYSTEM_USERNAME})


def add(
    *, by: By, username: str, name: str, email: str = "", roles: list[str], sites: list[str], reason: str
) -> Answer:
    """Add a person without rights, and propose these roles and sites, if any, to another administrator.

    Nobody can sign in as them until they have chosen a password. The answer has `person`, and `request` or None.
    Refuses BadUsername, NameTaken, BadText, BadAddress, and what grants.change refuses.
    """
    body = {"person": username, "name": name, "email": email, "roles": roles, "sites": sites, "reason": reason}

    def act(opened: Opened) -> Answer:
        require(opened.actor, "people.write")
        if not isinstance(username, str) or not _USERNAME.fullmatch(username) or username in RESERVED:
            raise BadUsername()
        if User.objects.filter(username=username).exists():
            raise NameTaken(username=username)
        row = User.objects.create_user(username, name=_name(name), email=_email(email))
        if not (roles or sites):
            edge.text(reason, what=_("Reason"), longest=1000, required=True, lines=True, field="reason")
            return {"person": username, "request": None}
        return grants.change(by=opened, person=username, roles=roles, sites=sites, seen=stamp(row), reason=reason)

    return run(by, kind="people.add", request=body, act=act)


def edit(*, by: By, person: str, name: str, email: str, seen: str) -> Answer:
    """Change what a person is called and their address; both are on record. Refuses PersonNotFound, Stale, BadText, BadAddress."""
    body = {"person": person, "name": name, "email": email, "seen": seen}

    def act(opened: Opened) -> Answer:
        require(opened.actor, "people.write")
        row = User.objects.select_for_update().get(pk=people.one(person).id)
        if stamp(row) != seen:
            raise Stale(what=row.name)
        row.name, row.email = _name(name), _email(email)
        row.save(update_fields=["name", "email"])
        return {"person": row.username}

    return run(by, kind="people.edit", request=body, act=act)


def _name(given: str) -> str:
    return edge.text(given, what=_("Name"), longest=120, required=True, field="name")


def _email(given: str) -> str:
    clean = edge.text(given, what=_("E-mail"), longest=254, field="email")
    if clean:
        try:
            validate_email(clean)
        except ValidationError:
            raise BadAddress() from None
    return clean

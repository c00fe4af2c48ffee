"""What people may do: given by two administrators, taken away by one.

Whoever adds a role, a site or the right to sign in only proposes it; another administrator agrees, and neither of them is
the person it is about. What is taken away ends at once. Two administrators always stay, so that somebody can agree.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy, gettext_noop

from config.accounts import delegations, ending, sites
from config.accounts.matrix import Role, allow, require
from config.accounts.models import SYSTEM_USERNAME, User
from config.accounts.people import stamp
from config.accounts.refusals import (
    AccessChanged,
    AlreadyDisabled,
    AskerGone,
    GrantWaits,
    IsDisabled,
    NotDisabled,
    NothingChanges,
    NotIndependent,
    PersonNotFound,
    SiteNeeded,
    TooFewAdministrators,
    UnknownRole,
    UnknownSite,
)
from config.accounts.ties import Tie
from config.approvals import requests
from config.approvals.models import Request
from config.approvals.said import Said
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.models import Command
from config.audit.refused import Stale

KIND = "people.grant"
FEWEST = 2
SUMMARY = 300
INDEPENDENT_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Access:
    """Roles and sites, each in order and once."""

    roles: list[str]
    sites: list[str]


def change(*, by: By, person: str, roles: list[str], sites: list[str], seen: str, reason: str) -> Answer:
    """Bring a person's roles and sites to these: what is missing here ends at once, what is new waits for another administrator.

    `seen` is the stamp of the person as shown (people.PersonRow.seen). The answer has `taken` (list of words) and
    `request` (its number, or None). Refuses Stale, UnknownRole, UnknownSite, SiteNeeded, NothingChanges, NotForYourself,
    IsDisabled, GrantWaits, TooFewAdministrators, NotAllowed, PersonNotFound.
    """
    body = {"person": person, "roles": roles, "sites": sites, "seen": seen, "reason": reason}

    def act(opened: Opened) -> Answer:
        require(opened.actor, "people.write")
        why = _why(reason)
        row = _locked(person)
        if stamp(row) != seen:
            raise Stale(what=row.name)
        wanted = Access(_roles(roles), _sites(sites, row))
        added, taken = _difference(row, wanted)
        if not (added.roles or added.sites or taken.roles or taken.sites):
            raise NothingChanges(name=row.name)
        if Role.WAREHOUSE in added.roles and not wanted.sites:
            raise SiteNeeded()
        _take(row, taken)
        delegations.end_what_lapsed(opened=opened, person=row)
        number = _propose(opened, row, added, why) if added.roles or added.sites else None
        return {"person": row.username, "taken": [*taken.roles, *taken.sites], "request": number}

    return run(by, kind="people.change_access", request=body, act=act)


def disable(*, by: By, person: str, reason: str) -> Answer:
    """Shut a person out at once: no sign-in, their sessions and tokens are gone for good. Roles and sites stay on record.

    Refuses AlreadyDisabled, TooFewAdministrators, NotAllowed, PersonNotFound.
    """

    def act(opened: Opened) -> Answer:
        require(opened.actor, "people.write")
        _why(reason)
        row = _locked(person)
        if not row.is_active:
            raise AlreadyDisabled(name=row.name)
        if Role.ADMINISTRATOR in row.roles:
            _keep_two(row)
        row.is_active = False
        row.save(update_fields=["is_active"])
        delegations.end_what_lapsed(opened=opened, person=row)
        return {"person": row.username, **ending.everything(person=row)}

    return run(by, kind="people.disable", request={"person": person, "reason": reason}, act=act)


def enable(*, by: By, person: str, reason: str) -> Answer:
    """Ask for a person to be let in again with the roles and sites on record; another administrator has to agree.

    Refuses NotDisabled, NotForYourself, GrantWaits, NotAllowed, PersonNotFound.
    """

    def act(opened: Opened) -> Answer:
        require(opened.actor, "people.write")
        why = _why(reason)
        row = _locked(person)
        if row.is_active:
            raise NotDisabled(name=row.name)
        return {"person": row.username, "request": _propose(opened, row, Access([], []), why, enable=True)}

    return run(by, kind="people.enable", request={"person": person, "reason": reason}, act=act)


def apply(opened: Opened, request: Request) -> Answer:
    """Give what was asked for; called with the last agreement. Refuses AccessChanged, AskerGone, NotIndependent, UnknownSite."""
    body = request.body
    row = _locked(body["person"])
    require_independent(opened, request)
    if stamp_of_access(row) != body["seen"]:
        raise AccessChanged(name=row.name)
    for code in set(body["sites"]) - sites.codes():
        raise UnknownSite(site=code)
    row.roles = sorted({*row.roles, *body["roles"]})
    row.site_codes = sorted({*row.site_codes, *body["sites"]})
    row.is_active = row.is_active or body["enable"]
    row.save(update_fields=["roles", "site_codes", "is_active"])
    delegations.end_what_lapsed(opened=opened, person=row)
    return {"person": row.username, "roles": row.roles, "sites": row.site_codes, "is_active": row.is_active}


ACT = requests.TwoPersonAct(KIND, gettext_lazy("Access"), "people.approve", apply)


def require_independent(opened: Opened, request: Request) -> None:
    """Refuse where one person may stand behind who asked and who agrees: AskerGone, NotIndependent."""
    asker = User.objects.get(pk=request.requester_id)
    if not (asker.is_active and Role.ADMINISTRATOR in asker.roles):
        raise AskerGone(name=asker.name)
    if _gave_a_password(asker, opened):
        raise NotIndependent(name=asker.name)


def stamp_of_access(row: User) -> dict[str, Any]:
    """What a grant was proposed on: roles, sites and state at that moment."""
    return {"roles": sorted(row.roles), "sites": sorted(row.site_codes), "is_active": row.is_active}


def _locked(username: str) -> User:
    """The person, locked together with every administrator, in key order: how many there are cannot change meanwhile."""
    rows = User.objects.select_for_update().filter(Q(username=username) | Q(roles__contains=[Role.ADMINISTRATOR]))
    found = {row.username: row for row in rows.order_by("pk")} if "\0" not in username else {}
    if username not in found or username == SYSTEM_USERNAME:
        raise PersonNotFound()
    return found[username]


def _gave_a_password(asker: User, opened: Opened) -> bool:
    """Whether who asked could have come in as who agrees: one person behind two names is one person."""
    given = Command.objects.filter(actor=asker, kind="people.reset_password", outcome=Command.Outcome.DONE)
    return given.filter(request__person=opened.actor.username, recorded_at__gt=opened.now - INDEPENDENT_AFTER).exists()


def _why(reason: str) -> str:
    return edge.text(reason, what=gettext_lazy("Reason"), longest=1000, required=True, lines=True)


def _roles(given: list[str]) -> list[str]:
    for role in given:
        if role not in list(Role):
            raise UnknownRole(role=str(role)[:64])
    return sorted(set(given))


def _sites(given: list[str], row: User) -> list[str]:
    for code in set(given) - sites.codes() - set(row.site_codes):
        raise UnknownSite(site=str(code)[:64])
    return sorted(set(given))


def _difference(row: User, wanted: Access) -> tuple[Access, Access]:
    """What is added, and what is taken away."""
    now = Access(row.roles, row.site_codes)
    added = Access(sorted(set(wanted.roles) - set(now.roles)), sorted(set(wanted.sites) - set(now.sites)))
    taken = Access(sorted(set(now.roles) - set(wanted.roles)), sorted(set(now.sites) - set(wanted.sites)))
    return added, taken


def _take(row: User, taken: Access) -> None:
    if taken.roles or taken.sites:
        if Role.ADMINISTRATOR in taken.roles and row.is_active:
            _keep_two(row)
        row.roles = [role for role in row.roles if role not in taken.roles]
        row.site_codes = [code for code in row.site_codes if code not in taken.sites]
        row.save(update_fields=["roles", "site_codes"])


def _keep_two(row: User) -> None:
    """Refuse what would leave fewer than two administrators who may sign in. `_locked` holds all of them."""
    others = User.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRATOR]).exclude(pk=row.pk)
    if others.count() < FEWEST:
        raise TooFewAdministrators()


def _propose(opened: Opened, row: User, added: Access, reason: str, *, enable: bool = False) -> int:
    allow(opened.actor, "people.grant", hands={Tie.ABOUT: [row.pk]})
    if not (row.is_active or enable):
        raise IsDisabled(name=row.name)
    pending = Request.objects.filter(kind=KIND, about=row, state=Request.State.PENDING).values_list("pk", flat=True)
    for number in pending:
        raise GrantWaits(request=number, name=row.name)
    body = {"person": row.username, "roles": added.roles, "sites": added.sites, "enable": enable}
    asked = requests.ask(
        opened,
        kind=KIND,
        subject=row.username,
        site_code="",
        summary=_summary(row, added, enable),
        body={**body, "seen": stamp_of_access(row)},
        reason=reason,
        about=row.pk,
    )
    return asked.pk


def _summary(row: User, added: Access, enable: bool) -> str | Said:
    """In words; too long to be kept as a sentence, it is cut off in English."""
    roles, codes = (row.roles, row.site_codes) if enable else (added.roles, added.sites)
    what = [Said(gettext_noop("role {role}"), {"role": role}) for role in roles]
    what += [Said(gettext_noop("site {site}"), {"site": code}) for code in codes]
    words = gettext_noop("Let {name} sign in again, with {what}") if enable else gettext_noop("Give {name}: {what}")
    said = Said(words, {"name": row.name, "what": what or [Said(gettext_noop("no role"), {})]})
    return said if len(str(said)) <= SUMMARY else str(said)[: SUMMARY - 1] + "…"

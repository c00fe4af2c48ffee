"""Who could do what at any moment that is on record: read from the registry chain, which triggers write. Reads only."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Min
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from config.accounts.models import SYSTEM_USERNAME, User
from config.accounts.people import PeopleFilters, PersonRow, kept
from config.approvals.models import Request
from config.audit.models import Command, RegistryFact

SUBJECT = User._meta.db_table
LATEST = 200


@dataclass(frozen=True)
class Change:
    """One change of what is on record about a person. `request` is the number of the request that was agreed to."""

    at: datetime
    who: str
    what: list[str] = field(default_factory=list)
    reason: str = ""
    request: int | None = None


def began() -> datetime | None:
    """The first moment that is on record, or None; one query."""
    found: datetime | None = RegistryFact.objects.filter(subject=SUBJECT).aggregate(first=Min("recorded_at"))["first"]
    return found


def as_of(*, at: datetime, filters: PeopleFilters | None = None, person_id: int | None = None) -> list[PersonRow]:
    """Everybody's name, roles, sites and state as they stood at `at`, by name; one query. Who calls has `people.see`.

    When somebody last signed in is not on record; it is None here.
    """
    facts = RegistryFact.objects.filter(subject=SUBJECT, recorded_at__lte=at)
    if person_id is not None:
        facts = facts.filter(subject_id=person_id)
    last = facts.order_by("subject_id", "-seq").distinct("subject_id").values_list("act", "body")
    rows = [_person(json.loads(body)) for act, body in last if act != "delete"]
    shown = [row for row in rows if row.username != SYSTEM_USERNAME and kept(row, filters or PeopleFilters())]
    return sorted(shown, key=lambda row: (not row.is_active, row.name, row.username))


def history(*, person_id: int) -> list[Change]:
    """What changed about a person, the latest first: at most 200 changes; three queries. Who calls has `people.see`."""
    facts = RegistryFact.objects.filter(subject=SUBJECT, subject_id=person_id).order_by("-seq")[: LATEST + 1]
    rows = list(facts.values_list("act", "body", "command_id", "recorded_at"))
    commands = _commands([command for _act, _body, command, _at in rows if command])
    bodies = [json.loads(body) for _act, body, _command, _at in rows]
    found = []
    for (act, _body, command, at), now, before in zip(rows, bodies, [*bodies[1:], None], strict=True):
        if what := _differences(before, now) if act == "update" and before else [_("Put on record")]:
            who, reason, request = commands.get(command or 0, (_("The operator of the system"), "", None))
            found.append(Change(at, who, what, reason, request))
    return found[:LATEST]


def _person(body: dict[str, Any]) -> PersonRow:
    joined = parse_datetime(body["date_joined"])
    assert joined is not None
    names = ("id", "username", "name", "email", "roles", "site_codes", "is_active")
    return PersonRow(**{name: body[name] for name in names}, date_joined=joined, last_login=None)


def _differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    words = []
    for column, added, taken in (
        ("roles", _("role {what} given"), _("role {what} taken away")),
        ("site_codes", _("site {what} given"), _("site {what} taken away")),
    ):
        words += [added.format(what=what) for what in sorted(set(now[column]) - set(before[column]))]
        words += [taken.format(what=what) for what in sorted(set(before[column]) - set(now[column]))]
    if now["is_active"] != before["is_active"]:
        words.append(_("let in again") if now["is_active"] else _("shut out"))
    if now["name"] != before["name"]:
        words.append(_("name changed from {before} to {now}").format(before=before["name"], now=now["name"]))
    if now["email"] != before["email"]:
        words.append(_("e-mail changed"))
    return words


def _commands(numbers: list[int]) -> dict[int, tuple[str, str, int | None]]:
    """Command -> who, reason, and the request that it agreed to."""
    rows = list(Command.objects.filter(pk__in=numbers).values_list("pk", "actor__name", "kind", "request"))
    asked = {pk: body.get("request") for pk, _who, kind, body in rows if kind == "approvals.approve"}
    reasons = dict(Request.objects.filter(pk__in=asked.values()).values_list("pk", "reason"))
    return {
        pk: (who, reasons.get(asked.get(pk, 0), "") or str(body.get("reason", "")), asked.get(pk))
        for pk, who, _kind, body in rows
    }

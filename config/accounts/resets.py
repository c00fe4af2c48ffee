"""Temporary passwords for people: of each half is known to one of two administrators, so neither can enter as somebody else.

The halves come from the keys of their two commands and are kept nowhere. Only the first password of somebody who has never
signed in is given by one administrator alone, who added them: what they may do took a second one already.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.accounts import grants, passwords, people
from config.accounts.matrix import allow, require
from config.accounts.models import TemporaryPassword, User
from config.accounts.refusals import NotTheFirst, PasswordWaits
from config.accounts.ties import Tie
from config.approvals import requests
from config.approvals.models import Decision, Request
from config.audit import edge
from config.audit.commands import Answer, By, KeyUsedForSomethingElse, Opened, run
from config.audit.models import Command

KIND = "people.password"


@dataclass(frozen=True)
class Standing:
    """How it stands with one person's temporary password, for one administrator.

    `alone`: this one may give it alone. `request`: the number of what waits, or of the last that was agreed to while its
    password holds. `half`: what this administrator reads out to the person, and nobody else sees.
    """

    alone: bool
    request: int | None = None
    waits: bool = False
    half: str = ""
    first: bool = False


def standing(*, user: User, person: User | people.PersonRow, now: datetime) -> Standing:
    """Where it stands. Who calls has asked for `people.write`."""
    wanted = Request.objects.filter(kind=KIND, about_id=person.id).order_by("-id")
    row = wanted.filter(state=Request.State.PENDING).first()
    if row is not None:
        own = row.requester_id == user.pk
        return Standing(False, row.pk, waits=True, half=_first(row) if own else "", first=own)
    row = wanted.filter(state=Request.State.APPROVED, settled_at__gt=now - passwords.TEMPORARY_FOR).first()
    if row is not None and TemporaryPassword.objects.filter(user_id=person.id, ends_at__gt=now).exists():
        said = row.decisions.filter(agreed=True, actor_id=user.pk).first()
        if row.requester_id == user.pk:
            return Standing(False, row.pk, half=_first(row), first=True)
        return Standing(False, row.pk, half=_second(said) if said else "")
    return Standing(_may_alone(user, person))


def give_first(*, by: By, person: str, temporary: str, reason: str) -> Answer:
    """Give somebody whom the actor added, and who has never signed in, their first password (from `passwords.invent`).

    Good for 24 hours and for setting their own only. `people.password`. Refuses NotTheFirst, NotYourself, PersonNotFound, and
    KeyUsedForSomethingElse as `passwords.change` does.
    """

    def act(opened: Opened) -> Answer:
        row = _locked(opened, person)
        if not _may_alone(opened.actor, row):
            raise NotTheFirst(name=row.name)
        return passwords.give(person=row, temporary=temporary, by=opened)

    answer = run(by, kind="people.reset_password", request={"person": person, "reason": reason}, act=act)
    if not User.objects.get(username=answer["person"]).check_password(temporary):
        raise KeyUsedForSomethingElse()
    return answer


def ask(*, by: By, person: str, reason: str) -> Answer:
    """Ask for a temporary password for a person; when another administrator agrees, it holds and both know half of it.

    `people.password`. The answer has `request`. Refuses NotYourself, PasswordWaits, PersonNotFound, NotAllowed.
    """

    def act(opened: Opened) -> Answer:
        why = edge.text(reason, what=_("Reason"), longest=1000, required=True, lines=True, field="reason")
        row = _locked(opened, person)
        for number in Request.objects.filter(kind=KIND, about=row, state=Request.State.PENDING).values_list(
            "pk", flat=True
        ):
            raise PasswordWaits(request=number, name=row.name)
        summary = _("Give {name} a temporary password, of which each of you knows half").format(name=row.name)
        asked = requests.ask(
            opened,
            kind=KIND,
            subject=row.username,
            site_code="",
            summary=summary,
            body={"person": row.username},
            reason=why,
            about=row.pk,
        )
        return {"person": row.username, "request": asked.pk}

    return run(by, kind="people.ask_password", request={"person": person, "reason": reason}, act=act)


def apply(opened: Opened, request: Request) -> Answer:
    """Set it; called with the agreement, whose key makes the second half. All that the person is signed in with ends.

    Refuses AskerGone, NotIndependent.
    """
    grants.require_independent(opened, request)
    row = User.objects.select_for_update().get(username=request.subject)
    said = Decision.objects.get(request=request, actor_id=opened.actor.pk)
    temporary = f"{_first(request)}-{_half('second', said.actor_id, opened.key)}"
    return passwords.give(person=row, temporary=temporary, by=opened)


ACT = requests.TwoPersonAct(KIND, gettext_lazy("Temporary password"), "people.approve", apply)


def _locked(opened: Opened, username: str) -> User:
    require(opened.actor, "people.password")
    row = User.objects.select_for_update().get(pk=people.one(username).id)
    allow(opened.actor, "people.password", hands={Tie.ABOUT: [row.pk]})
    return row


def _may_alone(user: User, person: User | people.PersonRow) -> bool:
    if person.last_login is not None:
        return False
    added = Command.objects.filter(actor=user, kind="people.add", outcome=Command.Outcome.DONE)
    return added.filter(request__person=person.username).exists()


def _first(request: Request) -> str:
    return _half(
        "first", request.requester_id, Command.objects.values_list("key", flat=True).get(pk=request.command_id)
    )


def _second(said: Decision) -> str:
    return _half("second", said.actor_id, Command.objects.values_list("key", flat=True).get(pk=said.command_id))


def _half(which: str, actor_id: int, key: object) -> str:
    """Eight letters; without SECRET_KEY what is on record tells nothing of them."""
    digest = salted_hmac(f"temporary password, {which} half", f"{actor_id}:{key}", algorithm="sha256").digest()
    return passwords.in_letters(digest[:8])

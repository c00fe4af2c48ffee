"""What people do with a flag: acknowledge, assign, waive until a day. Nobody closes one while its cause stands."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from config.accounts.matrix import others, permits, require
from config.accounts.models import User
from config.approvals import requests
from config.approvals.models import Request
from config.approvals.said import Said
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused, Stale
from reserve.models import Flag, FlagEvent

WAIVE = "reserve.waive"
LONGEST_WAIVER = timedelta(days=366)


class FlagNotFound(Refused):
    code = "not_found"
    status = 404
    template = _("There is no such flag.")


class FlagClosed(Refused):
    code = "flag_closed"
    template = _("This flag is closed: its cause is gone. It opens again by itself when the cause returns.")


class BadOwner(Refused):
    code = "bad_owner"
    status = 422
    template = _("{owner} cannot own a flag. Choose an active person in procurement or management.")
    field = "owner"


class BadWaiver(Refused):
    code = "bad_waiver"
    status = 422
    template = _("A waiver ends on a day after today and within a year; {until} is not such a day.")
    field = "until"


def acknowledge(*, by: By, flag_id: int, note: str, seen_at: str = "") -> Answer:
    """Take a flag on: the actor becomes its owner and says what will be done. Refuses FlagNotFound, FlagClosed, Stale."""

    def act(opened: Opened) -> Answer:
        require(opened.actor, "flags.acknowledge")
        flag = _open_flag(flag_id, seen_at)
        flag.state, flag.owner_id = Flag.State.ACKNOWLEDGED, opened.actor.pk
        flag.note = edge.text(note, what=_("Note"), longest=1000, required=True, lines=True)
        flag.waived_until = None
        return _keep(opened, flag, "acknowledged", flag.note)

    return run(by, kind="reserve.acknowledge", request={"flag": flag_id, "note": note}, act=act)


def assign(*, by: By, flag_id: int, owner: str, note: str = "", seen_at: str = "") -> Answer:
    """Give a flag to a person in procurement or management. Refuses FlagNotFound, FlagClosed, BadOwner, Stale."""

    def act(opened: Opened) -> Answer:
        require(opened.actor, "flags.assign")
        flag = _open_flag(flag_id, seen_at)
        person = User.objects.filter(username=owner, is_active=True).first()
        if person is None or not permits(person, "flags.acknowledge"):
            raise BadOwner(owner=owner)
        flag.owner_id = person.pk
        words = edge.text(note, what=_("Note"), longest=1000, lines=True)
        return _keep(opened, flag, "assigned", f"To {person.name}. {words}".strip())

    return run(by, kind="reserve.assign", request={"flag": flag_id, "owner": owner, "note": note}, act=act)


def waive(*, by: By, flag_id: int, until: date, note: str, seen_at: str = "") -> Answer:
    """Accept a shortfall until a day. A critical one takes a second manager: then a request waits and the flag stays open.

    Answers {"flag", "state"}, with "request" where one waits. Refuses FlagNotFound, FlagClosed, BadWaiver, Stale.
    """

    def act(opened: Opened) -> Answer:
        require(opened.actor, "flags.waive")
        flag = _open_flag(flag_id, seen_at)
        words = edge.text(note, what=_("Note"), longest=1000, required=True, lines=True)
        if not opened.now.date() < until <= opened.now.date() + LONGEST_WAIVER:
            raise BadWaiver(until=until)
        if not others("flags.waive", severe=flag.severity == Flag.Severity.CRITICAL):
            return _waive(opened, flag, until, words)
        request = requests.ask(
            opened,
            kind=WAIVE,
            subject=f"flag {flag.pk}",
            site_code="",
            summary=Said(gettext_noop("Waive a critical flag until {until_on}"), {"until_on": str(until)}),
            body={"flag": flag.pk, "until": str(until)},
            reason=words,
        )
        return {"flag": flag.pk, "state": flag.state, "request": request.pk}

    return run(by, kind="reserve.waive", request={"flag": flag_id, "until": str(until), "note": note}, act=act)


def apply_waiver(opened: Opened, request: Request) -> Answer:
    """The second manager agreed: waive."""
    flag = _open_flag(int(request.body["flag"]), "")
    return _waive(opened, flag, date.fromisoformat(request.body["until"]), request.reason)


def _waive(opened: Opened, flag: Flag, until: date, note: str) -> Answer:
    flag.state, flag.waived_until, flag.note = Flag.State.WAIVED, until, note
    return _keep(opened, flag, "waived", f"Until {until}. {note}")


def _open_flag(flag_id: int, seen_at: str) -> Flag:
    flag = Flag.objects.select_for_update().filter(pk=flag_id).first()
    if flag is None:
        raise FlagNotFound()
    if flag.state == Flag.State.CLOSED:
        raise FlagClosed()
    if seen_at and flag.updated_at.isoformat() != seen_at:
        raise Stale(what=_("The flag"))
    return flag


def _keep(opened: Opened, flag: Flag, act: str, note: str) -> Answer:
    flag.updated_at = opened.now
    flag.save()
    FlagEvent.objects.create(flag=flag, act=act, actor_id=opened.actor.pk, note=note[:1000], happened_at=opened.now)
    return {"flag": flag.pk, "state": flag.state}

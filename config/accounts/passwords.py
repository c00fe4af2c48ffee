"""Changing one's own password. The password itself never enters the record of the command."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from knox.models import AuthToken

from config.accounts import lockout
from config.accounts.devices import Origin
from config.accounts.models import User
from config.audit.commands import Answer, By, KeyUsedForSomethingElse, Opened, run
from config.audit.refused import Refused


class WrongPassword(Refused):
    code = "wrong_password"
    status = 422
    template = "This is not your present password."
    field = "present"


class WeakPassword(Refused):
    code = "weak_password"
    status = 422
    template = "{why}"
    field = "new"


def change(*, by: By, present: str, new: str, origin: Origin) -> Answer:
    """Set the actor's new password and take back their API tokens.

    Refuses WrongPassword, WeakPassword, TooManyAttempts to who guesses at an open session, and KeyUsedForSomethingElse: as
    no password is recorded, a key that comes again is told by whether its new password is the one in force.
    """
    person = by.actor
    lockout.take(username=person.username, origin=origin, now=by.now)
    try:
        answer = _change(by=by, present=present, new=new)
    except WeakPassword:
        lockout.forgive(username=person.username, origin=origin)  # the present one was right
        raise
    if not User.objects.get(pk=person.pk).check_password(new):
        raise KeyUsedForSomethingElse()
    lockout.forgive(username=person.username, origin=origin)
    return answer


def _change(*, by: By, present: str, new: str) -> Answer:
    def act(opened: Opened) -> Answer:
        person = User.objects.select_for_update().get(pk=opened.actor.pk)
        if not person.check_password(present):
            raise WrongPassword()
        try:
            password_validation.validate_password(new, person)
        except ValidationError as weak:
            raise WeakPassword(why=" ".join(weak.messages)) from None
        person.set_password(new)
        person.save(update_fields=["password"])
        revoked, _ = AuthToken.objects.filter(user=person).delete()
        return {"person": person.username, "tokens_revoked": revoked}

    return run(by, kind="accounts.change_password", request={}, act=act)

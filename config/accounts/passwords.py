"""Changing one's own password. The password itself never enters the record of the command."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from knox.models import AuthToken

from config.accounts.models import User
from config.audit.commands import Answer, By, Opened, run
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


def change(*, by: By, present: str, new: str) -> Answer:
    """Set the actor's new password and take back their API tokens. Refuses WrongPassword, WeakPassword."""

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

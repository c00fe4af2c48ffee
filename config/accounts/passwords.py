"""Changing one's own password, and giving a temporary one. The password itself never enters the record of the command."""

from datetime import timedelta

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from config.accounts import ending, lockout
from config.accounts.devices import Origin
from config.accounts.models import ApiToken, TemporaryPassword, User
from config.audit.commands import Answer, By, KeyUsedForSomethingElse, Opened, run
from config.audit.refused import Refused

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
TEMPORARY_FOR = timedelta(hours=24)


class WrongPassword(Refused):
    code = "wrong_password"
    status = 422
    template = _("This is not your present password.")
    field = "present"


class SamePassword(Refused):
    code = "same_password"
    status = 422
    template = _("This is the present password. Choose another than that.")
    field = "new"


class WeakPassword(Refused):
    code = "weak_password"
    status = 422
    template = _("{why}")
    field = "new"


def change(*, by: By, present: str, new: str, origin: Origin, keep_tokens: bool = False) -> Answer:
    """Set the actor's new password, and revoke their tokens unless they say that programs keep theirs.

    Refuses WrongPassword, WeakPassword, TooManyAttempts to who guesses at an open session, and KeyUsedForSomethingElse: as
    no password is recorded, a key that comes again is told by whether its new password is the one in force.
    """
    person = by.actor
    lockout.take(username=person.username, origin=origin, now=by.now)
    try:
        answer = _change(by=by, present=present, new=new, keep_tokens=keep_tokens)
    except (WeakPassword, SamePassword):
        lockout.forgive(username=person.username, origin=origin)  # the present one was right
        raise
    if not User.objects.get(pk=person.pk).check_password(new):
        raise KeyUsedForSomethingElse()
    lockout.forgive(username=person.username, origin=origin)
    return answer


def _change(*, by: By, present: str, new: str, keep_tokens: bool) -> Answer:
    def act(opened: Opened) -> Answer:
        person = User.objects.select_for_update().get(pk=opened.actor.pk)
        if not person.check_password(present):
            raise WrongPassword()
        if new == present:
            raise SamePassword()
        try:
            password_validation.validate_password(new, person)
        except ValidationError as weak:
            raise WeakPassword(why=" ".join(weak.messages)) from None
        person.set_password(new)
        person.save(update_fields=["password"])
        TemporaryPassword.objects.filter(user=person).delete()
        revoked = 0 if keep_tokens else ApiToken.objects.filter(user=person).delete()[0]
        return {"person": person.username, "tokens_revoked": revoked}

    return run(by, kind="accounts.change_password", request={"keep_tokens": keep_tokens}, act=act)


def invent(by: By) -> str:
    """The temporary password of a command: the same for the same person and key, so that a form sent twice shows the one
    that holds.

    16 letters that can be read out on the telephone, near 80 bits; without SECRET_KEY the key tells nothing of it.
    """
    digest = salted_hmac("temporary password", f"{by.actor.pk}:{by.key}", algorithm="sha256").digest()
    return in_letters(digest[:16])


def in_letters(digest: bytes) -> str:
    """Bytes as letters that can be read out, four and four."""
    letters = [ALPHABET[byte % len(ALPHABET)] for byte in digest]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, len(letters), 4))


def give(*, person: User, temporary: str, by: By) -> Answer:
    """Set a temporary password inside a command that is under way."""
    person.set_password(temporary)
    person.save(update_fields=["password"])
    TemporaryPassword.objects.update_or_create(user=person, defaults={"ends_at": by.now + TEMPORARY_FOR})
    return {"person": person.username, **ending.everything(person=person)}

"""Name and password: checked in one place for pages and API. Who guesses is made to wait (config/accounts/lockout.py)."""

from datetime import datetime

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.accounts import codes, devices, lockout
from config.accounts.models import TemporaryPassword, User
from config.audit.refused import Refused


class WrongCredentials(Refused):
    code = "wrong_credentials"
    status = 401
    template = _("This name and password do not fit together, or the person may no longer sign in.")


class CodeNeeded(Refused):
    code = "code_needed"
    status = 401
    template = _(
        "This person has a second factor: send a code of the authenticator app, or a recovery code, as `code`."
    )


class PasskeyOnly(Refused):
    code = "passkey_only"
    status = 422
    template = _(
        "This person's second factor is a passkey, which a program cannot show. Set up an authenticator app on the page "
        "Second factor, then send its code with the password."
    )


class TemporaryEnded(Refused):
    code = "temporary_password_ended"
    status = 401
    template = _("This temporary password has ended: it was good for a day. Ask an administrator for another.")


class SetYourOwn(Refused):
    code = "set_your_own_password"
    status = 403
    template = _("Your password is temporary. Sign in on the pages and set your own, then come back.")


class SecondFactorMissing(Refused):
    code = "second_factor_missing"
    status = 403
    template = _("Your role needs a second factor. Sign in on the pages and set one up, then come back.")


def check(*, request: HttpRequest, username: str, password: str, now: datetime) -> User:
    """The person of this name and password. Raises WrongCredentials, TooManyAttempts, TemporaryEnded.

    The attempt counts until `lockout.forgive`: the password alone may be the first of two factors.
    """
    person = authenticate(request, username=username, password=password)
    refusal = getattr(request, "attempts_refused", None)
    if isinstance(refusal, lockout.TooManyAttempts):
        raise refusal
    if not isinstance(person, User):
        raise WrongCredentials()
    if TemporaryPassword.objects.filter(user=person, ends_at__lt=now).exists():
        raise TemporaryEnded()
    return person


def check_program(*, request: HttpRequest, username: str, password: str, code: str, now: datetime) -> User:
    """The person whose program gives name, password and, where they have an authenticator app, a code.

    Raises WrongCredentials, TooManyAttempts, SetYourOwn, CodeNeeded, codes.WrongCode, PasskeyOnly, SecondFactorMissing.
    """
    person = check(request=request, username=username, password=password, now=now)
    if TemporaryPassword.objects.filter(user=person).exists():
        raise SetYourOwn()
    held = codes.kinds(person)
    if "totp" in held:
        if not code:
            raise CodeNeeded()
        codes.spend(person=person, code=code, now=now)
    elif "webauthn" in held:
        raise PasskeyOnly()
    elif codes.is_required(person):
        raise SecondFactorMissing()
    lockout.forgive(username=username, origin=devices.origin_of(request))
    return person

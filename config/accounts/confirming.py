"""That it is still the same person: their password again, a short while ago, before they change what lets them in."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.accounts import codes, devices, lockout
from config.accounts.entering import SECOND_FACTOR
from config.accounts.models import User
from config.accounts.signed_in import SIGNED_IN_AT
from config.audit.refused import Refused

CONFIRMED_AT = "confirmed_at"
GOOD_FOR_S = 300


class NotYourPassword(Refused):
    code = "wrong_password"
    status = 422
    template = _("This is not your password.")


class SignInAgain(Refused):
    code = "sign_in_again"
    status = 403
    template = _("Sign out and sign in again, then you can do this: it needs a fresh sign-in with your second factor.")


def confirm(request: HttpRequest, *, person: User, password: str, now: datetime) -> None:
    """Take the password again for this session. Raises NotYourPassword, and TooManyAttempts as signing in does."""
    origin = devices.origin_of(request)
    lockout.take(username=person.username, origin=origin, now=now)
    if not person.check_password(password):
        raise NotYourPassword()
    lockout.forgive(username=person.username, origin=origin)
    request.session[CONFIRMED_AT] = int(now.timestamp())


def is_fresh(request: HttpRequest, *, person: User, now: datetime, again: bool = False) -> bool:
    """True when the person proved a short while ago that they are there; `again`: by the password, not by signing in.

    Raises SignInAgain where the password cannot tell: nobody who has only that may change a second factor that is set up.
    """
    if codes.kinds(person) & {"totp", "webauthn"} and request.session.get(SECOND_FACTOR) != person.pk:
        raise SignInAgain()
    by_password = person.has_usable_password()
    moments = [CONFIRMED_AT] if again and by_password else [CONFIRMED_AT, SIGNED_IN_AT]
    fresh = any(now.timestamp() - int(request.session.get(moment, 0)) < GOOD_FOR_S for moment in moments)
    if not fresh and not by_password:
        raise SignInAgain()
    return fresh

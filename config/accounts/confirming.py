"""That it is still the same person: their password again, a short while ago, before they change what lets them in."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
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


class ConfirmFirst(Refused):
    code = "confirm_first"
    status = 403
    template = _(
        "Confirm on the page Confirm it is you that you are still there, then send this again within five minutes."
    )


def require(request: HttpRequest, *, person: User, now: datetime) -> None:
    """Raises ConfirmFirst, or SignInAgain, unless the person proved a short while ago that they are there."""
    if not is_fresh(request, person=person, now=now):
        raise ConfirmFirst()


def first(request: HttpRequest) -> HttpResponse:
    """Off to the page that asks for the password again, and back here."""
    return redirect(f"{resolve_url('confirm-password')}?{urlencode({'next': request.path})}")


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

"""Codes of a second factor: those of an authenticator app (TOTP, RFC 6238) and recovery codes. Each is good for once."""

import hmac
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.accounts.people import PersonRow
from config.audit.refused import Refused

PERIOD_S = 30
DRIFT = 1  # a clock may be off by one period either way


class WrongCode(Refused):
    code = "wrong_code"
    status = 401
    template = _("This code is wrong, or was used already. Wait for the next one in the app, or use a recovery code.")
    field = "code"


def kinds(person: User) -> set[str]:
    """Which factors the person has besides the password: "totp", "webauthn", "recovery_codes". One query."""
    return set(Authenticator.objects.filter(user_id=person.pk).values_list("type", flat=True))


def is_required(person: User | PersonRow) -> bool:
    """True when one of the person's roles may not work without a second factor. No query."""
    return not set(settings.SECOND_FACTOR_REQUIRED_FOR).isdisjoint(person.roles)


def spend(*, person: User, code: str, now: datetime) -> Authenticator:
    """Use up a code and return the factor that it belongs to. Raises WrongCode.

    The factor's row is locked, so of two requests with the same code one is refused.
    """
    plain = "".join(code.split()).replace("-", "")
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().filter(user_id=person.pk)
        for factor in held.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk"):
            if _fits(factor, plain, now):
                factor.last_used_at = now
                factor.save(update_fields=["data", "last_used_at"])
                return factor
    raise WrongCode()


def counter_of(*, secret: str, code: str, now: datetime, after: int = 0) -> int | None:
    """The number of the period that this code belongs to, later than `after`; None when it is of no period near `now`."""
    present = int(now.timestamp()) // PERIOD_S
    for counter in range(present - DRIFT, present + DRIFT + 1):
        right = format_hotp_value(hotp_value(secret, counter))
        if counter > after and code.isascii() and hmac.compare_digest(code, right):
            return counter
    return None


def _fits(factor: Authenticator, code: str, now: datetime) -> bool:
    """True when the code is the factor's and fresh; what remembers its use stands in `factor.data` then."""
    if factor.type == Authenticator.Type.TOTP:
        secret, last = decrypt(factor.data["secret"]), int(factor.data.get("last_counter", 0))
        found = counter_of(secret=secret, code=code, now=now, after=last)
        if found is not None:
            factor.data["last_counter"] = found
        return found is not None
    recovery = factor.wrap()
    fits = bool(recovery.validate_code(code))
    factor.data = recovery.instance.data
    return fits

"""Name and password: checked in one place for pages and API, and slowly for who guesses.

Each failed attempt on a name from an address is counted in the database, so that a lost cache forgets nothing.
The first five cost nothing; then each must wait twice as long as the one before, up to a quarter of an hour.
"""

from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest

from config.accounts.models import FailedSignIn, User
from config.audit.refused import Refused

FREE_ATTEMPTS = 5
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


class WrongCredentials(Refused):
    code = "wrong_credentials"
    status = 401
    template = "This name and password do not fit together, or the person may no longer sign in."


class TooManyAttempts(Refused):
    code = "too_many_attempts"
    status = 429
    template = "Too many attempts with this name. Try again in {retry_after_s} s."


def check(*, request: HttpRequest, username: str, password: str, address: str, now: datetime) -> User:
    """The person of this name and password. Raises WrongCredentials, TooManyAttempts.

    An attempt is counted before the password is looked at, so a hundred guesses sent at once count as a hundred.
    """
    attempt(username=username, address=address, now=now)
    person = authenticate(request, username=username, password=password)
    if not isinstance(person, User):
        raise WrongCredentials()
    forgive(username=username, address=address)
    return person


def address_of(request: HttpRequest) -> str:
    """Where a request comes from. Behind the proxy, what it noted last: all else of that header the client can invent."""
    noted = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_TLS_PROXY else ""
    return (noted.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))[:64]


def forgive(*, username: str, address: str) -> None:
    """The right password came: the failures before it count no more."""
    FailedSignIn.objects.filter(username=username.lower()[:64], address=address).delete()


def attempt(*, username: str, address: str, now: datetime) -> None:
    """Take one attempt. Raises TooManyAttempts while the last one's wait has not passed; that takes none."""
    name = username.lower()[:64]
    with transaction.atomic():
        FailedSignIn.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()
        FailedSignIn.objects.bulk_create(
            [FailedSignIn(username=name, address=address, attempts=0, last_at=now)], ignore_conflicts=True
        )
        row = FailedSignIn.objects.select_for_update().get(username=name, address=address)
        left = row.last_at + wait(row.attempts) - now
        if left <= timedelta(0):
            row.attempts, row.last_at = row.attempts + 1, now
            row.save(update_fields=["attempts", "last_at"])
    if left > timedelta(0):
        raise TooManyAttempts(retry_after_s=ceil(left.total_seconds()))


def wait(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 2 s after the fifth, then twice as long each time."""
    beyond = attempts - FREE_ATTEMPTS
    return min(timedelta(seconds=2 ** (min(beyond, 20) + 1)), LONGEST_WAIT) if beyond >= 0 else timedelta(0)

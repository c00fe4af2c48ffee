"""Guesses are counted in the database before the password is looked at, so a hundred sent at once count as a hundred.

django-axes holds the counts and asks before any password is checked; how they are weighed stands here. Four budgets, each
with some free attempts, then a wait that doubles up to a quarter of an hour: a name from an address, an address whatever the
name, a name from wherever, and, instead of these three, a person on a device that they have signed in on before. So nobody
locks a colleague out of their own device by guessing at their name.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog
from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from config.accounts import devices
from config.accounts.devices import Origin
from config.accounts.models import User
from config.audit.refused import Refused

FREE = {"pair": 5, "device": 5, "name": 25, "address": 50}
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
RECORD_KEPT_FOR = timedelta(days=90)


class TooManyAttempts(Refused):
    code = "too_many_attempts"
    status = 429
    template = _("Too many attempts with this name or from this address. Try again in {retry_after_s} s.")


def take(*, username: str, origin: Origin, now: datetime) -> None:
    """Take one attempt. Raises TooManyAttempts while a budget's wait has not passed; that takes none, and is recorded."""
    name = username.lower()[:64]
    device = f"device {origin.device}" if devices.is_known(username=name, device=origin.device) else ""
    with transaction.atomic():
        _queue_up(name, origin.address)
        AccessAttempt.objects.filter(attempt_time__lt=now - FORGOTTEN_AFTER).delete()
        left = _left(name, origin.address, device, now)
        if left <= timedelta(0):
            _count(name, origin.address, device, now)
        else:
            _record(name, origin.address, now)
    if left > timedelta(0):
        raise TooManyAttempts(retry_after_s=ceil(left.total_seconds()))


def forgive(*, username: str, origin: Origin) -> None:
    """The person has come in: their failures from here count no more. Those from elsewhere, and at other names, do."""
    mine = Q(ip_address=origin.address, user_agent="") | Q(user_agent=f"device {origin.device}")
    AccessAttempt.objects.filter(mine, username=username.lower()[:64]).delete()


def wait(attempts: int, free: int = FREE["pair"]) -> timedelta:
    """How long to wait after so many failed attempts: 2 s after the last free one, then twice as long each time."""
    beyond = attempts - free
    return min(timedelta(seconds=2 ** (min(beyond, 20) + 1)), LONGEST_WAIT) if beyond >= 0 else timedelta(0)


@dataclass(frozen=True)
class Locked:
    """Who waits now, and until when: `username` from `address`, from anywhere ("" for the address), or on a device they know.

    `person` is their name, "" where nobody is called so or an address waits whatever the name. `guesses` lately failed.
    """

    username: str
    person: str
    address: str
    device: bool
    guesses: int
    until: datetime


def locked(*, now: datetime) -> list[Locked]:
    """Whom a wait holds back at this moment, the longest first, as `take` weighs it; two queries."""
    columns = ("username", "ip_address", "user_agent", "failures_since_start", "attempt_time")
    budgets: dict[tuple[str, str, str], tuple[int, datetime]] = {}
    for name, address, device, failures, at in AccessAttempt.objects.values_list(*columns):
        pools = (
            [("device", name, device)]
            if device
            else [("pair", name, address), ("name", name, ""), ("address", "", address)]
        )
        for pool in pools:
            count, last = budgets.get(pool, (0, at))
            budgets[pool] = count + failures, max(last, at)
    held = {
        pool: (count, last + wait(count, FREE[pool[0]]))
        for pool, (count, last) in budgets.items()
        if last + wait(count, FREE[pool[0]]) > now
    }
    names = dict(User.objects.filter(username__in={name for _, name, _ in held}).values_list("username", "name"))
    rows = [
        Locked(name, names.get(name, ""), "" if budget == "device" else address, budget == "device", count, until)
        for (budget, name, address), (count, until) in held.items()
    ]
    return sorted(rows, key=lambda row: (row.until, row.username), reverse=True)


def _queue_up(name: str, address: str) -> None:
    """Attempts on one name, or from one address, are weighed one after the other; the name's lock always first."""
    with connection.cursor() as cursor:
        for lock in (f"sign-in name {name}", f"sign-in address {address}"):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock])


def _left(name: str, address: str, device: str, now: datetime) -> timedelta:
    """The longest wait that has not passed in any budget of this attempt; zero or less when none holds it back."""
    if device:
        budgets = {"device": Q(username=name)}
    else:
        budgets = {
            "pair": Q(username=name, ip_address=address),
            "name": Q(username=name),
            "address": Q(ip_address=address),
        }
    rows: QuerySet[Any] = AccessAttempt.objects.filter(user_agent=device)
    sums = {budget: Sum("failures_since_start", filter=of) for budget, of in budgets.items()}
    lasts = {f"{budget}_at": Max("attempt_time", filter=of) for budget, of in budgets.items()}
    found = rows.aggregate(**sums, **lasts)
    waits = [found[f"{b}_at"] + wait(found[b], FREE[b]) - now for b in budgets if found[b]]
    return max(waits, default=timedelta(0))


def _count(name: str, address: str, device: str, now: datetime) -> None:
    row = AccessAttempt.objects.filter(username=name, ip_address=address, user_agent=device)
    if not row.update(failures_since_start=F("failures_since_start") + 1, attempt_time=now):
        AccessAttempt.objects.create(username=name, ip_address=address, user_agent=device, failures_since_start=1)
        row.update(attempt_time=now)


def _record(name: str, address: str, now: datetime) -> None:
    """One record of a lock-out in a while; who keeps trying does not fill the table."""
    lately = AccessFailureLog.objects.filter(username=name, ip_address=address, attempt_time__gt=now - LONGEST_WAIT)
    if not lately.exists():
        AccessFailureLog.objects.filter(attempt_time__lt=now - RECORD_KEPT_FOR).delete()
        AccessFailureLog.objects.create(username=name, ip_address=address, locked_out=True)

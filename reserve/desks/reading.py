"""Since when a person is told what changed: since they last said that they had read it, and at first for a week.

Looking writes nothing: a page that is opened in a second window, or by accident, loses nobody's news.
"""

from datetime import UTC, datetime, timedelta

from django.utils.dateparse import parse_datetime

from config.accounts import preferences
from config.accounts.models import User
from config.audit.commands import Answer, By, Opened, run
from config.audit.edge import not_ahead

FIRST = timedelta(days=7)
LONGEST = timedelta(days=90)
# An act bears the moment at which it was asked for, and is seen only when it is done: what was read overlaps by so much.
SETTLES = timedelta(minutes=10)
NAME = "desk_read_at"


def read_at(user: User) -> datetime | None:
    """The moment up to which the person has read, None where they never said so. No query."""
    kept = preferences.get(user, NAME)
    found = parse_datetime(kept) if isinstance(kept, str) else None
    return found.astimezone(UTC) if found and found.tzinfo else None


def since(user: User, now: datetime) -> datetime:
    """From when on something is news: what was read last, but a week for who never said so and 90 days at most.

    Ten minutes before it, so that what was under way then is told: some things twice, none never.
    """
    read = read_at(user)
    return max(read - SETTLES if read else now - FIRST, now - LONGEST)


def mark(*, by: By, until: datetime) -> Answer:
    """What was recorded up to `until` is read: the moment of the page that was looked at, never one ahead. Raises InTheFuture.

    An older page than the last one that was read changes nothing.
    """

    def act(opened: Opened) -> Answer:
        moment = not_ahead(until, now=opened.now)
        latest = max(moment, read_at(opened.actor) or moment)
        preferences.put(user=opened.actor, name=NAME, value=latest.isoformat())
        return {"read_until": latest.isoformat()}

    return run(by, kind="reserve.mark_read", request={"until": until.isoformat()}, act=act)

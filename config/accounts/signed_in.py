"""Where a person is signed in with a browser; how long that lasts; ending it.

A session ends after `SESSION_IDLE_S` without a request, and `SESSION_COOKIE_AGE` after signing in whatever happens.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from config.accounts import ending
from config.accounts.models import User
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused

# In the session: when its person came in, when they were last seen, and from where they came.
SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
SIGNED_IN_FROM = "signed_in_from"
SEEN_EVERY_S = 60
LONGEST = 160


class NotSignedInThere(Refused):
    code = "not_signed_in_there"
    status = 404
    template = _("This session has ended already.")


@dataclass(frozen=True)
class SessionRow:
    """A browser that a person is signed in with; `mark` names it without being its key."""

    mark: str
    began_at: datetime | None
    seen_at: datetime | None
    address: str
    browser: str
    this: bool


def is_over(session: SessionBase, *, now: datetime) -> bool:
    """True when the session has been idle, or has lasted, for too long, or belongs to somebody and does not say since when.

    Notes at most once a minute that it is in use.
    """
    began, moment = session.get(SIGNED_IN_AT), int(now.timestamp())
    if began is None:
        return SESSION_KEY in session
    seen = session.get(SEEN_AT, began)
    if moment - began > settings.SESSION_COOKIE_AGE or moment - seen > settings.SESSION_IDLE_S:
        return True
    if moment - seen >= SEEN_EVERY_S:
        session[SEEN_AT] = moment
    return False


def note_beginning(session: SessionBase, *, address: str, browser: str, now: datetime) -> None:
    """Keep in a session that begins when and from where, so that it ends in time and its person can tell it from others.

    Those of everybody that have ended are cleared away with it.
    """
    session[SIGNED_IN_AT] = int(now.timestamp())
    session[SIGNED_IN_FROM] = {"address": address[:64], "browser": browser[:LONGEST]}
    Session.objects.filter(expire_date__lt=now).delete()


def sessions(*, person: User, present: str, now: datetime) -> list[SessionRow]:
    """The person's sessions that are not over, the present one first, then the newest."""
    rows = []
    for row in Session.objects.filter(expire_date__gt=now).iterator(chunk_size=500):
        kept = row.get_decoded()
        if kept.get(SESSION_KEY) == str(person.pk):
            rows.append(_session(row.session_key, kept, present))
    return sorted(rows, key=lambda row: (not row.this, -(row.began_at.timestamp() if row.began_at else 0)))


def end_session(*, by: By, mark: str) -> Answer:
    """End one of the actor's own sessions. Raises NotSignedInThere."""

    def act(opened: Opened) -> Answer:
        for row in Session.objects.iterator(chunk_size=500):
            if _mark(row.session_key) == mark and row.get_decoded().get(SESSION_KEY) == str(opened.actor.pk):
                row.delete()
                return {"person": opened.actor.username, "sessions_ended": 1}
        raise NotSignedInThere()

    return run(by, kind="accounts.end_session", request={"session": mark}, act=act)


def end_everywhere(*, by: By) -> Answer:
    """End every session and token of the actor, the present one too, and know none of their devices any more."""

    def act(opened: Opened) -> Answer:
        return {"person": opened.actor.username, **ending.everything(person=opened.actor)}

    return run(by, kind="accounts.end_everywhere", request={}, act=act)


def _session(key: str, kept: dict[str, Any], present: str) -> SessionRow:
    where = kept.get(SIGNED_IN_FROM, {})
    began = kept.get(SIGNED_IN_AT)
    seen = kept.get(SEEN_AT, began)
    return SessionRow(
        mark=_mark(key),
        began_at=datetime.fromtimestamp(began, UTC) if began else None,
        seen_at=datetime.fromtimestamp(seen, UTC) if seen else None,
        address=where.get("address", ""),
        browser=_browser(where.get("browser", "")),
        this=key == present,
    )


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _browser(agent: str) -> str:
    """The browser and its system in two words, as far as it says so."""
    names = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
    browser = next((name for part, name in names if part in agent), "")
    system = next((name for name in systems if name in agent), "")
    return " · ".join(part for part in (browser, system) if part) or agent[:40]

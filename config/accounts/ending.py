"""Ending whatever a person is signed in with: sessions in browsers, and tokens of programs. What ended never works again."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from config.accounts.models import ApiToken, KnownDevice, User


def everything(*, person: User) -> dict[str, int]:
    """End every session and token of the person, and know none of their devices any more.

    How many of each: `sessions_ended` and `tokens_revoked`.
    """
    ended = sessions(person=person)
    tokens, _ = ApiToken.objects.filter(user=person).delete()
    KnownDevice.objects.filter(user=person).delete()
    return {"sessions_ended": ended, "tokens_revoked": tokens}


def sessions(*, person: User, but: str = "") -> int:
    """End the person's sessions in browsers, all but the one with this key: how many."""
    keys = [
        row.session_key
        for row in Session.objects.only("session_key", "session_data").iterator(chunk_size=500)
        if row.session_key != but and row.get_decoded().get(SESSION_KEY) == str(person.pk)
    ]
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)

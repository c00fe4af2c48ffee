"""API tokens: named by their person, stored hashed, lasting as long as was chosen, revocable. The token itself is in no record."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import update_last_login
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from knox.crypto import hash_token
from knox.settings import CONSTANTS

from config.accounts.models import ApiToken, User
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.audit.refused import Refused

LONGEST_NAME = 60
USED_EVERY = timedelta(minutes=5)
SHOWN_FOR = timedelta(minutes=10)


class TokenNotFound(Refused):
    code = "token_not_found"
    status = 404
    template = _("This token has ended already.")


class TooManyTokens(Refused):
    code = "too_many_tokens"
    template = _(
        "You have {count} tokens with a name, which is the most. Revoke one that you do not need, then make another."
    )


class TooLong(Refused):
    code = "too_long"
    status = 422
    template = _("A token lasts 1 to {most} days here. Choose fewer days, and make another when it ends.")
    field = "days"


class OutlivesItsMaker(Refused):
    code = "outlives_its_maker"
    status = 422
    template = _(
        "A token makes none that lasts longer than itself: this one ends at {ends_at}. Ask for fewer days, or sign in with "
        "name and password for a longer one."
    )
    field = "days"


class ShownAlready(Refused):
    code = "shown_already"
    template = _(
        "This token was shown when it was made, and is shown no more. Revoke it if it is lost, and make another."
    )


@dataclass(frozen=True)
class TokenRow:
    """A program's token; `mark` is its first characters, as the program has it. `used_at` is right to five minutes."""

    mark: str
    name: str
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None


def invent(by: By) -> str:
    """The token of a command: the same for the same person and key, so that what is sent twice shows the one that holds.

    Without SECRET_KEY the key, which is on record, tells nothing of it.
    """
    return salted_hmac("api token", f"{by.actor.pk}:{by.key}", algorithm="sha256").hexdigest()


def listing(*, person: User, now: datetime) -> list[TokenRow]:
    """The person's tokens that still work, newest first; one query."""
    rows = ApiToken.objects.filter(user=person, expiry__gt=now).order_by("-created", "pk")
    return [TokenRow(*line) for line in rows.values_list("token_key", "name", "created", "expiry", "last_used_at")]


def make(*, by: By, name: str, days: int | None, maker: ApiToken | None = None) -> tuple[str, TokenRow]:
    """A new token of the actor, and its row. It can be read here and nowhere later.

    `days` up to TOKEN_DAYS_MOST; None for the shortest that is usual, 12 hours. `maker` is the token that asks, if one does:
    what it makes lasts no longer than itself and is revoked with it. The same key again shows the same token to the same
    maker for ten minutes. Refuses BadText, TooLong, OutlivesItsMaker, TooManyTokens, ShownAlready.
    """

    def act(opened: Opened) -> Answer:
        clean = edge.text(name, what=str(_("Name")), longest=LONGEST_NAME, required=True, field="name")
        ends_at = _end(now=opened.now, days=days, maker=maker)
        _make_room(opened.actor, named=True, now=opened.now)
        row = _keep(opened.actor, invent(opened), name=clean, now=opened.now, ends_at=ends_at, maker=maker)
        return {
            "person": opened.actor.username,
            "token_begins": row.token_key,
            "ends_at": ends_at.isoformat(timespec="seconds"),
        }

    run(by, kind="accounts.make_token", request={"name": name, "days": days}, act=act)
    token = invent(by)
    mine = ApiToken.objects.filter(user=by.actor, maker=maker, digest=hash_token(token))
    row = mine.filter(created__gte=by.now - SHOWN_FOR).first()
    if row is None:
        raise ShownAlready()
    return token, TokenRow(row.token_key, row.name, row.created, row.expiry, row.last_used_at)


def issue(*, person: User, now: datetime, name: str = "", days: int | None = None) -> dict[str, Any]:
    """A token for who has just shown name and password: {"token", "expiry"}. Of very many without a name the oldest is
    given up. Refuses TooLong, and TooManyTokens where it has a name."""
    ends_at = _end(now=now, days=days)
    token = secrets.token_hex(32)
    with transaction.atomic():
        _make_room(person, named=bool(name), now=now)
        _keep(person, token, name=name, now=now, ends_at=ends_at)
    update_last_login(User, person)
    return {"token": token, "expiry": ends_at}


def revoke(*, by: By, mark: str) -> Answer:
    """End one of the actor's own tokens, and what it made. Raises TokenNotFound."""

    def act(opened: Opened) -> Answer:
        row = ApiToken.objects.filter(user=opened.actor, token_key=mark).first() if "\0" not in mark else None
        if row is None:
            raise TokenNotFound()
        revoked, _kinds = row.delete()
        return {"person": opened.actor.username, "tokens_revoked": revoked}

    return run(by, kind="accounts.end_token", request={"token": mark}, act=act)


def revoke_all(*, by: By) -> Answer:
    """End every token of the actor; browsers stay signed in."""

    def act(opened: Opened) -> Answer:
        revoked, _kinds = ApiToken.objects.filter(user=opened.actor).delete()
        return {"person": opened.actor.username, "tokens_revoked": revoked}

    return run(by, kind="accounts.end_tokens", request={}, act=act)


def note_use(row: ApiToken, *, now: datetime) -> None:
    """Note that it was used, at most once in five minutes. No right rests on it: where nothing can be written, it is left."""
    if row.last_used_at and now - row.last_used_at < USED_EVERY:
        return
    unseen = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USED_EVERY)
    with suppress(DatabaseError), transaction.atomic():
        ApiToken.objects.filter(unseen, pk=row.pk).update(last_used_at=now)


def _end(*, now: datetime, days: int | None, maker: ApiToken | None = None) -> datetime:
    most = settings.TOKEN_DAYS_MOST
    if days is not None and not 1 <= days <= most:
        raise TooLong(most=most)
    usual = now + (settings.TOKEN_TTL if days is None else timedelta(days=days))
    if maker is None:
        return usual
    if days is not None and usual > maker.expiry:
        raise OutlivesItsMaker(ends_at=maker.expiry.isoformat(timespec="seconds"))
    return min(usual, maker.expiry)


def _make_room(person: User, *, named: bool, now: datetime) -> None:
    """What has ended goes. A token that somebody named is never given up for another, nor the one that made it."""
    User.objects.select_for_update().get(pk=person.pk)
    mine = ApiToken.objects.filter(user=person)
    mine.filter(expiry__lt=now).delete()
    if named:
        count = mine.exclude(name="").count()
        if count >= settings.TOKENS_PER_PERSON:
            raise TooManyTokens(count=count)
        return
    loose = mine.filter(name="").exclude(pk__in=mine.filter(maker__isnull=False).values("maker"))
    kept = loose.order_by("-created").values_list("pk", flat=True)[: settings.TOKENS_PER_PERSON - 1]
    loose.exclude(pk__in=list(kept)).delete()


def _keep(
    person: User, token: str, *, name: str, now: datetime, ends_at: datetime, maker: ApiToken | None = None
) -> ApiToken:
    row: ApiToken = ApiToken(
        user=person,
        token_key=token[: CONSTANTS.TOKEN_KEY_LENGTH],
        digest=hash_token(token),
        name=name,
        created=now,
        expiry=ends_at,
        maker=maker,
    )
    row.save(force_insert=True)
    return row

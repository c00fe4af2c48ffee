"""The one way in for writes: a command runs once per actor and key, and is recorded with its answer or its refusal."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from config.audit.models import Command
from config.audit.refused import Refused, RefusedBefore
from config.ui import figures

if TYPE_CHECKING:
    from config.accounts.models import User

Answer = dict[str, Any]
SITE_CODE = 16
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class By:
    """Who asks, under which key, and when: the clock and the request stop here."""

    actor: "User"
    key: UUID
    now: datetime


@dataclass(frozen=True)
class Opened(By):
    """A command that is under way: doors given one run inside it, under its key and in its transaction."""

    command_id: int
    done: set[str] = field(default_factory=set, compare=False, repr=False)

    def once(self, what: str) -> bool:
        """True for the first time that `what` is done in this command, False from then on."""
        first = what not in self.done
        self.done.add(what)
        return first


class KeyUsedForSomethingElse(Refused):
    code = "key_reused"
    status = 422
    template = _("This key was already used for another request. Send the new request with a new key.")


def run(
    by: By,
    *,
    kind: str,
    request: dict[str, Any],
    act: Callable[[Opened], Answer],
    site: str = "",
    occurred_at: datetime | None = None,
) -> Answer:
    """Run `act` once for (actor, key) and return its answer; the same key and request return the first answer again.

    `request` and the answer are JSON values. A refusal undoes the act (savepoint), is recorded, and is raised; any other
    error undoes everything. Whatever language the person speaks, what `act` writes is English, in kg. The site recorded is
    the one given, else the answer's. Raises KeyUsedForSomethingElse when the key came with another request, and whatever
    `act` refuses.
    """
    if isinstance(by, Opened):
        return act(by)
    fingerprint = _fingerprint(kind, request)
    with transaction.atomic():
        opened = _open(by)
        first = (
            Command.objects.filter(actor_id=by.actor.pk, key=by.key).values("fingerprint", "outcome", "answer").first()
        )
        if first is None:
            outcome, answer, refusal = _attempt(opened, act)
            Command.objects.create(
                id=opened.command_id,
                actor_id=by.actor.pk,
                key=by.key,
                kind=kind,
                site_code=(site or str(answer.get("site") or ""))[:SITE_CODE],
                request=_storable(request),
                fingerprint=fingerprint,
                outcome=outcome,
                answer=_storable(answer),
                occurred_at=occurred_at or by.now,
                recorded_at=by.now,
            )
    if first is not None:
        return _again(first, fingerprint)
    if refusal is not None:
        refusal.recorded = True
        raise refusal
    return answer


def _open(by: By) -> Opened:
    """Take the key's lock, so that the same request sent at once waits for the first; and the command's number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0)),"
            " set_config('reserve.command', nextval(pg_get_serial_sequence('audit_command', 'id'))::text, true)",
            [f"{by.actor.pk}:{by.key}"],
        )
        number = int(cursor.fetchone()[1])
    return Opened(actor=by.actor, key=by.key, now=by.now, command_id=number)


def _attempt(opened: Opened, act: Callable[[Opened], Answer]) -> tuple[str, Answer, Refused | None]:
    try:
        with transaction.atomic(), translation.override("en"), figures.preferring("kg"):
            return Command.Outcome.DONE, act(opened), None
    except Refused as refusal:
        return Command.Outcome.REFUSED, refusal.answer(), refusal


def _again(first: Mapping[str, Any], fingerprint: bytes) -> Answer:
    if bytes(first["fingerprint"]) != fingerprint:
        raise KeyUsedForSomethingElse()
    if first["outcome"] == Command.Outcome.REFUSED:
        raise RefusedBefore(first["answer"])
    answer: Answer = first["answer"]
    return answer


def _fingerprint(kind: str, request: dict[str, Any]) -> bytes:
    text = json.dumps([kind, request], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def _storable(value: Any) -> Any:
    """The value as PostgreSQL can hold it: what no text there may contain becomes a replacement mark, so that an attempt
    with such characters is recorded like any other."""
    match value:
        case str():
            return _NOT_STORABLE.sub("\ufffd", value)
        case dict():
            return {_storable(name): _storable(item) for name, item in value.items()}
        case list() | tuple():
            return [_storable(item) for item in value]
    return value

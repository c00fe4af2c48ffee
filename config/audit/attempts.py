"""Attempts to write that never became a command, because the right to it is missing altogether. Auditors read them."""

from datetime import datetime
from uuid import uuid4

from django.http import HttpRequest

from config.accounts.matrix import NotAllowed
from config.accounts.models import User
from config.audit.commands import By, run

READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
LONGEST = 200


def record(request: HttpRequest, refusal: NotAllowed, *, now: datetime) -> None:
    """Record who tried to write what, unless the command that refused it is on record. Nothing of the body is kept."""
    if refusal.recorded or request.method in READS or not isinstance(request.user, User):
        return
    found = request.resolver_match
    asked = {"method": str(request.method)[:16], "path": request.path[:LONGEST]}

    def act(by: By) -> dict[str, object]:
        raise refusal

    try:
        run(
            By(actor=request.user, key=uuid4(), now=now),
            kind=f"edge.{(found and found.url_name) or 'unknown'}"[:64],
            request=asked,
            act=act,
        )
    except NotAllowed:
        return

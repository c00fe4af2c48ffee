"""The flag that the ledger differs: opened when a verification found something, closed when one found nothing."""

from datetime import datetime
from typing import Any

from django.db import transaction

from reserve.models import Flag, FlagEvent

SUBJECT = "ledger"
SHOWN = 20


def follow(payloads: list[dict[str, Any]], *, now: datetime) -> None:
    """Bring the flag to what the last verification found; each payload is {"differences": [sentences]}, oldest first."""
    found = [str(line) for line in payloads[-1]["differences"]]
    with transaction.atomic():
        flag = Flag.objects.select_for_update().filter(kind=Flag.Kind.LEDGER).exclude(state=Flag.State.CLOSED).first()
        if found and flag is None:
            flag = Flag.objects.create(
                kind=Flag.Kind.LEDGER,
                subject=SUBJECT,
                severity=Flag.Severity.CRITICAL,
                opening={"differences": found[:SHOWN], "count": len(found)},
                opened_at=now,
                updated_at=now,
            )
            _note(flag, "opened", found, now)
        elif flag and not found:
            flag.state, flag.closed_at, flag.updated_at, flag.waived_until = Flag.State.CLOSED, now, now, None
            flag.save()
            _note(flag, "closed", found, now)


def _note(flag: Flag, act: str, found: list[str], now: datetime) -> None:
    facts = {"differences": found[:SHOWN], "count": len(found)}
    FlagEvent.objects.create(flag=flag, act=act, facts=facts, happened_at=now)

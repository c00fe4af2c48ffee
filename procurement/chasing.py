"""Chasing deliveries: every line that has passed its promised day is told of once."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F

from config.accounts.models import User
from config.audit.commands import Answer, By, Opened, run
from config.jobs import outbox
from config.jobs.schedule import Counts
from procurement.models import Order, OrderEvent, OrderLine
from procurement.orders.reads import expiring_by

LATE = "procurement.late"  # the topic: {"line", "order", "promised_on"} of a line that has become late
_BATCH = 500


def chase_deliveries(*, now: datetime) -> Counts:
    """The nightly job: count late lines, and orders whose money ends soon, and tell of each line that is newly late.

    Running it twice changes nothing more.
    """
    late = OrderLine.objects.expected().filter(promised_on__lt=now.date())
    seen, changed = late.count() + Order.objects.filter(expiring_by(now.date())).count(), 0
    while ids := list(late.filter(chased_at__isnull=True).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic():
            changed += _tell(ids, now)
    return Counts(seen=seen, changed=changed)


def _tell(ids: list[int], now: datetime) -> int:
    lines = OrderLine.objects.select_for_update(of=("self",)).filter(pk__in=ids, chased_at__isnull=True).order_by("pk")
    rows = list(lines.values("pk", "promised_on", order_number=F("order__number")))
    OrderLine.objects.filter(pk__in=[row["pk"] for row in rows]).update(chased_at=now)
    for row in rows:
        payload = {"line": row["pk"], "order": row["order_number"], "promised_on": str(row["promised_on"])}
        outbox.emit(LATE, payload, now=now)
    return len(rows)


def note(payloads: list[dict[str, Any]], *, now: datetime) -> None:
    """Handle `procurement.late`: put it on the orders' timelines, once a line. Safe to repeat."""
    ids = sorted({payload["line"] for payload in payloads})
    told = OrderEvent.objects.filter(what="late", line__in=ids)
    lines = OrderLine.objects.filter(pk__in=ids).exclude(pk__in=told.values("line")).select_related("order")
    missing = list(lines.order_by("pk"))
    if not missing:
        return
    by = By(actor=User.objects.system(), key=uuid4(), now=now)
    request = {"lines": [line.pk for line in missing]}
    run(by, kind="procurement.note_late", request=request, act=lambda opened: _note(opened, missing))


def _note(opened: Opened, lines: list[OrderLine]) -> Answer:
    OrderEvent.objects.bulk_create(
        [
            OrderEvent(
                order_id=line.order_id,
                line=line,
                what="late",
                state=line.order.state,
                note=f"Promised for {line.promised_on}",
                at=opened.now,
                actor_id=opened.actor.pk,
                command_id=opened.command_id,
            )
            for line in lines
        ],
        ignore_conflicts=True,
    )
    return {"lines": len(lines)}

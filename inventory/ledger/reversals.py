"""Reversing a movement: a new row with origin and destination exchanged that names the old one and bears its moment.

So a position as of any later day no longer holds the mistake; what was believed on a day (as known on) still does.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from config.audit.commands import Answer, Opened
from config.jobs import outbox
from inventory.ledger import finding
from inventory.ledger.post import Move, post
from inventory.ledger.refusals import AlreadyReversed, MovementNotFound, NotReversible
from inventory.models import Movement

REVERSED = "inventory.reversed"  # the topic: {"movement": id of the movement that no longer holds}


def reversible(movement_id: int, opened: Opened, *, act: str) -> Movement:
    """The movement, its lot locked, if it can be reversed. Raises MovementNotFound, AlreadyReversed, NotReversible."""
    movement = (
        Movement.objects.visible_to(opened.actor)
        .select_related("lot__material", "origin__site", "destination__site")
        .filter(pk=movement_id)
        .first()
    )
    if movement is None:
        raise MovementNotFound(movement=movement_id)
    movement.lot = finding.lock(opened, movement.lot, act=act)
    # Looked for under the lock: two reversals at once, and the second one is told about the first.
    reversed_by = Movement.objects.filter(reverses_id=movement_id).values_list("pk", flat=True).first()
    if reversed_by is not None:
        raise AlreadyReversed(movement=movement_id, by=reversed_by)
    if movement.kind == Movement.Kind.REVERSE:
        raise NotReversible(movement=movement_id, why=_("it is itself a reversal; record the movement anew instead"))
    if movement.kind == Movement.Kind.SPLIT:
        raise NotReversible(movement=movement_id, why=_("a split made another lot; transfer or split that one instead"))
    return movement


def reverse(*, opened: Opened, movement_id: int, reason: str) -> Answer:
    """Reverse a movement, inside an approved command only.

    Answers {"lot", "movement", "reverses"}. Refuses what `reversible` refuses, InsufficientStock and NegativeOnADay
    when the mass is no longer where the movement had brought it.
    """
    old = reversible(movement_id, opened, act="reverse.approve")
    (new,) = post(
        opened,
        [
            Move(
                lot_id=old.lot_id,
                at=old.occurred_at,
                kind=Movement.Kind.REVERSE,
                origin=old.destination,
                destination=old.origin,
                net_mg=old.net_mg,
                reason=reason,
                reverses_id=old.pk,
            )
        ],
    )
    outbox.emit(REVERSED, {"movement": old.pk}, now=opened.now, command_id=opened.command_id)
    return {"lot": old.lot.number, "movement": new.pk, "reverses": old.pk}


def reversed_movements(ids: Iterable[int]) -> set[int]:
    """Which of these movements have been reversed: they happened on paper only. One query."""
    return set(Movement.objects.filter(reverses_id__in=list(ids)).values_list("reverses_id", flat=True))

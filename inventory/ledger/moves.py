"""Verbs on a lot that lies somewhere: transfer, sample, issue, adjust, allocate and release."""

from datetime import datetime
from typing import Any


from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from inventory import units
from inventory.ledger import finding
from inventory.ledger.post import Allocate, Move, post
from inventory.ledger.refusals import SamePlace
from inventory.models import HOLDING, Location, Movement, Place


def transfer(
    *,
    by: By,
    lot: str,
    origin: str,
    destination: str,
    net: units.Entered,
    reason: str = "",
    occurred_at: datetime | None = None,
    seen_seq: int | None = None,
) -> Answer:
    """Move mass of a lot between two holding locations of the actor's sites (or out of a lane bound for one).

    Answers {"lot", "movement"}. Refuses LotNotFound, LocationNotFound, WrongPlace, SamePlace, InsufficientStock,
    BeforeReceipt, NegativeOnADay, InTheFuture, Stale, NotAllowed.
    """

    def act(opened: Opened) -> Answer:
        found = finding.lot(opened.actor, lot, act="lots.transfer")
        finding.unchanged(found, seen_seq)
        start = finding.holding(opened.actor, origin, act="lots.transfer", field="origin")
        end = finding.holding(opened.actor, destination, act="lots.transfer", field="destination")
        if start.pk == end.pk:
            raise SamePlace(location=origin)
        return _post(opened, found.pk, found.number, Movement.Kind.TRANSFER, start, end, net, reason, at(by, occurred_at))

    return _run(by, "inventory.transfer", lot, net, occurred_at, act, origin=origin, destination=destination, reason=reason)


def sample(
    *,
    by: By,
    lot: str,
    origin: str,
    net: units.Entered,
    reason: str = "",
    occurred_at: datetime | None = None,
    seen_seq: int | None = None,
) -> Answer:
    """Draw a sample: mass leaves the lot for the site's sample location. Answers and refuses as `transfer`."""

    def act(opened: Opened) -> Answer:
        found = finding.lot(opened.actor, lot, act="lots.sample")
        finding.unchanged(found, seen_seq)
        start = finding.holding(opened.actor, origin, act="lots.sample", field="origin")
        end = finding.outside(start.site_id, Place.SAMPLE)
        return _post(opened, found.pk, found.number, Movement.Kind.SAMPLE, start, end, net, reason, at(by, occurred_at))

    return _run(by, "inventory.sample", lot, net, occurred_at, act, origin=origin, reason=reason)


def issue(
    *, by: By, lot: str, origin: str, net: units.Entered, reason: str, occurred_at: datetime | None = None
) -> Answer:
    """Issue mass of a lot to a consumer, from a store. Its request and two approvals stand before it.

    Called inside the command that two managers approved; on its own it needs the right to approve issues. Answers and
    refuses as `transfer`.
    """

    def act(opened: Opened) -> Answer:
        found = finding.lot(opened.actor, lot, act="issue.approve")
        start = finding.location(opened.actor, origin, act="issue.approve", kinds=(Place.STORE,), field="origin")
        end = finding.outside(start.site_id, Place.CONSUMER)
        return _post(opened, found.pk, found.number, Movement.Kind.ISSUE, start, end, net, reason, at(by, occurred_at))

    return _run(by, "inventory.issue", lot, net, occurred_at, act, origin=origin, reason=reason)


def adjust(
    *,
    opened: Opened,
    lot: str,
    location: str,
    net: units.Entered,
    gain: bool,
    reason: str,
    occurred_at: datetime | None = None,
) -> Answer:
    """Correct the book mass of a lot at a location: from the site's gain, or to its loss. Inside an approved command only."""
    found = finding.lot(opened.actor, lot)
    where = finding.location(opened.actor, location, act="adjust.approve", kinds=HOLDING)
    kind = Movement.Kind.ADJUST
    if gain:
        outside = finding.outside(where.site_id, Place.GAIN)
        return _post(opened, found.pk, found.number, kind, outside, where, net, reason, at(opened, occurred_at))
    outside = finding.outside(where.site_id, Place.LOSS)
    return _post(opened, found.pk, found.number, kind, where, outside, net, reason, at(opened, occurred_at))


def allocate(*, opened: Opened, lot: str, location: str, delta_mg: int, reason: str) -> Answer:
    """Earmark (positive) or release (negative) mass of a lot, inside the command that needs it.

    Refuses InsufficientStock beyond what is free, NotAllocated beyond what is allocated.
    """
    found = finding.lot(opened.actor, lot)
    where = finding.location(opened.actor, location, act="lots.see", kinds=HOLDING)
    post(opened, [Allocate(lot_id=found.pk, at=opened.now, location=where, delta_mg=delta_mg, reason=reason)])
    return {"lot": found.number, "location": location, "delta_kg": units.kg(delta_mg)}


def at(by: By, occurred_at: datetime | None) -> datetime:
    """The moment of an act: as given, not ahead of now, else now."""
    return edge.not_ahead(occurred_at, now=by.now) if occurred_at else by.now


def _run(
    by: By, kind: str, lot: str, net: units.Entered, occurred_at: datetime | None, act: Any, **request: str
) -> Answer:
    body = {
        "lot": lot,
        "net": [str(net.quantity), net.unit],
        "occurred_at": occurred_at.isoformat() if occurred_at else None,
        **request,
    }
    return run(by, kind=kind, request=body, act=act, occurred_at=occurred_at)


def _post(
    opened: Opened,
    lot_id: int,
    number: str,
    kind: str,
    origin: Location,
    destination: Location,
    net: units.Entered,
    reason: str,
    moment: datetime,
) -> Answer:
    movement = post(
        opened,
        [
            Move(
                lot_id=lot_id,
                at=moment,
                kind=kind,
                origin=origin,
                destination=destination,
                net_mg=net.mg,
                entered=net,
                reason=reason,
            )
        ],
    )[0]
    return {"lot": number, "movement": movement.pk}



"""Verbs on a lot that lies somewhere: transfer, sample, issue, adjust, allocate and release."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from inventory import units
from inventory.ledger import finding
from inventory.ledger.post import Allocate, Move, post
from inventory.ledger.refusals import SamePlace
from inventory.models import Location, Lot, Movement, Place


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
    """Move mass of a lot between two holding locations of the actor's sites, or out of a lane that is bound for one.

    Answers {"lot", "movement"}. Refuses LotNotFound, LocationNotFound, WrongPlace, SamePlace, InsufficientStock,
    BeforeReceipt, NegativeOnADay, InTheFuture, Stale, NotAllowed.
    """

    def act(opened: Opened) -> Answer:
        found = finding.held(opened, lot, act="lots.transfer", seen_seq=seen_seq)
        start = finding.holding(opened.actor, origin, act="lots.transfer", field="origin", far_end=True)
        end = finding.holding(opened.actor, destination, act="lots.transfer", field="destination")
        if start.pk == end.pk:
            raise SamePlace(location=origin)
        return _post(opened, found, Movement.Kind.TRANSFER, start, end, net, reason, occurred_at)

    return _run(
        by, "inventory.transfer", lot, net, occurred_at, act, origin=origin, destination=destination, reason=reason
    )


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
        found = finding.held(opened, lot, act="lots.sample", seen_seq=seen_seq)
        start = finding.holding(opened.actor, origin, act="lots.sample", field="origin")
        end = finding.outside(start.site_id, Place.SAMPLE)
        return _post(opened, found, Movement.Kind.SAMPLE, start, end, net, reason, occurred_at)

    return _run(by, "inventory.sample", lot, net, occurred_at, act, origin=origin, reason=reason)


def issue(
    *,
    opened: Opened,
    lot: str,
    origin: str,
    net: units.Entered,
    reason: str,
    occurred_at: datetime | None = None,
    act: str = "issue.approve",
) -> Answer:
    """Issue mass of a lot to a consumer, from a store. Inside the command of the last approval, or under break-glass (trigger).

    `act` is the right under which it is done. Answers and refuses as `transfer`.
    """
    found = finding.held(opened, lot, act=act)
    start = finding.location(opened.actor, origin, act=act, kinds=(Place.STORE,), field="origin")
    end = finding.outside(start.site_id, Place.CONSUMER)
    return _post(opened, found, Movement.Kind.ISSUE, start, end, net, reason, occurred_at)


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
    """Correct the book mass of a lot at a location: from the site's gain, or to its loss. As `issue`, when approved."""
    found = finding.held(opened, lot, act="adjust.approve")
    where = finding.holding(opened.actor, location, act="adjust.approve")
    kind = Movement.Kind.ADJUST
    if gain:
        return _post(opened, found, kind, finding.outside(where.site_id, Place.GAIN), where, net, reason, occurred_at)
    return _post(opened, found, kind, where, finding.outside(where.site_id, Place.LOSS), net, reason, occurred_at)


def allocate(*, opened: Opened, lot: str, location: str, delta_mg: int, reason: str) -> Answer:
    """Earmark (positive) or release (negative) mass of a lot, inside the command that needs it.

    Refuses InsufficientStock beyond what is free, NotAllocated beyond what is allocated.
    """
    found = finding.held(opened, lot, act="lots.see")
    where = finding.holding(opened.actor, location, act="lots.see")
    at = finding.moment(opened, found, None)
    post(opened, [Allocate(lot_id=found.pk, at=at, location=where, delta_mg=delta_mg, reason=_reason(reason))])
    return {"lot": found.number, "location": location, "delta_kg": units.kg(delta_mg)}


def _reason(reason: str) -> str:
    return edge.text(reason, what=_("Reason"), longest=1000, lines=True)


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
    lot: Lot,
    kind: str,
    origin: Location,
    destination: Location,
    net: units.Entered,
    reason: str,
    occurred_at: datetime | None,
) -> Answer:
    entry = Move(
        lot_id=lot.pk,
        at=finding.moment(opened, lot, occurred_at),
        kind=kind,
        origin=origin,
        destination=destination,
        net_mg=net.mg,
        entered=net,
        reason=_reason(reason),
    )
    (movement,) = post(opened, [entry])
    here = origin if origin.holds else destination
    return {"lot": lot.number, "movement": movement.pk, "site": here.site.code}

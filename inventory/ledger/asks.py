"""Asking for what takes a second person: an adjustment, a reversal, an issue. Done when enough others agreed."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from config.accounts.matrix import require_at
from config.approvals import requests
from config.approvals.models import Request
from config.approvals.said import Said
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from inventory import units
from inventory.ledger import finding, moves, reversals
from inventory.ledger.refusals import BeforeReceipt, InsufficientStock
from inventory.models import Balance, Place

GAIN, LOSS = gettext_noop("+{net_mg} at {place}"), gettext_noop("−{net_mg} at {place}")
BACK, OUT = gettext_noop("{movement} of {net_mg}, {origin} to {destination}"), gettext_noop("{net_mg} from {place}")
ADJUST, REVERSE, ISSUE = "inventory.adjust", "inventory.reverse", "inventory.issue"


def ask_adjust(
    *,
    by: By,
    lot: str,
    location: str,
    net: units.Entered,
    gain: bool,
    reason: str,
    occurred_at: datetime | None = None,
    seen_seq: int | None = None,
) -> Answer:
    """Ask for the book mass of a lot to be corrected. Answers {"request", "state"}.

    Refuses LotNotFound, LocationNotFound, InsufficientStock, InTheFuture, Stale, NotAllowed, BadText without a reason.
    """
    body = {
        "lot": lot,
        "location": location,
        "net": _body(net),
        "gain": gain,
        "occurred_at": occurred_at.isoformat() if occurred_at else None,
    }

    def act(opened: Opened) -> Answer:
        _reason(reason)
        found = finding.held(opened, lot, act="adjust.ask", seen_seq=seen_seq)
        where = finding.holding(opened.actor, location, act="adjust.ask")
        if finding.moment(opened, found, occurred_at) < found.received_at:
            raise BeforeReceipt(lot=found.number, received_at=found.received_at)
        if not gain:
            _enough(found.pk, found.number, where.pk, where.code, net)
        summary = Said(GAIN if gain else LOSS, {"net_mg": net.mg, "place": where.code})
        return _ask(opened, ADJUST, found.number, where.site.code, summary, body, reason)

    return run(by, kind="inventory.ask_adjust", request={**body, "reason": reason}, act=act)


def ask_reverse(*, by: By, movement_id: int, reason: str) -> Answer:
    """Ask for a movement to be reversed. Answers {"request", "state"}. Refuses what `reversals.reversible` refuses."""

    def act(opened: Opened) -> Answer:
        _reason(reason)
        movement = reversals.reversible(movement_id, opened, act="reverse.ask")
        site = movement.origin.site.code if movement.origin.holds else movement.destination.site.code
        require_at(opened.actor, "reverse.ask", site)
        ends = {"origin": movement.origin.code, "destination": movement.destination.code}
        kind = movement.get_kind_display()
        summary = Said(BACK, {"movement": kind, "net_mg": movement.net_mg, **ends})
        return _ask(opened, REVERSE, movement.lot.number, site, summary, {"movement": movement_id}, reason)

    return run(by, kind="inventory.ask_reverse", request={"movement": movement_id, "reason": reason}, act=act)


def ask_issue(*, by: By, lot: str, origin: str, net: units.Entered, reason: str, seen_seq: int | None = None) -> Answer:
    """Ask for mass of a lot to be issued; two managers must agree (the role table says how many). Answers {"request", "state"}."""
    body = {"lot": lot, "origin": origin, "net": _body(net)}

    def act(opened: Opened) -> Answer:
        _reason(reason)
        found = finding.held(opened, lot, act="issue.ask", seen_seq=seen_seq)
        where = finding.location(opened.actor, origin, act="issue.ask", kinds=(Place.STORE,), field="origin")
        _enough(found.pk, found.number, where.pk, where.code, net)
        summary = Said(OUT, {"net_mg": net.mg, "place": where.code})
        return _ask(opened, ISSUE, found.number, where.site.code, summary, body, reason)

    return run(by, kind="inventory.ask_issue", request={**body, "reason": reason}, act=act)


def _reason(reason: str) -> None:
    edge.text(reason, what=_("Reason"), longest=1000, required=True, lines=True)


def _enough(lot_id: int, number: str, location_id: int, code: str, net: units.Entered) -> None:
    row = Balance.objects.filter(lot_id=lot_id, location_id=location_id).first()
    held, free = (row.net_mg, row.net_mg - row.allocated_mg) if row else (0, 0)
    if net.mg > free:
        raise InsufficientStock(
            lot=number, location=code, free_kg=units.kg(free), held_kg=units.kg(held), asked_kg=units.kg(net.mg)
        )


def _ask(
    opened: Opened,
    kind: str,
    subject: str,
    site: str,
    summary: Said,
    body: dict[str, Any],
    reason: str,
) -> Answer:
    request = requests.ask(
        opened, kind=kind, subject=subject, site_code=site, summary=summary, body=body, reason=reason
    )
    return {"request": request.pk, "state": request.state, "site": site}


def _body(net: units.Entered) -> list[Any]:
    return [format(net.quantity, "f"), net.unit, net.mg]


def _net(request: Request) -> units.Entered:
    """The mass that was asked for: what was agreed to is what is done, to the milligram."""
    quantity, unit, mg = request.body["net"]
    return units.Entered(Decimal(quantity), unit, mg)


def _adjust(opened: Opened, request: Request) -> Answer:
    moment = request.body["occurred_at"]
    return moves.adjust(
        opened=opened,
        lot=request.body["lot"],
        location=request.body["location"],
        net=_net(request),
        gain=request.body["gain"],
        reason=request.reason,
        occurred_at=datetime.fromisoformat(moment) if moment else request.asked_at,
    )


def _reverse(opened: Opened, request: Request) -> Answer:
    return reversals.reverse(opened=opened, movement_id=request.body["movement"], reason=request.reason)


def _issue(opened: Opened, request: Request) -> Answer:
    emergency = request.state == Request.State.EMERGENCY
    return moves.issue(
        opened=opened,
        lot=request.body["lot"],
        origin=request.body["origin"],
        net=_net(request),
        reason=request.reason,
        act="issue.break_glass" if emergency else "issue.approve",
    )


ACTS = (
    requests.TwoPersonAct(ADJUST, _("Adjustment"), "adjust.approve", _adjust),
    requests.TwoPersonAct(REVERSE, _("Reversal"), "reverse.approve", _reverse),
    requests.TwoPersonAct(ISSUE, _("Issue"), "issue.approve", _issue),
)

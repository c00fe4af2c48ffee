"""Receiving against an order line: one command makes the lot and books it. A reversed receipt is open again."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import require
from config.accounts.models import User
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from inventory import ledger, sites, units
from procurement.models import Delivered, Order, OrderEvent, OrderLine
from procurement.orders import counting
from procurement.orders.acts import on_order_changes
from procurement.refusals import (
    DeliveryNotFound,
    LineCancelled,
    OverTolerance,
    WrongMaterial,
    WrongSite,
    WrongState,
)
from procurement.tolerance import most_mg
from procurement.transitions import DELIVERABLE, State


def receive(*, by: By, line_id: int, arrival: ledger.Arrival, occurred_at: datetime | None = None) -> Answer:
    """Receive one lot against an order line, at the line's site, up to ordered mass plus tolerance (0 % is 0 %).

    Answers {"lot", "lot_id", "movement", "order", "line", "state", "open_mg"}. Refuses DeliveryNotFound (also foreign),
    WrongState, WrongMaterial, WrongSite, LineCancelled, OverTolerance, NotAllowed, and what `ledger.receive` refuses.
    """
    request = {
        "line": line_id,
        "arrival": json.loads(json.dumps(asdict(arrival), default=str)),
        "occurred_at": occurred_at and occurred_at.isoformat(),
    }
    site = OrderLine.objects.filter(pk=line_id).values_list("site__code", flat=True).first() or ""
    return run(
        by,
        kind="procurement.receive",
        site=site,
        request=request,
        act=lambda opened: _receive(opened, line_id, arrival, occurred_at),
        occurred_at=occurred_at,
    )


def _receive(opened: Opened, line_id: int, arrival: ledger.Arrival, occurred_at: datetime | None) -> Answer:
    require(opened.actor, "deliveries.receive")
    order, line = _locked(opened, line_id)
    _fits(opened, order, line, arrival)
    _within_tolerance(order, line, arrival.net)
    # The order's own rows first, the ledger's after: locks are taken in one order everywhere.
    OrderLine.objects.filter(pk=line.pk).update(received_mg=F("received_mg") + arrival.net.mg)
    counting.follow([order])
    _event(opened, order, line, arrival.net)
    answer = ledger.receive(
        by=opened,
        arrival=replace(
            arrival,
            site=line.site.code,
            reason=arrival.reason or f"Order {order.number}, line {line.number}",
        ),
        occurred_at=occurred_at,
    )
    Delivered.objects.create(
        line=line,
        lot_id=answer["lot_id"],
        movement_id=answer["movement"],
        net_mg=arrival.net.mg,
        occurred_at=occurred_at or opened.now,
        recorded_at=opened.now,
        actor_id=opened.actor.pk,
        command_id=opened.command_id,
    )
    left = max(line.ordered_mg - line.cancelled_mg - line.received_mg - arrival.net.mg, 0)
    return {**answer, "order": order.number, "line": line.number, "state": order.state, "open_mg": left}


def _locked(opened: Opened, line_id: int) -> tuple[Order, OrderLine]:
    """Order and line, locked, with what truly counts as received. Raises DeliveryNotFound."""
    visible = OrderLine.objects.visible_to(opened.actor).filter(pk=line_id).exclude(order__state__in=_BEFORE)
    order_id = visible.values_list("order_id", flat=True).first()
    if order_id is None:
        raise DeliveryNotFound(line=line_id)
    order = Order.objects.select_for_update().get(pk=order_id)
    if State(order.state) in DELIVERABLE:
        counting.settle(opened, [order])
    return order, OrderLine.objects.select_for_update(of=("self",)).select_related("material", "site").get(pk=line_id)


_BEFORE = (State.DRAFT, State.SUBMITTED, State.APPROVED)


def _fits(opened: Opened, order: Order, line: OrderLine, arrival: ledger.Arrival) -> None:
    if State(order.state) not in DELIVERABLE:
        raise WrongState(order=order.number, state=order.state, act=_("receiving against it"))
    if arrival.material != line.material.code:
        raise WrongMaterial(
            line=line.number, order=order.number, ordered=line.material.name, arrived=arrival.material[:60]
        )
    there = {row.code for row in sites.locations(opened.actor, site=line.site.code)}
    if arrival.location not in there or arrival.site not in ("", line.site.code):
        raise WrongSite(line=line.number, order=order.number, site=line.site.name, location=arrival.location[:40])
    if line.cancelled_mg == line.ordered_mg:
        raise LineCancelled(line=line.number, order=order.number)


def _within_tolerance(order: Order, line: OrderLine, net: units.Entered) -> None:
    wanted = line.ordered_mg - line.cancelled_mg
    most = most_mg(wanted_mg=wanted, tolerance_pct=line.tolerance_pct)
    if line.received_mg + net.mg > most:
        raise OverTolerance(
            line=line.number,
            order=order.number,
            ordered_kg=units.kg(wanted),
            tolerance_pct=edge.plain(line.tolerance_pct),
            received_kg=units.kg(line.received_mg),
            most_kg=units.kg(max(most - line.received_mg, 0)),
            asked_kg=units.kg(net.mg),
        )


def _event(opened: Opened, order: Order, line: OrderLine, net: units.Entered) -> None:
    OrderEvent.objects.create(
        order=order,
        line=line,
        what="receive",
        state=order.state,
        net_mg=net.mg,
        at=opened.now,
        actor_id=opened.actor.pk,
        command_id=opened.command_id,
    )


def reopen(payloads: list[dict[str, Any]], *, now: datetime) -> None:
    """Handle `inventory.reversed`: what a reversed receipt had brought is open on its order again. Safe to repeat."""
    movements = [payload["movement"] for payload in payloads]
    recount(Delivered.objects.filter(movement_id__in=movements).values_list("line_id", flat=True), now=now)


def recount(line_ids: Iterable[int], *, now: datetime) -> int:
    """Bring lines to what their deliveries add up to, their orders to the state that follows. Returns lines changed.

    Where all is right already it writes nothing; otherwise one command of the system's.
    """
    wanted = sorted(set(line_ids))
    true = counting.counted(wanted)
    booked = OrderLine.objects.filter(pk__in=wanted).values_list("pk", "received_mg")
    if all(true[pk] == received_mg for pk, received_mg in booked):
        return 0
    by = By(actor=User.objects.system(), key=uuid4(), now=now)
    answer = run(by, kind="procurement.recount", request={"lines": wanted}, act=lambda opened: _recount(opened, wanted))
    return len(answer["changed"])


def _recount(opened: Opened, line_ids: list[int]) -> Answer:
    order_ids = set(OrderLine.objects.filter(pk__in=line_ids).values_list("order_id", flat=True))
    orders = list(Order.objects.select_for_update().filter(pk__in=order_ids).order_by("pk"))
    changed = counting.settle(opened, orders)
    if changed:
        on_order_changes(opened)
    return {"changed": [line.pk for line in changed]}

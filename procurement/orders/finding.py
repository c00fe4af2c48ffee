"""Taking hold of an order for one act: locked, in a state that allows the act, by a person whose role does."""

import re

from config.accounts.matrix import allow, require
from config.accounts.ties import Hands, Tie
from config.audit.commands import Opened
from config.audit.refused import Stale
from procurement.models import Order, OrderEvent
from procurement.orders import counting
from procurement.refusals import OrderNotFound, WrongState
from procurement.transitions import DELIVERABLE, TABLE, Act, State, Step, needed

_NUMBER = re.compile(r"[A-Z0-9-]{1,24}", re.ASCII)


def plain(number: str) -> str:
    """The number, if one could be written so: no database is asked for control characters. Raises OrderNotFound."""
    if not _NUMBER.fullmatch(number):
        raise OrderNotFound(order=ascii(number[:24]))
    return number


def locked(opened: Opened, number: str, act: Act, version: int | None) -> tuple[Order, Step]:
    """The order, locked, and where the act leads. Raises NotAllowed, OrderNotFound, Stale, WrongState, OwnOrder.

    `version` is what the person saw; None leaves it unchecked.
    """
    require(opened.actor, needed(act))
    order = (
        Order.objects.visible_to(opened.actor)
        .select_for_update(of=("self",))
        .select_related("supplier")
        .filter(number=plain(number))
        .first()
    )
    if order is None:
        raise OrderNotFound(order=number[:40])
    if version is not None and order.version != version:
        raise Stale(what=f"Order {order.number}")
    if State(order.state) in DELIVERABLE:
        counting.settle(opened, [order])
    step = TABLE.get((State(order.state), act))
    if step is None:
        raise WrongState(order=order.number, state=order.state, act=act.label.lower())
    allow(opened.actor, step.needs, hands=hands_of(order))
    return order, step


def hands_of(order: Order) -> Hands:
    """Who has a hand in an order."""
    return {Tie.WROTE: [order.created_by_id], Tie.EDITED: [order.last_edited_by_id]}


def moved(order: Order, step: Step) -> None:
    """Write the order in its new state, as its next version."""
    order.state = step.to
    order.version += 1
    order.save()


def event(opened: Opened, order: Order, what: str, note: str = "") -> None:
    """Put what happened on the order's timeline."""
    OrderEvent.objects.create(
        order=order,
        what=what,
        state=order.state,
        note=note,
        at=opened.now,
        actor_id=opened.actor.pk,
        command_id=opened.command_id,
    )

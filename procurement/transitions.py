"""The life of an order: one table, read by the doors, the pages, the database trigger and the tests.

draft -> submitted -> approved (by another person) -> placed -> part received -> received, or cancelled. What a receipt
or its reversal leaves delivered (nothing, part, all) is an act like the others: a reversed receipt is open again.
"""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy


class State(models.TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    SUBMITTED = "submitted", gettext_lazy("Submitted")
    APPROVED = "approved", gettext_lazy("Approved")
    PLACED = "placed", gettext_lazy("Placed")
    PART_RECEIVED = "part received", gettext_lazy("Part received")
    RECEIVED = "received", gettext_lazy("Received")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")


class Act(models.TextChoices):
    EDIT = "edit", gettext_lazy("Edit")
    SUBMIT = "submit", gettext_lazy("Submit for approval")
    SEND_BACK = "send_back", gettext_lazy("Send back")
    APPROVE = "approve", gettext_lazy("Approve")
    PLACE = "place", gettext_lazy("Place with the supplier")
    CANCEL = "cancel", gettext_lazy("Cancel")
    DELIVER_NOTHING = "deliver_nothing", gettext_lazy("All receipts reversed")
    DELIVER_PART = "deliver_part", gettext_lazy("Received in part")
    DELIVER_ALL = "deliver_all", gettext_lazy("Received in full")


class Step(NamedTuple):
    """Where an act leads, and the row of the role table that it needs."""

    to: State
    needs: str


WRITE, APPROVE, SEND_BACK = "orders.write", "orders.approve", "orders.send_back"
RECEIVE = "deliveries.receive"

TABLE: dict[tuple[State, Act], Step] = {
    (State.DRAFT, Act.EDIT): Step(State.DRAFT, WRITE),
    (State.DRAFT, Act.SUBMIT): Step(State.SUBMITTED, WRITE),
    (State.DRAFT, Act.CANCEL): Step(State.CANCELLED, WRITE),
    (State.SUBMITTED, Act.APPROVE): Step(State.APPROVED, APPROVE),
    (State.SUBMITTED, Act.SEND_BACK): Step(State.DRAFT, SEND_BACK),
    (State.SUBMITTED, Act.CANCEL): Step(State.CANCELLED, WRITE),
    (State.APPROVED, Act.PLACE): Step(State.PLACED, WRITE),
    (State.APPROVED, Act.SEND_BACK): Step(State.DRAFT, SEND_BACK),
    (State.APPROVED, Act.CANCEL): Step(State.CANCELLED, WRITE),
    (State.PLACED, Act.CANCEL): Step(State.CANCELLED, WRITE),
    (State.PLACED, Act.DELIVER_NOTHING): Step(State.PLACED, RECEIVE),
    (State.PLACED, Act.DELIVER_PART): Step(State.PART_RECEIVED, RECEIVE),
    (State.PLACED, Act.DELIVER_ALL): Step(State.RECEIVED, RECEIVE),
    # What has arrived stays received: only the rest of the order is cancelled.
    (State.PART_RECEIVED, Act.CANCEL): Step(State.RECEIVED, WRITE),
    (State.PART_RECEIVED, Act.DELIVER_NOTHING): Step(State.PLACED, RECEIVE),
    (State.PART_RECEIVED, Act.DELIVER_PART): Step(State.PART_RECEIVED, RECEIVE),
    (State.PART_RECEIVED, Act.DELIVER_ALL): Step(State.RECEIVED, RECEIVE),
    # The tolerance may leave room for a last delivery; a reversed receipt opens the order again.
    (State.RECEIVED, Act.DELIVER_NOTHING): Step(State.PLACED, RECEIVE),
    (State.RECEIVED, Act.DELIVER_PART): Step(State.PART_RECEIVED, RECEIVE),
    (State.RECEIVED, Act.DELIVER_ALL): Step(State.RECEIVED, RECEIVE),
}

UNPLACED = (State.DRAFT, State.SUBMITTED, State.APPROVED)
ON_ORDER = (State.PLACED, State.PART_RECEIVED)
DELIVERABLE = (State.PLACED, State.PART_RECEIVED, State.RECEIVED)
ALLOWED = sorted({(str(start), str(step.to)) for (start, _), step in TABLE.items() if start != step.to})


def acts_from(state: State) -> list[tuple[Act, Step]]:
    """The acts of people that the table has for this state, in its order; deliveries are acts of the receiving door."""
    return [(act, step) for (start, act), step in TABLE.items() if start == state and step.needs != RECEIVE]


def after_delivery(*, delivered_mg: int, open_mg: int) -> Act:
    """The act that stands for what is delivered and what is still open, in mg over all lines."""
    if not delivered_mg:
        return Act.DELIVER_NOTHING
    return Act.DELIVER_PART if open_mg else Act.DELIVER_ALL


def needed(act: Act) -> str:
    """The row of the role table that an act needs, from whatever state."""
    return next(step.needs for (_, known), step in TABLE.items() if known == act)

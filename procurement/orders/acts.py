"""What becomes of an order: submitted, approved by another person, placed with the supplier, cancelled."""

from collections.abc import Callable

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from config.accounts import delegations
from config.audit import edge
from config.audit.commands import Answer, By, Opened, run
from config.jobs import outbox
from procurement.models import Order
from procurement.orders.finding import event, hands_of, locked, moved
from procurement.refusals import Incomplete
from procurement.transitions import APPROVE, ON_ORDER, Act, State

CHANGED = "procurement.changed"  # the topic: what is on order has changed
WITH_REASON = (Act.SEND_BACK, Act.CANCEL)


def submit(*, by: By, number: str, version: int | None = None) -> Answer:
    """Ask for approval of a draft. Refuses Incomplete while lines lack a price or promised day, and names all of it.

    Every act here answers {"order", "state", "version"} and refuses OrderNotFound, WrongState, NotAllowed, and Stale
    when the order was changed since `version`.
    """
    return do(by=by, number=number, what=Act.SUBMIT, version=version)


def approve(*, by: By, number: str, version: int | None = None) -> Answer:
    """Agree to a submitted order. Refuses OwnOrder to whoever wrote or last edited it, whatever their roles."""
    return do(by=by, number=number, what=Act.APPROVE, version=version)


def send_back(*, by: By, number: str, reason: str, version: int | None = None) -> Answer:
    """Make a submitted or approved order a draft again. Refuses BadText without a reason."""
    return do(by=by, number=number, what=Act.SEND_BACK, reason=reason, version=version)


def place(*, by: By, number: str, version: int | None = None) -> Answer:
    """Record that an approved order went to its supplier: from now on it is on order."""
    return do(by=by, number=number, what=Act.PLACE, version=version)


def cancel(*, by: By, number: str, reason: str, version: int | None = None) -> Answer:
    """Cancel what of an order has not been delivered. Refuses BadText without a reason.

    An order of which something was delivered is `received` after it, any other `cancelled`.
    """
    return do(by=by, number=number, what=Act.CANCEL, reason=reason, version=version)


def do(*, by: By, number: str, what: Act, reason: str = "", version: int | None = None) -> Answer:
    """One of the acts above by its name, for pages and routes. Raises KeyError for acts that are not among them."""
    doing = _DOING[what]

    def act(opened: Opened) -> Answer:
        order, step = locked(opened, number, what, version)
        needed = what in WITH_REASON
        words = edge.text(reason, what=_("Reason"), longest=1000, required=needed, lines=True, field="reason")
        doing(opened, order)
        moved(order, step)
        event(opened, order, what, words or _stood_in(order, what))
        return {"order": order.number, "state": order.state, "version": order.version}

    request = {"order": number, "version": version, "reason": reason}
    return run(by, kind=f"procurement.{what}_order", request=request, act=act)


def _submit(opened: Opened, order: Order) -> None:
    lacking = []
    for line in order.lines.order_by("number"):
        if missing := [field for field in Incomplete.needed if getattr(line, field) is None]:
            lacking.append({"line": line.number, "missing": missing})
    if lacking:
        raise Incomplete(order=order.number, lines=lacking)
    order.submitted_by_id, order.submitted_at = opened.actor.pk, opened.now


def _approve(opened: Opened, order: Order) -> None:
    order.approved_by_id, order.approved_at = opened.actor.pk, opened.now
    order.approved_under = delegations.under(opened, APPROVE, hands=hands_of(order))


def _stood_in(order: Order, what: Act) -> str:
    """For the timeline: whom the approver stood in for."""
    return f"For {order.approved_under.lender.name}" if what is Act.APPROVE and order.approved_under else ""


def _send_back(opened: Opened, order: Order) -> None:
    order.approved_under = None
    order.approved_by_id = order.approved_at = order.submitted_by_id = order.submitted_at = None


def _place(opened: Opened, order: Order) -> None:
    order.placed_at = opened.now
    on_order_changes(opened)


def _cancel(opened: Opened, order: Order) -> None:
    order.cancelled_at = opened.now
    if State(order.state) in ON_ORDER:
        lines = list(order.lines.select_for_update().order_by("pk").values_list("pk", flat=True))
        order.lines.filter(pk__in=lines).update(cancelled_mg=F("cancelled_mg") + F("open_mg"))
        on_order_changes(opened)


def on_order_changes(opened: Opened) -> None:
    outbox.emit(CHANGED, {}, now=opened.now, command_id=opened.command_id)


ACTS = (Act.SUBMIT, Act.APPROVE, Act.SEND_BACK, Act.PLACE, Act.CANCEL)
_DOING: dict[Act, Callable[[Opened, Order], None]] = {
    Act.SUBMIT: _submit,
    Act.APPROVE: _approve,
    Act.SEND_BACK: _send_back,
    Act.PLACE: _place,
    Act.CANCEL: _cancel,
}

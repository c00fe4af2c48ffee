"""The list of orders, one order, and what may be done with it."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts import matrix
from config.ui import htmx, lists
from config.ui.pages import signed_in
from procurement import orders
from procurement.forms import OrderActForm
from procurement.orders.acts import ACTS, WITH_REASON
from procurement.tables import ORDERS
from procurement.transitions import Act, State, needed

PAGE, BODY = "procurement/order.html", "procurement/order_body.html"
SAID = {
    Act.SUBMIT: _("Submitted {order}. Another person has to approve it."),
    Act.APPROVE: _("Approved {order}. It can be placed with the supplier."),
    Act.SEND_BACK: _("Sent {order} back. It is a draft again."),
    Act.PLACE: _("Placed {order}. It is on order from now on."),
    Act.CANCEL: _("Cancelled what of {order} was not delivered."),
}


@dataclass(frozen=True)
class Offer:
    """A button on an order's page and the form behind it."""

    act: Act
    label: str
    form: OrderActForm

    @property
    def reasoned(self) -> bool:
        return self.act in WITH_REASON


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Orders, the newest first, narrowed as the address says."""
    may_write = matrix.permits(request.user, "orders.write")
    context = {"may_write": may_write}
    return lists.answer(request, ORDERS, "procurement/orders.html", context, now=timezone.now())


@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order: lines with what arrived, history, and buttons for what this person may do with it now."""
    matrix.require(request.user, "orders.see")
    return htmx.render(request, PAGE, BODY, _context(request, number))


@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Do one act of the table; refused, the order comes back as it is now and says why."""
    what = Act(act) if act in ACTS else None
    if what is None:
        raise Http404
    matrix.require(request.user, needed(what))
    user = signed_in(request)
    form = OrderActForm(request.POST, act=what)
    answer = form.attempt(
        lambda by: orders.do(by=by, number=number, what=what, **form.asked()), user=user, now=timezone.now()
    )
    if answer is None:
        return htmx.render(request, PAGE, BODY, _context(request, number, refused=(what, form)), status=422)
    messages.success(request, SAID[what].format(**answer))
    return htmx.see_other(request, reverse("order", args=[answer["order"]]))


def _context(request: HttpRequest, number: str, refused: tuple[Act, OrderActForm] | None = None) -> dict[str, Any]:
    user, now = signed_in(request), timezone.now()
    found = orders.one(user, number, today=now.date())
    if refused:
        refused[1].show_again(version=found.version)
    offers = [
        Offer(act, _label(act, found.state), OrderActForm(act=act, initial={"version": found.version}))
        for act in found.acts
        if act is not Act.EDIT
    ]
    return {
        "order": found,
        "may_edit": Act.EDIT in found.acts,
        "offers": [
            replace(offer, form=refused[1]) if refused and offer.act is refused[0] else offer for offer in offers
        ],
        "refused": refused[1] if refused else None,
    }


def _label(act: Act, state: str) -> str:
    if act is Act.CANCEL and state == State.PART_RECEIVED:
        return gettext("Cancel the rest")
    return str(act.label)

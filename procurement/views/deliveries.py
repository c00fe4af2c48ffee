"""Deliveries expected, and receiving one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.accounts import matrix
from config.ui import figures, htmx, lists
from config.ui.pages import open_or_send, signed_in
from procurement import deliveries, receiving
from procurement.forms import DeliveryForm
from procurement.tables import DELIVERIES

PAGE, FRAGMENT = "procurement/delivery_receive.html", "procurement/delivery_form.html"


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What is still to arrive at the person's sites, the soonest promised first."""
    context = {"may_receive": matrix.permits(request.user, "lots.receive")}
    return lists.answer(request, DELIVERIES, "procurement/deliveries.html", context, now=timezone.now())


@open_or_send
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Receive one lot against an order line: its material and site are the line's."""
    matrix.require(request.user, "deliveries.receive")
    user = signed_in(request)
    line = deliveries.one(user, pk, today=timezone.now().date())
    if request.method != "POST":
        return htmx.render(request, PAGE, FRAGMENT, {"line": line, "form": DeliveryForm(user=user, line=line)})
    form = DeliveryForm(request.POST, user=user, line=line)
    answer = form.attempt(
        lambda by: receiving.receive(
            by=by, line_id=pk, arrival=form.arrival(), occurred_at=form.cleaned_data["occurred_at"]
        ),
        user=user,
        now=timezone.now(),
    )
    if answer is None:
        return htmx.render(request, PAGE, FRAGMENT, {"line": line, "form": form}, status=422)
    mass = figures.mass(form.cleaned_data["net"].mg)
    messages.success(
        request,
        _(
            "Received lot {lot}, {mass}, against {order}. Write its number on the tag. "
            "It counts when another person has accepted it."
        ).format(lot=answer["lot"], mass=mass, order=answer["order"]),
    )
    return htmx.see_other(request, reverse("lot", args=[answer["lot"]]))

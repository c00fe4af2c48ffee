"""Writing an order, and writing it anew."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from config.accounts import matrix
from config.ui import htmx
from config.ui.pages import open_or_send, signed_in
from procurement import orders
from procurement.forms import OrderForm
from procurement.forms.lines import as_typed, prefilled

PAGE, FRAGMENT = "procurement/order_form_page.html", "procurement/order_form.html"


@open_or_send
def order_new(request: HttpRequest) -> HttpResponse:
    """A new order. `?flag=&material=&net_kg=&site=&supplier=` fill it in: "order this" on a flag leads here."""
    matrix.require(request.user, "orders.write")
    user = signed_in(request)
    if request.method != "POST":
        return _render(request, OrderForm(user=user, initial=prefilled(request.GET)))
    if "add" in request.POST:
        return _render(request, OrderForm.longer(request.POST, user=user))
    form = OrderForm(request.POST, user=user)
    answer = form.attempt(lambda by: orders.draft(by=by, **form.content()), user=user, now=timezone.now())
    if answer is None:
        return _render(request, form, status=422)
    messages.success(request, _("Drafted {order}.").format(order=answer["order"]))
    return htmx.see_other(request, reverse("order", args=[answer["order"]]))


@open_or_send
def order_edit(request: HttpRequest, number: str) -> HttpResponse:
    """A draft, written anew; refused when somebody else changed it meanwhile."""
    matrix.require(request.user, "orders.write")
    user = signed_in(request)
    found = orders.one(user, number, today=timezone.now().date())
    if request.method != "POST":
        return _render(request, OrderForm(user=user, initial=as_typed(found), count=len(found.lines) + 1), found)
    if "add" in request.POST:
        return _render(request, OrderForm.longer(request.POST, user=user), found)
    form = OrderForm(request.POST, user=user, initial={"supplier": found.supplier})
    answer = form.attempt(
        lambda by: orders.edit(by=by, number=number, version=form.seen_version, **form.content()),
        user=user,
        now=timezone.now(),
    )
    if answer is None:
        return _render(request, form, found, status=422)
    messages.success(request, f"Changed {answer['order']}.")
    return htmx.see_other(request, reverse("order", args=[number]))


def _render(
    request: HttpRequest, form: OrderForm, order: orders.OrderDetail | None = None, status: int = 200
) -> HttpResponse:
    action = reverse("order-edit", args=[order.number]) if order else reverse("order-new")
    back = reverse("order", args=[order.number]) if order else reverse("orders")
    context: dict[str, Any] = {"form": form, "order": order, "action": action, "back": back}
    return htmx.render(request, PAGE, FRAGMENT, context, status=status)

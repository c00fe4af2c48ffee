"""Suppliers: the list, one of them, and changing them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.accounts import matrix
from config.ui import htmx, lists
from config.ui.pages import open_or_send, signed_in
from procurement import orders, suppliers
from procurement.forms import SupplierEditForm, SupplierForm
from procurement.tables import SUPPLIERS

PAGE, FRAGMENT = "procurement/supplier_form_page.html", "procurement/supplier_form.html"
LATEST = 20


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Suppliers by code."""
    context = {"may_write": matrix.permits(request.user, "suppliers.write")}
    return lists.answer(request, SUPPLIERS, "procurement/suppliers.html", context, now=timezone.now())


@require_safe
def supplier(request: HttpRequest, code: str) -> HttpResponse:
    """One supplier with its latest orders."""
    matrix.require(request.user, "suppliers.see")
    user = signed_in(request)
    context = {
        "supplier": suppliers.one(user, code),
        "orders": orders.listing(user, today=timezone.now().date(), supplier=code, size=LATEST),
        "may_write": matrix.permits(user, "suppliers.write"),
        "may_order": matrix.permits(user, "orders.write"),
    }
    return htmx.render(request, "procurement/supplier.html", "procurement/supplier_orders.html", context)


@open_or_send
def supplier_new(request: HttpRequest) -> HttpResponse:
    """Add a supplier."""
    matrix.require(request.user, "suppliers.write")
    user = signed_in(request)
    if request.method != "POST":
        return _render(request, SupplierForm())
    form = SupplierForm(request.POST)
    names = ("code", "name", "country")
    answer = form.attempt(
        lambda by: suppliers.add(by=by, **{name: form.cleaned_data[name] for name in names}),
        user=user,
        now=timezone.now(),
    )
    if answer is None:
        return _render(request, form, status=422)
    messages.success(request, _("Added supplier {supplier}.").format(supplier=answer["supplier"]))
    return htmx.see_other(request, reverse("supplier", args=[answer["supplier"]]))


@open_or_send
def supplier_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a supplier, or take it out of use."""
    matrix.require(request.user, "suppliers.write")
    user = signed_in(request)
    found = suppliers.one(user, code)
    names = ("name", "country", "is_active", "version")
    if request.method != "POST":
        return _render(request, SupplierEditForm(initial={name: getattr(found, name) for name in names}), found)
    form = SupplierEditForm(request.POST)
    answer = form.attempt(
        lambda by: suppliers.edit(by=by, code=code, **{name: form.cleaned_data[name] for name in names}),
        user=user,
        now=timezone.now(),
    )
    if answer is None:
        return _render(request, form, found, status=422)
    messages.success(request, _("Changed supplier {code}.").format(code=code))
    return htmx.see_other(request, reverse("supplier", args=[code]))


def _render(
    request: HttpRequest,
    form: SupplierForm | SupplierEditForm,
    supplier: suppliers.SupplierRow | None = None,
    status: int = 200,
) -> HttpResponse:
    action = reverse("supplier-edit", args=[supplier.code]) if supplier else reverse("supplier-new")
    back = reverse("supplier", args=[supplier.code]) if supplier else reverse("suppliers")
    context = {"form": form, "supplier": supplier, "action": action, "back": back}
    return htmx.render(request, PAGE, FRAGMENT, context, status=status)

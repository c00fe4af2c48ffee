"""The lists of procurement, column by column."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from config.accounts import matrix
from config.accounts.models import User
from config.audit.keyset import Page
from config.ui.tables import Column, Nothing, Table, mass, register
from config.ui.templatetags.ui import badge, day, icon
from procurement import deliveries, orders, suppliers
from procurement.deliveries import ExpectedRow
from procurement.forms import DeliveriesFilterForm, OrdersFilterForm, SuppliersFilterForm
from procurement.orders.reads import OrderRow
from procurement.suppliers import SupplierRow
from procurement.templatetags.procurement import money, order_state, state_words

IN_USE = {"yes": True, "no": False}


def _order(row: OrderRow) -> SafeString:
    lines = ngettext("{lines} line", "{lines} lines", row.lines).format(lines=row.lines)
    at = reverse("order", args=[row.number])
    return format_html('<a href="{}">{}</a><small>{} · {}</small>', at, row.number, lines, day(row.created_at))


def _find_orders(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[OrderRow]:
    given = form.cleaned_data
    return orders.listing(
        user,
        today=now.date(),
        state=given["state"],
        supplier=given["supplier"],
        late=given["late"] == "yes",
        expiring=given["funds"] == "expiring",
        search=given["search"],
        flag_id=given["flag"],
        cursor=cursor,
        size=size,
    )


def _no_orders(user: User) -> Nothing:
    if matrix.permits(user, "orders.write"):
        note = _("Write one, or press “order this” on a flag: it opens filled in.")
        return Nothing(_("No orders yet"), note, reverse("order-new"), _("Write an order"))
    return Nothing(_("No orders yet"), _("An order appears here when procurement has drafted it."))


ORDERS = register(
    Table(
        name="orders",
        url_name="orders",
        act="orders.see",
        title=_("Orders"),
        one=_("order"),
        many=_("orders"),
        columns=(
            Column("order", _("Order"), lambda row: row.number, _order),
            Column("supplier", _("Supplier"), lambda row: row.supplier_name),
            Column("supplier_code", _("Supplier's code"), lambda row: row.supplier, shown=False),
            Column(
                "state",
                _("State"),
                lambda row: state_words(row.state, row.late),
                lambda row: order_state(row.state, row.late),
            ),
            mass("ordered", _("Ordered, kg net"), lambda row: row.ordered_mg),
            mass("received", _("Received, kg net"), lambda row: row.received_mg),
            mass("open", _("Still open, kg net"), lambda row: row.open_mg),
            Column("next", _("Next promised"), lambda row: row.next_on, lambda row: day(row.next_on)),
            Column(
                "value",
                _("Value"),
                lambda row: row.value,
                lambda row: money(row.value, row.currency, bare=True),
                number=True,
            ),
            Column("currency", _("Currency"), lambda row: row.currency),
            Column(
                "funds",
                _("Money expires"),
                lambda row: row.funds_expire_on,
                lambda row: day(row.funds_expire_on),
                shown=False,
            ),
            Column("lines", _("Lines"), lambda row: row.lines, number=True, shown=False),
            Column("written_on", _("Written"), lambda row: row.created_at, shown=False),
            Column("written_by", _("Written by"), lambda row: row.created_by, shown=False),
        ),
        form=lambda params, user, _now: OrdersFilterForm(params, user=user),
        find=_find_orders,
        nothing=_no_orders,
        unmatched=_("No orders match"),
    )
)


@dataclass(frozen=True)
class DeliveryLine:
    """A delivery to come, and what the person may do about it."""

    row: ExpectedRow
    sees_orders: bool
    may_receive: bool


def _delivery_order(line: DeliveryLine) -> SafeString:
    row = line.row
    of = gettext("line {line}").format(line=row.line)
    if not line.sees_orders:
        return format_html("{}, {}", row.order, of)
    return format_html('<a href="{}">{}</a>, {}', reverse("order", args=[row.order]), row.order, of)


def _promised(line: DeliveryLine) -> SafeString:
    return format_html(
        "{}{}", day(line.row.promised_on), format_html(" {}", badge("bad", _("Late"))) if line.row.late else ""
    )


def _receive(line: DeliveryLine) -> SafeString | str:
    if not line.may_receive:
        return ""
    row = line.row
    which = gettext("{material} of {order}, line {line}").format(
        material=row.material_name, order=row.order, line=row.line
    )
    return format_html(
        '<a class="button" href="{}">{} {}<span class="unseen"> {}</span></a>',
        *(reverse("delivery-receive", args=[row.id]), icon("receive"), gettext("Receive"), which),
    )


def _find_deliveries(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[DeliveryLine]:
    given, sees_orders = form.cleaned_data, matrix.permits(user, "orders.see")
    page = deliveries.expected(
        user, today=now.date(), site=given["site"], late=given["late"] == "yes", cursor=cursor, size=size
    )
    lines = [
        DeliveryLine(row, sees_orders, matrix.permits_at(user, "deliveries.receive", row.site)) for row in page.rows
    ]
    return Page(lines, page.next, page.previous, page.count, page.more)


DELIVERIES = register(
    Table(
        name="deliveries",
        url_name="deliveries",
        act="deliveries.see",
        title=_("Deliveries"),
        one=_("delivery"),
        many=_("deliveries"),
        columns=(
            Column(
                "material",
                _("Material"),
                lambda line: line.row.material_name,
                lambda line: format_html("{}<small>{}</small>", line.row.material_name, line.row.supplier_name),
            ),
            Column("supplier", _("Supplier"), lambda line: line.row.supplier_name, shown=False),
            Column("order", _("Order"), lambda line: f"{line.row.order}-{line.row.line}", _delivery_order),
            Column("site", _("Site"), lambda line: line.row.site_name),
            mass("open", _("Still to come, kg net"), lambda line: line.row.open_mg, strong=True),
            mass("ordered", _("Ordered, kg net"), lambda line: line.row.ordered_mg),
            mass("received", _("Received, kg net"), lambda line: line.row.received_mg, shown=False),
            mass("most", _("May yet come within the tolerance, kg net"), lambda line: line.row.most_mg, shown=False),
            Column("promised", _("Promised for"), lambda line: line.row.promised_on, _promised),
            Column("late", _("Late"), lambda line: gettext("Late") if line.row.late else "", shown=False),
            Column("receive", _("Receive"), None, _receive),
        ),
        form=lambda params, user, _now: DeliveriesFilterForm(params, user=user),
        find=_find_deliveries,
        nothing=lambda _user: Nothing(
            _("Nothing is expected"), _("A delivery appears here when procurement has placed its order.")
        ),
        unmatched=_("Nothing expected matches"),
    )
)


def _find_suppliers(form: Any, *, user: User, now: datetime, cursor: str, size: int) -> Page[SupplierRow]:
    given = form.cleaned_data
    return suppliers.listing(user, search=given["search"], active=IN_USE.get(given["active"]), cursor=cursor, size=size)


def _no_suppliers(user: User) -> Nothing:
    if matrix.permits(user, "suppliers.write"):
        return Nothing(_("No suppliers yet"), _("An order needs one."), reverse("supplier-new"), _("Add a supplier"))
    return Nothing(_("No suppliers yet"), _("Procurement adds them."))


def _in_use(row: SupplierRow) -> SafeString:
    return badge("ok", _("In use")) if row.is_active else badge("muted", _("Out of use"))


SUPPLIERS = register(
    Table(
        name="suppliers",
        url_name="suppliers",
        act="suppliers.see",
        title=_("Suppliers"),
        one=_("supplier"),
        many=_("suppliers"),
        columns=(
            Column(
                "supplier",
                _("Supplier"),
                lambda row: row.name,
                lambda row: format_html('<a href="{}">{}</a>', reverse("supplier", args=[row.code]), row.name),
            ),
            Column(
                "code",
                _("Code"),
                lambda row: row.code,
                lambda row: format_html('<span class="code">{}</span>', row.code),
            ),
            Column("country", _("Country"), lambda row: row.country),
            Column(
                "use", _("In use"), lambda row: gettext("In use") if row.is_active else gettext("Out of use"), _in_use
            ),
            Column("orders", _("Orders under way"), lambda row: row.orders_open, number=True),
        ),
        form=lambda params, _user, _now: SuppliersFilterForm(params),
        find=_find_suppliers,
        nothing=_no_suppliers,
        unmatched=_("No suppliers match"),
    )
)

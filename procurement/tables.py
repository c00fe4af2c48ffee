"""The lists of procurement, column by column."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.accounts import matrix
from config.accounts.models import User
from config.audit.keyset import Page
from config.ui.tables import Column, Nothing, Table, mass, register
from config.ui.templatetags.ui import day
from procurement import orders
from procurement.forms import OrdersFilterForm
from procurement.orders.reads import OrderRow
from procurement.templatetags.procurement import money, order_state, state_words


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
            Column("lines", _("Lines"), lambda row: row.lines, number=True, shown=False),
            Column("written_on", _("Written"), lambda row: row.created_at, shown=False),
            Column("written_by", _("Written by"), lambda row: row.created_by, shown=False),
        ),
        form=lambda params, user: OrdersFilterForm(params, user=user),
        find=_find_orders,
        nothing=_no_orders,
        unmatched=_("No orders match"),
    )
)

"""The lists of procurement, column by column."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.ui import figures
from config.ui.tables import Column, Table, register
from config.ui.templatetags.ui import day
from procurement.orders.reads import OrderRow
from procurement.templatetags.procurement import money, order_state


def _order(row: OrderRow) -> SafeString:
    lines = ngettext("{lines} line", "{lines} lines", row.lines).format(lines=row.lines)
    at = reverse("order", args=[row.number])
    return format_html('<a href="{}">{}</a><small>{} · {}</small>', at, row.number, lines, day(row.created_at))


ORDERS = register(
    Table(
        name="orders",
        url_name="orders",
        act="orders.see",
        columns=(
            Column("order", _("Order"), _order),
            Column("supplier", _("Supplier"), lambda row: row.supplier_name),
            Column("supplier_code", _("Supplier's code"), lambda row: row.supplier, shown=False),
            Column("state", _("State"), lambda row: order_state(row.state, row.late)),
            Column("ordered", _("Ordered, kg net"), lambda row: figures.mass(row.ordered_mg, bare=True), number=True),
            Column(
                "received", _("Received, kg net"), lambda row: figures.mass(row.received_mg, bare=True), number=True
            ),
            Column("open", _("Still open, kg net"), lambda row: figures.mass(row.open_mg, bare=True), number=True),
            Column("next", _("Next promised"), lambda row: day(row.next_on)),
            Column("value", _("Value"), lambda row: money(row.value, row.currency), number=True),
            Column("written_by", _("Written by"), lambda row: row.created_by, shown=False),
        ),
    )
)

"""What procurement adds to the inventory's pages: where a lot came from, and what is on its way."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.accounts import matrix
from config.ui.pages import signed_in
from config.ui.panels import Panel
from procurement import deliveries, pipeline

MOST = 8


def where_from(request: HttpRequest, lot: Any) -> Panel | None:
    """On a lot's page: the order that it came on."""
    if not matrix.permits(request.user, "deliveries.see"):
        return None
    row = deliveries.arrived(signed_in(request), lot.id)
    if row is None:
        return None
    linked = matrix.permits(request.user, "orders.see")
    more = row.open_mg > 0 and matrix.permits_at(request.user, "deliveries.receive", row.site)
    return Panel(_("Came on an order"), "procurement/lot_order.html", {"row": row, "linked": linked, "more": more})


def expected_here(request: HttpRequest, site: Any) -> Panel | None:
    """On a site's page: deliveries that are still to come."""
    if not matrix.permits_at(request.user, "deliveries.see", site.code):
        return None
    rows = deliveries.soonest(signed_in(request), today=timezone.now().date(), site=site.code, limit=MOST)
    if not rows:
        return None
    may_receive = matrix.permits_at(request.user, "deliveries.receive", site.code)
    context = {"rows": rows, "site": site.code, "may_receive": may_receive}
    return Panel(
        _("Deliveries expected"), "procurement/site_deliveries.html", context, note=_("net, kg; soonest first")
    )


def on_its_way(request: HttpRequest, material: Any) -> Panel | None:
    """On a material's page: what is placed and not yet delivered."""
    if not matrix.permits(request.user, "orders.see"):
        return None
    rows = pipeline.rows(materials=[material.code], limit=MOST)
    if not rows:
        return None
    return Panel(
        _("On order"), "procurement/material_orders.html", {"rows": rows}, note=_("net, kg; on order is not stock")
    )

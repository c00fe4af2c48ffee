"""What procurement registers with the platform."""

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _


def connect() -> None:
    """Make jobs, topics and menu entries known. Called once, when the apps have loaded."""
    from config.jobs import outbox
    from config.jobs.schedule import Job, register
    from config.ui import nav, panels
    from inventory.verification import CHECKS
    from procurement import chasing, origins, receiving, verification
    from procurement.views import panels as shown

    register(
        Job(
            name="procurement.chase_deliveries",
            every=timedelta(days=1),
            run=chasing.chase_deliveries,
            label=_("Chase deliveries that are past their promised day"),
            nightly_at=time(0, 30),
        )
    )
    register(
        Job(
            name="procurement.sum_origins",
            every=timedelta(days=1),
            run=origins.sum_origins,
            label=_("Sum what is held by who delivered it, for the pages of elements"),
            nightly_at=time(3, 45),  # as far as the months are summed by then
        )
    )
    CHECKS[verification.LABEL] = verification.deliveries
    CHECKS[verification.ORIGINS] = verification.origin_sums
    outbox.handles("inventory.reversed")(receiving.reopen)
    outbox.handles(chasing.LATE)(chasing.note)
    panels.register("lot", shown.where_from, order=30)
    panels.register("site", shown.expected_here)
    panels.register("material", shown.on_its_way)
    nav.register(nav.Item(_("Orders"), "orders", "order", "orders.see", 400, _("Procurement")))
    nav.register(nav.Item(_("Deliveries"), "deliveries", "delivery", "deliveries.see", 410, _("Procurement")))
    nav.register(nav.Item(_("Suppliers"), "suppliers", "supplier", "suppliers.see", 420, _("Procurement")))

"""What the inventory registers with the platform."""

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _


def connect() -> None:
    """Make the menu, the two-person acts and the nightly jobs known. Called once, when the apps have loaded."""
    from config.accounts import sites as given
    from config.approvals import requests
    from config.jobs.schedule import Job, register
    from config.ui import nav, panels
    from inventory import months, sites, verification
    from inventory.ledger import asks, conditions
    from inventory.views import panels as shown

    nav.register(nav.Item(_("Lots"), "lots", "lot", "lots.see", 200, _("Inventory")))
    nav.register(nav.Item(_("Movements"), "movements", "delivery", "lots.see", 205, _("Inventory")))
    nav.register(nav.Item(_("Rounds"), "rounds", "check", "lots.see", 207, _("Inventory")))
    nav.register(nav.Item(_("Receive"), "receive", "receive", "lots.receive", 210, _("Inventory")))
    nav.register(nav.Item(_("Sites"), "sites", "site", "sites.see", 220, _("Inventory")))
    nav.register(nav.Item(_("Materials"), "materials", "element", "catalogue.see", 230, _("Inventory")))
    nav.register(nav.Item(_("Sites and places"), "kept-sites", "site", "sites.write", 915, _("System")))
    panels.register("request", shown.lot_of)
    given.register(sites.names)
    for act in asks.ACTS:
        requests.register(act)
    register(
        Job(
            name="inventory.lapse_retests",
            every=timedelta(days=1),
            run=conditions.lapse_retests,
            label=_("Turn overdue lots to J, shift A, B, C by remaining shelf life"),
            nightly_at=time(0, 10),
        )
    )
    register(
        Job(
            name="inventory.verify_ledger",
            every=timedelta(days=1),
            run=verification.nightly,
            label=_("Verify balances, positions and chains; make the day's anchor"),
            nightly_at=time(3, 0),
            tells=True,
        )
    )
    register(
        Job(
            name="inventory.sum_months",
            every=timedelta(days=1),
            run=months.sum_months,
            label=_("Sum what changed by month, for the pages that look back"),
            nightly_at=time(3, 30),
        )
    )

"""What the inventory adds to pages of others: on the page of a request the lot that it is about, as it is now."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.accounts import matrix
from config.approvals.reads import RequestRow
from config.ui.pages import signed_in
from config.ui.panels import Panel
from inventory import lots
from inventory.ledger import asks
from inventory.ledger.refusals import LotNotFound

KINDS = frozenset(act.kind for act in asks.ACTS)


def lot_of(request: HttpRequest, subject: RequestRow) -> Panel | None:
    """The lot of an adjustment, a reversal or an issue; nothing for who may not see it."""
    if subject.kind not in KINDS or not matrix.permits(request.user, "lots.see"):
        return None
    try:
        lot = lots.one(user=signed_in(request), number=subject.subject)
    except LotNotFound:
        return None
    return Panel(_("The lot now"), "inventory/lot_now.html", {"lot": lot, "linked": True}, note=_("net, kg"))

"""What the reserve adds to pages of others: whether a lot is wanted and when it is due, and what a request is about."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.accounts import matrix
from config.approvals.reads import RequestRow
from config.ui.pages import signed_in
from config.ui.panels import Panel
from inventory.lots import LotDetail
from reserve import rotation, shortfall, targets, wanted
from reserve.flags import acts
from reserve.rotation import policies


def wanted_here(request: HttpRequest, lot: LotDetail) -> Panel | None:
    """The open flags that the lot falls under; without flag and figure for who may only know that it is wanted."""
    user = signed_in(request)
    wishes = wanted.at(wanted.by_material(materials=[lot.material]).get(lot.material, ()), lot.reach)
    context = {"wishes": wishes, "sees": matrix.permits(user, "flags.see"), "counts": lot.accepted}
    return Panel(_("Wanted"), "reserve/panels/wanted.html", context)


def about(request: HttpRequest, subject: RequestRow) -> Panel | None:
    """The target or the flag that a request is about, as it stands today."""
    if subject.kind not in (targets.SET, targets.CHANGE, acts.WAIVE):
        return None
    if not matrix.permits(request.user, "targets.see"):
        return None
    context: dict[str, Any] = {"flag": subject.body.get("flag")}
    if target := subject.body.get("target"):
        context["found"] = targets.one(user=signed_in(request), target_id=target)
        rows = shortfall.rows(as_of=timezone.now().date(), target_ids=[target])
        context["now"] = rows[0] if rows else None
    return Panel(_("What it is about"), "reserve/panels/about.html", context)


def rotation_of(request: HttpRequest, lot: LotDetail) -> Panel | None:
    """For the lot page: where the lot stands in the schedule."""
    if not matrix.permits(request.user, "rotations.see"):
        return None
    rows = rotation.of_lot(user=signed_in(request), lot_id=lot.id, today=timezone.now().date())
    return Panel(_("Rotation"), "reserve/rotation/lot_panel.html", {"rows": rows}) if rows else None


def policy_of(request: HttpRequest, asked: RequestRow) -> Panel | None:
    """For the page of a request: the policy that is proposed, or to be ended."""
    if asked.kind not in policies.KINDS or not matrix.permits(request.user, "policies.see"):
        return None
    policy = policies.one(user=signed_in(request), policy_id=asked.body["policy"])
    return Panel(_("Policy"), "reserve/rotation/policy_facts.html", {"policy": policy})

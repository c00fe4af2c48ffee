"""What the reserve registers with the platform."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _


def connect() -> None:
    """Make jobs, topics, two-person acts and pages known. Called once, when the apps have loaded."""
    _register_acts()
    _register_jobs()
    _handle_topics()
    _show_reserve()
    _show_rotation()


def _register_acts() -> None:
    from config.approvals import requests
    from reserve import targets
    from reserve.flags import acts
    from reserve.rotation import policies

    waive = requests.TwoPersonAct(acts.WAIVE, _("Waiver"), "flags.approve", acts.apply_waiver)
    for act in (*targets.ACTS, waive, *policies.ACTS):
        requests.register(act)


def _register_jobs() -> None:
    from config.jobs.schedule import Job, register
    from reserve import flags, rotation

    register(
        Job(
            name="reserve.scan_shortfalls",
            every=timedelta(minutes=5),
            run=flags.scan,
            label=_("Flag what is below target"),
        )
    )
    register(
        Job(
            name="reserve.plan_rotations",
            every=timedelta(days=1),
            run=rotation.plan,
            label=_("Write what is due into the rotation schedule"),
            nightly_at=time(0, 30),
        )
    )


def _handle_topics() -> None:
    """What follows when something below, or a target or policy, has changed."""
    from config.jobs import outbox
    from inventory import verification
    from reserve import flags, rotation
    from reserve.flags import ledger as ledger_flag
    from reserve.rotation import policies

    def rescan(payloads: list[dict[str, Any]], *, now: datetime) -> None:
        flags.scan(now=now)

    def replan(payloads: list[dict[str, Any]], *, now: datetime) -> None:
        rotation.plan(now=now)

    def replan_lots(payloads: list[dict[str, Any]], *, now: datetime) -> None:
        rotation.plan(now=now, lots=[payload["lot_id"] for payload in payloads])

    for topic in ("inventory.changed", "procurement.changed", "reserve.changed"):
        outbox.handles(topic)(rescan)
    for topic in (verification.DIFFERS, verification.HOLDS):
        outbox.handles(topic)(ledger_flag.follow)
    outbox.handles(policies.CHANGED)(replan)
    outbox.handles("inventory.retested")(replan_lots)


def _show_reserve() -> None:
    """The reserve's place in the menu, what it adds to the pages of lots and requests, and the lot list's filter."""
    from django.http import HttpRequest

    from config.ui import nav, panels
    from inventory import lots
    from reserve import flags, wanted
    from reserve.views import panels as shown

    def open_flags(request: HttpRequest) -> int:
        return flags.count_open()

    nav.register(nav.Item(_("Desk"), "desk", "desk", "", 10))
    nav.register(nav.Item(_("Position"), "position", "position", "targets.see", 20))
    nav.register(nav.Item(_("Elements"), "elements", "element", "positions.see", 30))
    nav.register(nav.Item(_("Flags"), "flags", "flag", "flags.see", 40, count=open_flags))
    nav.register(nav.Item(_("Targets"), "targets", "target", "targets.see", 60))
    panels.register("lot", shown.wanted_here, order=20)
    panels.register("request", shown.about)
    lots.register_filter("below_target", wanted.below_target)
    lots.register_mark(wanted.marks)


def _show_rotation() -> None:
    """The schedule's place in the menu and on other pages."""
    from django.http import HttpRequest
    from django.utils import timezone

    from config.accounts.models import User
    from config.ui import nav, panels
    from reserve import rotation
    from reserve.views import panels as shown

    def overdue(request: HttpRequest) -> int:
        assert isinstance(request.user, User), "the menu is shown to people who are signed in"
        return rotation.overdue(user=request.user, today=timezone.now().date(), most=nav.MOST + 1)

    nav.register(nav.Item(_("Rotation"), "rotation", "rotation", "rotations.see", 225, _("Inventory"), count=overdue))
    panels.register("lot", shown.rotation_of, order=50)
    panels.register("request", shown.policy_of)

"""What the reserve registers with the platform."""

from datetime import datetime, time, timedelta
from typing import Any


def connect() -> None:
    """Make jobs, topics and two-person acts known. Called once, when the apps have loaded."""
    from config.approvals import requests
    from config.jobs import outbox
    from config.jobs.schedule import Job, register
    from reserve import flags, rotation, targets
    from reserve.flags import acts
    from reserve.rotation import policies

    waive = requests.TwoPersonAct(acts.WAIVE, "Waiver", "flags.waive", acts.apply_waiver)
    for act in (*targets.ACTS, waive, *policies.ACTS):
        requests.register(act)
    register(
        Job(
            name="reserve.scan_shortfalls",
            every=timedelta(minutes=5),
            run=flags.scan,
            label="Flag what is below target",
        )
    )

    register(
        Job(
            name="reserve.plan_rotations",
            every=timedelta(days=1),
            run=rotation.plan,
            label="Write what is due into the rotation schedule",
            nightly_at=time(0, 30),
        )
    )

    def rescan(payloads: list[dict[str, Any]], *, now: datetime) -> None:
        flags.scan(now=now)

    for topic in ("inventory.changed", "procurement.changed", "reserve.changed"):
        outbox.handles(topic)(rescan)

    def replan(payloads: list[dict[str, Any]], *, now: datetime) -> None:
        rotation.plan(now=now)

    def replan_lots(payloads: list[dict[str, Any]], *, now: datetime) -> None:
        rotation.plan(now=now, lots=[payload["lot_id"] for payload in payloads])

    outbox.handles(policies.CHANGED)(replan)
    outbox.handles("inventory.retested")(replan_lots)

"""What the reserve registers with the platform."""

from datetime import datetime, timedelta
from typing import Any


def connect() -> None:
    """Make jobs, topics and two-person acts known. Called once, when the apps have loaded."""
    from config.approvals import requests
    from config.jobs import outbox
    from config.jobs.schedule import Job, register
    from reserve import flags, targets
    from reserve.flags import acts

    for act in (*targets.ACTS, requests.TwoPersonAct(acts.WAIVE, "Waiver", "flags.waive", acts.apply_waiver)):
        requests.register(act)
    register(
        Job(
            name="reserve.scan_shortfalls",
            every=timedelta(minutes=5),
            run=flags.scan,
            label="Flag what is below target",
        )
    )

    def rescan(payloads: list[dict[str, Any]], *, now: datetime) -> None:
        flags.scan(now=now)

    for topic in ("inventory.changed", "procurement.changed", "reserve.changed"):
        outbox.handles(topic)(rescan)

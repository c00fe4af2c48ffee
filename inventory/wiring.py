"""What the inventory registers with the platform."""

from datetime import time, timedelta


def connect() -> None:
    """Make the two-person acts and the nightly jobs known. Called once, when the apps have loaded."""
    from config.approvals import requests
    from config.jobs.schedule import Job, register
    from inventory import verification
    from inventory.ledger import asks, conditions

    for act in asks.ACTS:
        requests.register(act)
    register(
        Job(
            name="inventory.lapse_retests",
            every=timedelta(days=1),
            run=conditions.lapse_retests,
            label="Turn overdue lots to J, shift A, B, C by remaining shelf life",
            nightly_at=time(0, 10),
        )
    )
    register(
        Job(
            name="inventory.verify_ledger",
            every=timedelta(days=1),
            run=verification.nightly,
            label="Verify balances, positions and chains; make the day's anchor",
            nightly_at=time(3, 0),
        )
    )

"""The demo's targets and rotation policies: each proposed by one manager and approved by the other."""

from datetime import date
from decimal import Decimal

from config.approvals import requests
from inventory.units import enter
from reserve import rotation, targets
from reserve.demo.catalogue import read
from reserve.demo.clock import Clock

DEFENCE_SHARE = Decimal("0.05")
DAYS_A_YEAR = 365


def load(clock: Clock, effective_from: date) -> None:
    """Set the targets of data/targets.csv and the policies of data/policies.csv."""
    for row in read("targets"):
        answer = targets.propose(by=clock.by("max"), target=_target(row, effective_from))
        requests.approve(by=clock.by("mira"), request_id=answer["request"], note="As planned")
    for row in read("policies"):
        answer = rotation.propose_policy(
            by=clock.by("mira"),
            material=row["material"],
            driver=row["driver"],
            method=row["method"],
            ahead_months=int(row["ahead_months"]),
            source=row["source"],
        )
        requests.approve(by=clock.by("max"), request_id=answer["request"], note="As planned")


def _target(row: dict[str, str], effective_from: date) -> targets.TargetIn:
    days = int(row["days"]) if row["days"] else None
    daily = int(Decimal(row["yearly_use_t"]) * 10**9 * DEFENCE_SHARE / DAYS_A_YEAR) if days else None
    required = days * daily if days and daily else enter(row["required_kg"]).mg
    return targets.TargetIn(
        material=row["material"],
        element=row["element"],
        form=row["form"],
        basis="net" if row["material"] else "contained",
        site=row["site"],
        required_mg=None if days else required,
        days=days,
        daily_use_mg=daily,
        use_basis=row["use_basis"],
        floor_mg=required * int(row["floor_pct"]) // 100,
        only_compliant=row["only_compliant"] == "yes",
        effective_from=effective_from,
        source=row["source"],
    )

"""Going round the doors of the reserve: each constraint lets the good row in and refuses the bad one by its name."""

from typing import Any

import pytest
from django.db import IntegrityError

from tests.inventory.round_the_door import invent, only

pytestmark = pytest.mark.django_db

AT, DAY, LATER = "2026-01-01T00:00:00Z", "2026-01-01", "2026-01-02"
TARGET, FLAG, POLICY, ROTATION = "reserve_target", "reserve_flag", "reserve_rotationpolicy", "reserve_rotation"
NET: dict[str, Any] = {"basis": "net", "material_id": 1, "element_id": None, "form_id": None}
CONTAINED: dict[str, Any] = {"basis": "contained", "material_id": None, "element_id": 1, "form_id": 1}
BY_MASS: dict[str, Any] = {"rule": "mass", "days": None, "daily_use_mg": None}
BY_DAYS: dict[str, Any] = {"rule": "days", "days": 60, "daily_use_mg": 5, "required_mg": 300}

# constraint -> (table, a good row, bad rows)
CHECKS: dict[str, tuple[str, dict[str, Any], list[dict[str, Any]]]] = {
    "target_is_for_a_material_or_an_element_in_a_form": (
        TARGET,
        NET,
        [
            {**NET, "material_id": None},
            {**NET, "element_id": 1},
            {**NET, "form_id": 1},
            {**CONTAINED, "basis": "net"},
            {**CONTAINED, "form_id": None},
            {**CONTAINED, "element_id": None},
            {**NET, "basis": "gross"},
        ],
    ),
    "target_by_days_is_days_times_use": (
        TARGET,
        BY_DAYS,
        [
            {**BY_DAYS, "required_mg": 301},
            {**BY_DAYS, "days": None},
            {**BY_DAYS, "daily_use_mg": None},
            {**BY_DAYS, "days": None, "daily_use_mg": None},
            {**BY_DAYS, "days": 0, "required_mg": 0},
            {**BY_DAYS, "rule": "mass"},
            {**BY_DAYS, "rule": "odd"},
        ],
    ),
    "target_required_positive": (TARGET, {"required_mg": 1}, [{"required_mg": 0}, {"required_mg": -1}]),
    "target_daily_use_positive": (TARGET, {"daily_use_mg": 1}, [{"daily_use_mg": 0}, {"daily_use_mg": -1}]),
    "target_floor_below_required": (
        TARGET,
        {"required_mg": 5, "floor_mg": 5},
        [{"required_mg": 5, "floor_mg": mg} for mg in (0, -1, 6)],
    ),
    "target_ends_after_it_begins": (
        TARGET,
        {"effective_from": DAY, "effective_to": DAY},
        [{"effective_from": LATER, "effective_to": DAY}],
    ),
    "target_approved_by_another": (
        TARGET,
        {"proposed_by_id": 1, "approved_by_id": 2, "approved_at": AT},
        [
            {"proposed_by_id": 1, "approved_by_id": 1, "approved_at": AT},
            {"proposed_by_id": 1, "approved_by_id": 2, "approved_at": None},
            {"proposed_by_id": 1, "approved_by_id": None, "approved_at": AT},
        ],
    ),
    "flag_closed_when_closed_at": (
        FLAG,
        {"state": "closed", "closed_at": AT},
        [{"state": "closed", "closed_at": None}, {"state": "open", "closed_at": AT}],
    ),
    "flag_waiver_has_an_end": (
        FLAG,
        {"state": "waived", "waived_until": DAY},
        [{"state": "waived", "waived_until": None}],
    ),
    "flag_state_is_known": (FLAG, {"state": "open"}, [{"state": "odd"}, {"state": ""}]),
    "flag_severity_is_known": (FLAG, {"severity": "minor"}, [{"severity": "odd"}, {"severity": ""}]),
    "flag_shortfall_has_a_target": (
        FLAG,
        {"kind": "shortfall", "target_id": 1},
        [{"kind": "shortfall", "target_id": None}],
    ),
    "rotation_policy_ahead_1_to_36": (POLICY, {"ahead_months": 36}, [{"ahead_months": n} for n in (0, 37)]),
    "rotation_policy_approved_by_another": (
        POLICY,
        {"proposed_by_id": 1, "approved_by_id": 2, "approved_at": AT},
        [
            {"proposed_by_id": 1, "approved_by_id": 1, "approved_at": AT},
            {"proposed_by_id": 1, "approved_by_id": 2, "approved_at": None},
            {"proposed_by_id": 1, "approved_by_id": None, "approved_at": AT},
        ],
    ),
    "rotation_window_opens_before_due": (
        ROTATION,
        {"window_from": DAY, "due_on": DAY},
        [{"window_from": LATER, "due_on": DAY}],
    ),
    "rotation_state_is_known": (ROTATION, {"state": "planned"}, [{"state": "odd"}, {"state": ""}]),
    "rotation_finished_when_done": (
        ROTATION,
        {"state": "done", "finished_at": AT},
        [
            {"state": "done", "finished_at": None},
            {"state": "dropped", "finished_at": None},
            {"state": "planned", "finished_at": AT},
        ],
    ),
}


@pytest.mark.parametrize(
    ("constraint", "table", "row", "other"),
    [
        (
            "target_one_open_per_subject",
            TARGET,
            {**NET, "site_id": None},
            {**NET, "site_id": None, "effective_to": DAY},
        ),
        ("target_one_open_per_subject", TARGET, {**CONTAINED, "site_id": 1}, {**CONTAINED, "site_id": None}),
        (
            "flag_one_open_per_subject",
            FLAG,
            {"kind": "shortfall", "subject": "1", "state": "open"},
            {"kind": "shortfall", "subject": "1", "state": "closed"},
        ),
    ],
)
def test_it_refuses_the_same_again(constraint: str, table: str, row: dict[str, Any], other: dict[str, Any]) -> None:
    with only(table, constraint):
        invent(table, **row)
        invent(table, **other)
        with pytest.raises(IntegrityError, match=constraint):
            invent(table, **row)


@pytest.mark.parametrize("constraint", CHECKS)
def test_it_refuses_the_bad_row_only(constraint: str) -> None:
    table, good, bad = CHECKS[constraint]
    with only(table, constraint):
        invent(table, **good)
        for row in bad:
            with pytest.raises(IntegrityError, match=constraint):
                invent(table, **row)

"""Going round the doors: what one row can prove, the database proves. Each constraint refuses by its name."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError

from tests.inventory.everything import Everything
from tests.inventory.round_the_door import as_superuser, copy, one, run

pytestmark = pytest.mark.django_db

NAN = "NaN"

# constraint -> ways to break it; each is (table, changes to a copy of a row, which row).
COPIES: dict[str, list[tuple[str, dict[str, Any], str]]] = {
    "movement_mass_positive": [("inventory_movement", {"net_mg": mg}, "kind = 'transfer'") for mg in (0, -1)],
    "movement_kind_is_known": [("inventory_movement", {"kind": "gift"}, "kind = 'transfer'")],
    "movement_entered_mass_is_a_mass": [
        ("inventory_movement", {"entered_quantity": quantity, "entered_unit": unit}, "kind = 'transfer'")
        for quantity, unit in ((NAN, "kg"), ("0", "kg"), ("-1", "kg"), ("1", ""), (None, "kg"))
    ],
    "assay_moisture_in_0_1": [("inventory_assay", {"moisture": value}, "true") for value in (NAN, "1", "-0.1")],
    "fractions_are_fractions": [
        ("inventory_assay", {"fractions": value}, "true")
        for value in (
            '{"Nd": "NaN"}',
            '{"Nd": "0"}',
            '{"Nd": "-0.1"}',
            '{"Nd": "1.1"}',
            '{"Nd": "1e-3"}',
            '{"Nd": "0.12345678901"}',
            '{"Nd": null}',
            '{"Nd": ""}',
            '{"Nd": "0.6", "Pr": "0.5"}',
            '{"Unobtainium": "0.5"}',
            '{"Nd": {"of": "0.5"}}',
        )
    ],
    "retest_sets_a_later_day": [
        ("inventory_retest", {"next_due_on": "2026-11-03", "performed_on": "2026-11-03", "passed": True}, "true")
    ],
    "count_masses_not_negative": [("inventory_count", {column: -1}, "true") for column in ("counted_mg", "book_mg")],
    "count_seals_are_known": [("inventory_count", {"seals": "fine"}, "true")],
    "count_entered_mass_is_a_mass": [
        ("inventory_count", {"entered_quantity": quantity, "entered_unit": unit}, "true")
        for quantity, unit in ((NAN, "kg"), ("-1", "kg"), ("1", ""))
    ],
    "balance_variance_is_of_a_count": [
        ("inventory_balance", {"lot_id": -1, "variance_mg": 1, "counted_at": None}, "true")
    ],
    "allocation_changes_something": [("inventory_allocationchange", {"delta_mg": 0}, "true")],
    "condition_is_known": [("inventory_conditionchange", {"condition": "Z"}, "true")],
    "verdict_is_known": [("inventory_conditionchange", {"verdict": "fine"}, "true")],
    "lot_condition_is_known": [("inventory_lot", {"condition": "Z"}, "true")],
    "lot_verdict_is_known": [("inventory_lot", {"verdict": "fine"}, "true")],
    "lot_parent_mass_positive": [("inventory_lotparent", {"net_mg": 0}, "true")],
    "balance_not_negative": [
        ("inventory_balance", {"lot_id": -1, **amounts}, "true")
        for amounts in (
            {"net_mg": -1, "allocated_mg": 0},
            {"net_mg": 1, "allocated_mg": 2},
            {"net_mg": 1, "allocated_mg": -1},
            {"net_mg": -1, "allocated_mg": -1},
        )
    ],
    "position_not_negative": [
        ("inventory_position", {"verdict": "barred", **amounts}, "true")
        for amounts in (
            {"net_mg": -1, "free_mg": -1},
            {"net_mg": 1, "free_mg": 2},
            {"net_mg": 1, "free_mg": -1},
            {"lots": -1},
        )
    ],
    "contained_position_not_negative": [
        ("inventory_containedposition", {"verdict": "barred", **amounts}, "true")
        for amounts in ({"contained_mg": -1, "free_mg": -1}, {"contained_mg": 1, "free_mg": 2}, {"free_mg": -1})
    ],
    "form_stage_is_known": [("inventory_form", {"code": "x", "rank": 99, "stage": "melting"}, "true")],
    "material_basis_is_known": [("inventory_material", {"code": "x", "basis": "gross"}, "true")],
    "material_type_i_has_a_shelf_life": [
        ("inventory_material", {"code": "x", "shelf_life_type": "I", "shelf_life_months": None}, "true")
    ],
    "material_fraction_in_0_1": [
        ("inventory_materialelement", {"material_id": -1, "fraction": value}, "true")
        for value in (NAN, "0", "1.1", "-1")
    ],
    "site_latitude_is_one": [
        ("inventory_site", {"code": "X", "latitude": value, "longitude": "0"}, "true")
        for value in (NAN, "90.00001", "-90.00001")
    ],
    "site_longitude_is_one": [
        ("inventory_site", {"code": "X", "latitude": "0", "longitude": value}, "true")
        for value in (NAN, "180.00001", "-180.00001")
    ],
    "site_coordinates_come_together": [
        ("inventory_site", {"code": "X", "latitude": latitude, "longitude": longitude}, "true")
        for latitude, longitude in (("1", None), (None, "1"))
    ],
    "location_kind_is_known": [("inventory_location", {"code": "x", "kind": "shed"}, "true")],
    "command_outcome_is_known": [
        ("audit_command", {"key": "00000000-0000-0000-0000-000000000000", "outcome": "odd"}, "true")
    ],
    "request_needs_somebody": [("approvals_request", {"needed": 0}, "true")],
    "request_settled_when_not_pending": [
        ("approvals_request", {"settled_at": None}, "state = 'approved'"),
        ("approvals_request", {"state": "pending"}, "state = 'approved'"),
    ],
    "user_roles_are_known": [("accounts_user", {"username": "x", "roles": ["king"]}, "true")],
    # unique: the same again
    "command_key_once_per_actor": [("audit_command", {}, "true")],
    "decision_once_per_person": [("approvals_decision", {}, "true")],
    "material_element_once": [("inventory_materialelement", {}, "true")],
    "balance_once_per_lot_and_location": [("inventory_balance", {}, "true")],
    "position_key": [("inventory_position", {}, "true")],
    "contained_position_key": [("inventory_containedposition", {}, "true")],
    "lot_fact_once_per_row": [("inventory_lotfact", {}, "true")],
    "inventory_lot_number_key": [("inventory_lot", {"number_key": None}, "true")],
    "inventory_site_code": [("inventory_site", {}, "true")],
    "inventory_location_code": [("inventory_location", {}, "true")],
    "inventory_material_code": [("inventory_material", {}, "true")],
    "inventory_element_symbol": [("inventory_element", {}, "true")],
    "inventory_form_code": [("inventory_form", {}, "true")],
    "accounts_user_username": [("accounts_user", {}, "true")],
    # two rows
    "two_people_agreed": [
        ("inventory_movement", {"kind": kind, "reverses_id": None, "command_id": 1}, "kind = 'transfer'")
        for kind in ("adjust", "issue")
    ]
    + [("inventory_movement", {}, f"kind = '{kind}'") for kind in ("adjust", "issue")],  # agreed to once
}


@pytest.mark.parametrize(
    ("constraint", "table", "changes", "where"),
    [pytest.param(name, *way, id=f"{name}-{index}") for name, ways in COPIES.items() for index, way in enumerate(ways)],
)
def test_it_refuses_a_row(full: Everything, constraint: str, table: str, changes: dict[str, Any], where: str) -> None:
    if constraint == "inventory_lot_number_key":
        changes = {"number_key": one("SELECT number_key FROM inventory_lot ORDER BY id DESC LIMIT 1")}
    with pytest.raises((IntegrityError, DatabaseError), match=constraint):
        copy(table, where, **changes)


# As a superuser, past triggers: CHECK and UNIQUE hold for everybody.
STATEMENTS = [
    ("movement_goes_somewhere", "UPDATE inventory_movement SET destination_id = origin_id WHERE kind = 'transfer'"),
    ("movement_reversal_names_the_reversed", "UPDATE inventory_movement SET reverses_id = NULL WHERE kind = 'reverse'"),
    (
        "inventory_movement_reverses_id",
        "INSERT INTO inventory_movement (lot_id, kind, origin_id, destination_id, net_mg, entered_unit, reason, reverses_id,"
        " occurred_at, recorded_at, actor_id, command_id) SELECT lot_id, kind, origin_id, destination_id, net_mg, '', '',"
        " reverses_id, occurred_at, recorded_at, actor_id, 1 FROM inventory_movement WHERE kind = 'reverse'",
    ),
    ("movement_reversal_names_the_reversed", "UPDATE inventory_movement SET reverses_id = -1 WHERE kind = 'sample'"),
    ("lot_is_not_its_own_parent", "UPDATE inventory_lotparent SET parent_id = lot_id"),
    (
        "lot_parent_once",
        "INSERT INTO inventory_lotparent (lot_id, parent_id, net_mg, command_id)"
        " SELECT lot_id, parent_id, 1, 1 FROM inventory_lotparent",
    ),
    (
        "lot_fact_numbered",
        "INSERT INTO inventory_lotfact (lot_id, seq, kind, row_id, body, hash)"
        " SELECT lot_id, seq, 'again', -1, body, hash FROM inventory_lotfact LIMIT 1",
    ),
    ("audit_registryfact_seq", "UPDATE audit_registryfact SET seq = 1 WHERE seq = 2"),
    (
        "inventory_anchor_seq",
        "INSERT INTO inventory_anchor (seq, made_at, body, hash) SELECT seq, made_at, body, hash FROM inventory_anchor",
    ),
    (
        "only_transit_is_bound_for_a_site",
        "UPDATE inventory_location SET bound_for_id = (SELECT id FROM inventory_site WHERE code = 'BRA')"
        " WHERE code = 'ANT-S1'",
    ),
    ("only_transit_is_bound_for_a_site", "UPDATE inventory_location SET bound_for_id = site_id WHERE kind = 'transit'"),
    (
        "known_device_once_per_person",
        "INSERT INTO accounts_knowndevice (user_id, digest, browser, first_at, last_at)"
        " SELECT (SELECT min(id) FROM accounts_user), 'ab', '', now(), now() FROM generate_series(1, 2)",
    ),
]


@pytest.mark.parametrize(("constraint", "statement"), STATEMENTS)
def test_it_refuses_a_statement_past_the_triggers(full: Everything, constraint: str, statement: str) -> None:
    with as_superuser(), pytest.raises(IntegrityError, match=constraint):
        run(statement)


# ---- triggers that look at another row -------------------------------------------------------------------------------


@pytest.mark.parametrize("condition", ["A", "B", "C"])
def test_acceptor_is_not_receiver(full: Everything, condition: str) -> None:
    receiver = one("SELECT received_by_id FROM inventory_lot WHERE number = %s", full.other)
    lot = f"lot_id = (SELECT id FROM inventory_lot WHERE number = '{full.other}')"
    with pytest.raises(IntegrityError, match="acceptor_is_not_receiver"):
        copy("inventory_conditionchange", lot, condition=condition, actor_id=receiver)


def test_acceptor_is_not_receiver_of_a_child_either(full: Everything) -> None:
    """Whoever splits a lot hands its condition on; a better one is not theirs to give, and neither is a second one."""
    receiver = one("SELECT received_by_id FROM inventory_lot WHERE number = %s", full.child)
    lot = f"lot_id = (SELECT id FROM inventory_lot WHERE number = '{full.child}')"
    with pytest.raises(IntegrityError, match="acceptor_is_not_receiver"):
        copy("inventory_conditionchange", lot, condition="A", actor_id=receiver)


def test_the_receiver_may_still_hold_a_lot_past_the_door(full: Everything) -> None:
    receiver = one("SELECT received_by_id FROM inventory_lot WHERE number = %s", full.other)
    lot = f"lot_id = (SELECT id FROM inventory_lot WHERE number = '{full.other}')"
    copy("inventory_conditionchange", lot, condition="J", actor_id=receiver)


def test_decider_is_not_requester(full: Everything) -> None:
    with pytest.raises(IntegrityError, match="decider_is_not_requester"):
        run(
            "INSERT INTO approvals_decision (request_id, actor_id, agreed, note, decided_at, command_id)"
            " SELECT id, requester_id, true, '', now(), 1 FROM approvals_request LIMIT 1"
        )


def test_two_people_agreed_refuses_an_issue_that_only_one_of_two_agreed_to(full: Everything) -> None:
    first = one(
        "SELECT d.command_id FROM approvals_decision d JOIN approvals_request r ON r.id = d.request_id"
        " WHERE r.needed = 2 ORDER BY d.id LIMIT 1"
    )
    with as_superuser():
        run("DELETE FROM approvals_decision WHERE command_id > %s", first)
    with pytest.raises(IntegrityError, match="two_people_agreed"):
        copy("inventory_movement", "kind = 'issue'", command_id=first)


def mirror_of(movement: int) -> dict[str, Any]:
    """What a reversal of the movement has to say."""
    columns = {"origin_id": "destination_id", "destination_id": "origin_id"}
    columns |= {name: name for name in ("lot_id", "net_mg", "occurred_at")}
    row = {
        name: one(f"SELECT {column} FROM inventory_movement WHERE id = %s", movement)
        for name, column in columns.items()
    }
    return {**row, "kind": "reverse", "reverses_id": movement}


def test_two_people_agreed_refuses_a_reversal_of_ones_own(full: Everything) -> None:
    own = one("SELECT command_id FROM inventory_movement WHERE id = %s", full.transfer)
    with pytest.raises(IntegrityError, match="two_people_agreed"):
        copy("inventory_movement", "kind = 'reverse'", **{**mirror_of(full.transfer), "command_id": own})


@pytest.mark.parametrize("kind", ["adjust", "issue"])
def test_two_people_agreed_holds_a_movement_against_what_was_asked_for(full: Everything, kind: str) -> None:
    agreed = one("SELECT command_id FROM inventory_movement WHERE kind = %s", kind)
    other = one("SELECT id FROM inventory_lot WHERE number = %s", full.other)
    ends = [
        one(f"SELECT {end} FROM inventory_movement WHERE kind = %s", kind) for end in ("origin_id", "destination_id")
    ]
    with as_superuser():
        run("UPDATE inventory_movement SET command_id = 1 WHERE kind = %s", kind)
    where = f"kind = '{kind}'"
    for changes in ({"net_mg": 1}, {"lot_id": other}, {"origin_id": ends[1], "destination_id": ends[0]}):
        with pytest.raises(IntegrityError, match="two_people_agreed"):
            copy("inventory_movement", where, **{"command_id": agreed, **changes})
    with pytest.raises(IntegrityError, match="two_people_agreed"):
        copy("inventory_movement", where, kind={"adjust": "issue", "issue": "adjust"}[kind], command_id=agreed)
    copy("inventory_movement", where, command_id=agreed)


@pytest.mark.parametrize("column", ["net_mg = net_mg - 1", "occurred_at = occurred_at + interval '1 second'"])
def test_reversal_mirrors_the_reversed(full: Everything, column: str) -> None:
    approval = one("SELECT command_id FROM inventory_movement WHERE id = %s", full.reversal)
    with as_superuser():  # as if they had agreed to this one
        run("DELETE FROM inventory_movement WHERE id = %s", full.reversal)
        run(
            "UPDATE approvals_request SET body = jsonb_build_object('movement', %s::bigint) WHERE kind = 'inventory.reverse'",
            full.transfer,
        )
    mirror = {**mirror_of(full.transfer), "command_id": approval}
    copy("inventory_movement", **mirror)
    with as_superuser():  # so that the only thing wrong is what does not mirror
        run("DELETE FROM inventory_movement WHERE reverses_id = %s", full.transfer)
        run(f"UPDATE inventory_movement SET {column} WHERE id = %s", full.transfer)
    with pytest.raises(IntegrityError, match="reversal_mirrors_the_reversed"):
        copy("inventory_movement", **mirror)


# ---- nothing is forgotten --------------------------------------------------------------------------------------------


def test_every_constraint_and_trigger_is_named_in_a_test() -> None:
    """A guard that no test goes round is a guess. Its name stands in the test that proves it."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in Path("tests").rglob("test_*.py"))
    declared = {
        guard.name: model._meta.db_table
        for model in apps.get_models()
        for guard in [*getattr(model._meta, "triggers", ()), *model._meta.constraints]
        if model.__module__.startswith(("config.", "inventory.", "procurement.", "reserve."))
    }
    assert sorted(f"{name} on {table}" for name, table in declared.items() if name not in tests) == []

"""Going round the doors of procurement: each constraint lets the good row in and refuses the bad one by its name."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection

from tests.inventory.round_the_door import invent, only, run

pytestmark = pytest.mark.django_db

AT = "2026-01-01T00:00:00Z"
SUPPLIER, ORDER, LINE = "procurement_supplier", "procurement_order", "procurement_orderline"
EVENT, DELIVERED = "procurement_orderevent", "procurement_delivered"

# constraint -> (table, a good row, bad rows)
CHECKS: dict[str, tuple[str, dict[str, Any], list[dict[str, Any]]]] = {
    "supplier_code_is_capital_letters": (
        SUPPLIER,
        {"code": "AB-1"},
        [{"code": code} for code in ("ab", "A", "A B", "Ä1", "AB\n", "")],
    ),
    "supplier_country_is_two_letters": (
        SUPPLIER,
        {"country": "BE"},
        [{"country": code} for code in ("be", "B", "", "B1")],
    ),
    "order_state_is_known": (ORDER, {"state": "draft"}, [{"state": "odd"}, {"state": ""}]),
    "order_currency_is_known": (ORDER, {"currency": "EUR"}, [{"currency": "XXX"}, {"currency": "eur"}]),
    "order_flag_positive": (ORDER, {"flag_id": 1}, [{"flag_id": 0}, {"flag_id": -1}]),
    "order_approver_is_not_creator": (
        ORDER,
        {"created_by_id": 1, "approved_by_id": 2},
        [{"created_by_id": 1, "approved_by_id": 1}],
    ),
    "order_approver_is_not_last_editor": (
        ORDER,
        {"last_edited_by_id": 1, "approved_by_id": 2},
        [{"last_edited_by_id": 1, "approved_by_id": 1}],
    ),
    "order_approved_by_somebody_at_some_time": (
        ORDER,
        {"approved_by_id": 1, "approved_at": AT},
        [{"approved_by_id": 1, "approved_at": None}, {"approved_by_id": None, "approved_at": AT}],
    ),
    "order_goes_nowhere_unapproved": (
        ORDER,
        {"state": "approved", "approved_at": AT},
        [
            *({"state": state, "approved_at": None} for state in ("approved", "placed", "part received", "received")),
            {"state": "draft", "approved_at": AT},
        ],
    ),
    "order_placed_has_a_moment": (
        ORDER,
        {"state": "placed", "placed_at": AT},
        [{"state": state, "placed_at": None} for state in ("placed", "part received", "received")],
    ),
    "order_cancelled_has_a_moment": (
        ORDER,
        {"state": "cancelled", "cancelled_at": AT},
        [{"state": "cancelled", "cancelled_at": None}],
    ),
    "order_line_number_positive": (LINE, {"number": 1}, [{"number": 0}]),
    "order_line_mass_positive": (LINE, {"ordered_mg": 1}, [{"ordered_mg": 0}, {"ordered_mg": -1}]),
    "order_line_price_is_an_amount": (
        LINE,
        {"price_per_kg": "0"},
        [{"price_per_kg": price} for price in ("-0.01", "NaN", "1000000000.01")],
    ),
    "order_line_tolerance_is_a_percentage": (
        LINE,
        {"tolerance_pct": "0"},
        [{"tolerance_pct": percentage} for percentage in ("-0.1", "100.1", "NaN")],
    ),
    "order_line_received_not_negative": (LINE, {"received_mg": 0}, [{"received_mg": -1}]),
    "order_line_received_within_tolerance": (
        LINE,
        {"ordered_mg": 1000, "tolerance_pct": "10", "received_mg": 1100},
        [
            {"ordered_mg": 1000, "tolerance_pct": "10", "received_mg": 1101},
            {"ordered_mg": 1000, "tolerance_pct": "0", "received_mg": 1001},
        ],
    ),
    "order_line_cancelled_within_ordered": (
        LINE,
        {"ordered_mg": 5, "cancelled_mg": 5},
        [{"ordered_mg": 5, "cancelled_mg": 6}, {"ordered_mg": 5, "cancelled_mg": -1}],
    ),
    "delivered_mass_positive": (DELIVERED, {"net_mg": 1}, [{"net_mg": 0}]),
}


@pytest.mark.parametrize("constraint", CHECKS)
def test_it_refuses_the_bad_row_only(constraint: str) -> None:
    table, good, bad = CHECKS[constraint]
    with only(table, constraint):
        invent(table, **good)
        for row in bad:
            with pytest.raises(IntegrityError, match=constraint):
                invent(table, **row)


@pytest.mark.parametrize(
    ("constraint", "table", "row", "other"),
    [
        ("order_line_number_once", LINE, {"order_id": 1, "number": 1}, {"order_id": 2, "number": 1}),
        ("order_event_late_once_per_line", EVENT, {"line_id": 1, "what": "late"}, {"line_id": 1, "what": "placed"}),
    ],
)
def test_it_refuses_the_same_again(constraint: str, table: str, row: dict[str, Any], other: dict[str, Any]) -> None:
    with only(table, constraint):
        invent(table, **row)
        invent(table, **other)
        with pytest.raises(IntegrityError, match=constraint):
            invent(table, **row)


@pytest.mark.parametrize(
    ("old", "new"), [("draft", "approved"), ("draft", "placed"), ("received", "draft"), ("cancelled", "submitted")]
)
def test_order_state_follows_the_table(old: str, new: str) -> None:
    with only(ORDER, "order_state_is_known"):
        invent(ORDER, state=old)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = origin")
        with pytest.raises(DatabaseError, match='Invalid transition of field "state"'):
            run(f'UPDATE "{ORDER}" SET state = %s', new)


def test_order_begins_as_a_draft() -> None:
    with pytest.raises(IntegrityError, match="order_begins_as_a_draft"):
        invent(ORDER, state="placed")

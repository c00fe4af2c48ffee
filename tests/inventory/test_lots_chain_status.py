"""Whether the chain of a lot holds."""

import pytest
from django.db import connection

from inventory import ledger, lots, units
from inventory.models import Lot
from tests.counting import counted
from tests.world import World


@pytest.fixture
def lot(world: World) -> Lot:
    number = world.stock("10")
    ledger.sample(by=world.by("ana"), lot=number, origin="ANT-S1", net=units.enter("1"), reason="Assay")
    return Lot.objects.get(number=number)


def tamper(sql: str, lot: Lot) -> None:
    """As a superuser would, past every trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, {"lot": lot.pk})
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_it_verifies_what_nobody_touched(lot: Lot) -> None:
    with counted("inventory.lots.chain_status"):
        status = lots.chain_status(lot.pk)
    assert (status.verified, status.facts, status.differences) == (True, lot.last_seq, ())


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE inventory_lotfact SET body = '{}' WHERE lot_id = %(lot)s AND seq = 3", "Fact 3 (condition)"),
        ("UPDATE inventory_lotfact SET body = 'no JSON' WHERE lot_id = %(lot)s AND seq = 3", "Fact 3 (condition)"),
        (
            "UPDATE inventory_movement SET net_mg = net_mg + 1 WHERE lot_id = %(lot)s AND kind = 'sample'",
            "Fact 6 (movement)",
        ),
        (
            "UPDATE inventory_conditionchange SET reason = 'x' WHERE lot_id = %(lot)s AND condition = 'A'",
            "Fact 5 (condition)",
        ),
        ("UPDATE inventory_lot SET supplier_lot = 'x' WHERE id = %(lot)s", "Fact 1 (lot)"),
        ("DELETE FROM inventory_lotfact WHERE lot_id = %(lot)s AND seq = 4", "Fact 4 is missing"),
        ("DELETE FROM inventory_lotfact WHERE lot_id = %(lot)s AND seq = 6", "The lot counts 6 facts"),
        ("DELETE FROM inventory_movement WHERE lot_id = %(lot)s AND kind = 'sample'", "Fact 6 (movement)"),
        (
            "UPDATE inventory_lotfact SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE lot_id = %(lot)s AND seq IN (2, 3);"
            "UPDATE inventory_lotfact SET seq = -seq WHERE lot_id = %(lot)s AND seq < 0",
            "Fact 2 (condition) does not match its hash",
        ),
        (
            "INSERT INTO inventory_retest (lot_id, performed_on, passed, lab, note, occurred_at, recorded_at, actor_id,"
            " command_id) SELECT id, now(), true, '', '', now(), now(), received_by_id, command_id FROM inventory_lot"
            " WHERE id = %(lot)s",
            "(retest) no longer says what its row says",
        ),
    ],
)
def test_it_names_what_was_edited_deleted_reordered_cut_off_or_slipped_in(lot: Lot, sql: str, says: str) -> None:
    tamper(sql, lot)
    status = lots.chain_status(lot.pk)
    assert not status.verified
    assert any(says in difference for difference in status.differences), status.differences

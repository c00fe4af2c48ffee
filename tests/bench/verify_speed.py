"""How long verification takes, and how much memory. Not part of the suite; run it by name:

BENCH_MOVEMENTS=1000000 .venv/bin/python -m pytest -s tests/bench/verify_speed.py
"""

import os
import resource
import sys
import time
from typing import Any

import pytest
from django.db import connection, transaction

from inventory import ledger, units, verification
from inventory.verification import anchors
from tests.world import World

MOVEMENTS = int(os.environ.get("BENCH_MOVEMENTS", "100000"))
pytestmark = pytest.mark.django_db(transaction=True)

# A batch of copies of the first lots, as if made by the same commands. In batches: PostgreSQL's triggers after each row
# cost more the more rows one statement has.
COPY = """
INSERT INTO inventory_lot (number, number_key, material_id, supplier_lot, received_at, received_by_id, command_id, condition,
    verdict, retest_due_on, expires_on, latest_at, last_seq)
SELECT number || '-' || n, number_key || '-' || n, material_id, supplier_lot, received_at, received_by_id, command_id,
    condition, verdict, retest_due_on, expires_on, latest_at, last_seq
FROM inventory_lot, generate_series({first}, {first} + 9) n WHERE id <= {lots};
CREATE TEMP TABLE copied ON COMMIT DROP AS SELECT old.id AS old_id, new.id AS new_id
FROM inventory_lot old JOIN generate_series({first}, {first} + 9) n ON old.id <= {lots}
JOIN inventory_lot new ON new.number_key = old.number_key || '-' || n;
INSERT INTO inventory_assay (lot_id, source, lab, method, sampled_on, moisture, fractions, occurred_at, recorded_at, actor_id,
    command_id)
SELECT new_id, source, lab, method, sampled_on, moisture, fractions, occurred_at, recorded_at, actor_id, command_id
FROM inventory_assay JOIN copied ON old_id = lot_id ORDER BY new_id, id;
INSERT INTO inventory_conditionchange (lot_id, condition, verdict, reason, occurred_at, recorded_at, actor_id, command_id)
SELECT new_id, condition, verdict, reason, occurred_at, recorded_at, actor_id, command_id
FROM inventory_conditionchange JOIN copied ON old_id = lot_id ORDER BY new_id, id;
INSERT INTO inventory_movement (lot_id, kind, origin_id, destination_id, net_mg, entered_quantity, entered_unit, reason,
    occurred_at, recorded_at, actor_id, command_id)
SELECT new_id, kind, origin_id, destination_id, net_mg, entered_quantity, entered_unit, reason, occurred_at, recorded_at,
    actor_id, command_id FROM inventory_movement JOIN copied ON old_id = lot_id ORDER BY new_id, id;
INSERT INTO inventory_balance (lot_id, location_id, net_mg, allocated_mg)
SELECT new_id, location_id, net_mg, allocated_mg FROM inventory_balance JOIN copied ON old_id = lot_id;
INSERT INTO inventory_positionentry (lot_id, material_id, element_id, site_id, place, condition, verdict, mass_mg, free_mg,
    lots, occurred_at, recorded_at, command_id)
SELECT new_id, material_id, element_id, site_id, place, condition, verdict, mass_mg, free_mg, lots, occurred_at, recorded_at,
    command_id FROM inventory_positionentry JOIN copied ON old_id = lot_id
"""
SUM = """
UPDATE inventory_lot l SET assay_id = a.id, last_seq = f.seq
FROM (SELECT lot_id, max(id) AS id FROM inventory_assay GROUP BY 1) a,
     (SELECT lot_id, max(seq) AS seq FROM inventory_lotfact GROUP BY 1) f WHERE a.lot_id = l.id AND f.lot_id = l.id;
UPDATE inventory_position p SET net_mg = s.mass, free_mg = s.free, lots = s.lots FROM (
    SELECT material_id, site_id, place, condition, verdict, sum(mass_mg) AS mass, sum(free_mg) AS free, sum(lots) AS lots
    FROM inventory_positionentry WHERE element_id IS NULL GROUP BY 1, 2, 3, 4, 5) s
WHERE (p.material_id, p.site_id, p.place, p.condition, p.verdict) = (s.material_id, s.site_id, s.place, s.condition, s.verdict);
UPDATE inventory_containedposition p SET contained_mg = s.mass, free_mg = s.free FROM (
    SELECT material_id, element_id, site_id, place, condition, verdict, sum(mass_mg) AS mass, sum(free_mg) AS free
    FROM inventory_positionentry WHERE element_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6) s
WHERE (p.material_id, p.element_id, p.site_id, p.place, p.condition, p.verdict)
    = (s.material_id, s.element_id, s.site_id, s.place, s.condition, s.verdict)
"""


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")


def test_how_long_verification_takes(world: World) -> None:
    copies = MOVEMENTS // 1000 * 10
    for index in range(20):
        lot = world.stock(f"{900 + index}.000001", material=("nd-oxide", "ndpr-oxide")[index % 2])
        for step in range(4):
            world.later(hours=1)
            way: dict[str, Any] = {"origin": "ANT-S1", "destination": "ANT-S2", "net": units.enter(f"{10 + step}.5")}
            ledger.transfer(by=world.by("ana"), lot=lot, **way)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM inventory_lot")
        (lots,) = cursor.fetchone()
        began = time.monotonic()
        for first in range(0, copies, 10):
            with transaction.atomic():
                for statement in COPY.format(first=first, lots=lots).split(";\n"):
                    cursor.execute(statement)
        for statement in SUM.split(";\n"):
            cursor.execute(statement)
        say(f"\n{copies * 100:,} movements made in {time.monotonic() - began:.0f} s")
        cursor.execute("VACUUM ANALYZE")
    verification.make_anchor(now=world.now)
    tally, found = verification.Tally(), []
    began = time.monotonic()
    with verification.snapshot():
        for label, check in verification.CHECKS.items():
            one = time.monotonic()
            found += list(check(tally))
            say(f"{time.monotonic() - one:7.2f} s  {label}")
    say(
        f"{time.monotonic() - began:7.2f} s  in all; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most"
    )
    say(dict(tally.rows))
    assert found == []
    assert len(list(anchors.lines())) == 1

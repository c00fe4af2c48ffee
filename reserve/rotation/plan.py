"""Planning: one statement writes the rows that policies make due, finishes those that a retest answered, marks the late."""

from datetime import datetime

from django.db import connection, transaction

from config.jobs.schedule import Counts
from inventory import dates

PLAN = f"""
    WITH due AS (
        SELECT lot.lot_id, policy.id AS policy_id, policy.driver, policy.method, lot.net_mg, policy.ahead_months,
               CASE policy.driver WHEN 'retest' THEN lot.retest_due_on ELSE lot.expires_on END AS due_on
        FROM {dates.HELD_LOTS} lot
        JOIN reserve_rotationpolicy policy ON policy.material_id = lot.material_id
             AND policy.is_active AND policy.approved_at IS NOT NULL
    ),
    written AS (
        INSERT INTO reserve_rotation (lot_id, policy_id, driver, method, window_from, due_on, net_mg, state, planned_at, result)
        SELECT lot_id, policy_id, driver, method, (due_on - make_interval(months => ahead_months))::date, due_on, net_mg,
               CASE WHEN due_on < %(today)s THEN 'overdue' ELSE 'planned' END, %(now)s, ''
        FROM due
        WHERE due_on IS NOT NULL AND due_on - make_interval(months => ahead_months) <= %(today)s
        ORDER BY lot_id, driver, due_on
        ON CONFLICT (lot_id, driver, due_on) DO NOTHING
        RETURNING 1
    ),
    answered AS (
        UPDATE reserve_rotation r SET state = 'done', finished_at = %(now)s, retest_id = t.retest_id,
               result = CASE WHEN t.passed THEN 'Passed on ' || t.performed_on || ', next due ' || t.next_due_on
                             ELSE 'Failed on ' || t.performed_on || ': suspended' END
        FROM {dates.RETESTS} t
        WHERE r.finished_at IS NULL AND r.driver = 'retest' AND t.lot_id = r.lot_id AND t.previous_due_on = r.due_on
          AND t.retest_id = (SELECT max(l.retest_id) FROM {dates.RETESTS} l
                             WHERE l.lot_id = r.lot_id AND l.previous_due_on = r.due_on)
        RETURNING r.id
    ),
    dropped AS (
        UPDATE reserve_rotation r SET state = 'dropped', finished_at = %(now)s, result = 'The lot is no longer held'
        WHERE r.finished_at IS NULL AND NOT EXISTS (SELECT 1 FROM {dates.HELD_LOTS} lot WHERE lot.lot_id = r.lot_id)
          AND r.id NOT IN (SELECT id FROM answered)
        RETURNING r.id
    ),
    late AS (
        UPDATE reserve_rotation r SET state = 'overdue'
        WHERE r.state IN ('planned', 'in work') AND r.due_on < %(today)s
          AND r.id NOT IN (SELECT id FROM answered UNION ALL SELECT id FROM dropped)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM due), (SELECT count(*) FROM written) + (SELECT count(*) FROM answered)
         + (SELECT count(*) FROM dropped) + (SELECT count(*) FROM late)
"""


def plan(*, now: datetime) -> Counts:
    """Bring the schedule to what lots, policies and retests say. Running twice changes nothing more."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7265003)")
        cursor.execute(PLAN, {"now": now, "today": now.date()})
        seen, changed = cursor.fetchone()
    return Counts(seen, changed)

"""Planning: one statement brings the schedule to what lots, policies and retests say.

A row is open as long as its lot is held, its date is the lot's, that date lies in the window of a policy in force, and no
retest of that date left the lot suspended. A finished row opens again when that becomes true again (a withdrawn finding, a
reversed issue): nothing that is due can fall out of sight because it was once done.
"""

from datetime import datetime

from django.db import connection, transaction

from config.jobs.schedule import Counts
from inventory import dates

_NEWEST = (
    f"(SELECT * FROM {dates.RETESTS} AS retest WHERE retest.lot_id = {{lot}} AND retest.previous_due_on = {{due}}"
    + (" ORDER BY retest.retest_id DESC LIMIT 1)")
)

PLAN = f"""
    WITH due AS (
        SELECT lot.lot_id, policy.id AS policy_id, policy.driver, policy.method, held.net_mg, dated.due_on,
               dated.window_from, tested.retest_id
        FROM reserve_rotationpolicy policy
        JOIN {dates.LOTS} lot ON lot.material_id = policy.material_id
        CROSS JOIN LATERAL (SELECT CASE policy.driver WHEN 'retest' THEN lot.retest_due_on ELSE lot.expires_on END) d (due_on)
        CROSS JOIN LATERAL (SELECT d.due_on, (d.due_on - make_interval(months => policy.ahead_months))::date)
                           AS dated (due_on, window_from)
        CROSS JOIN LATERAL {dates.held("lot.lot_id")} held
        LEFT JOIN LATERAL {_NEWEST.format(lot="lot.lot_id", due="dated.due_on")} tested ON policy.driver = 'retest'
        WHERE policy.is_active AND policy.approved_at IS NOT NULL AND dated.window_from <= %(today)s
          AND lot.condition NOT IN ('H', 'S') AND held.net_mg IS NOT NULL
          AND (lot.condition IN ('A', 'B', 'C') OR tested.retest_id IS NULL)
          AND (%(lots)s::bigint[] IS NULL OR lot.lot_id = ANY(%(lots)s))
    ),
    written AS (
        INSERT INTO reserve_rotation
               (lot_id, policy_id, driver, method, window_from, due_on, net_mg, state, planned_at, retest_id, result)
        SELECT lot_id, policy_id, driver, method, window_from, due_on, net_mg,
               CASE WHEN due_on < %(today)s THEN 'overdue' ELSE 'planned' END, %(now)s, retest_id, ''
        FROM due
        WHERE NOT EXISTS (SELECT 1 FROM reserve_rotation r
                          WHERE r.lot_id = due.lot_id AND r.driver = due.driver AND r.due_on = due.due_on)
        ORDER BY lot_id, driver, due_on
        ON CONFLICT (lot_id, driver, due_on) DO NOTHING
        RETURNING id
    ),
    again AS (
        UPDATE reserve_rotation r
        SET policy_id = due.policy_id, method = due.method, window_from = due.window_from, result = '',
            state = CASE WHEN due.due_on < %(today)s THEN 'overdue' WHEN r.finished_at IS NULL THEN r.state ELSE 'planned' END,
            started_at = CASE WHEN r.finished_at IS NULL THEN r.started_at END,
            started_by_id = CASE WHEN r.finished_at IS NULL THEN r.started_by_id END,
            finished_at = NULL
        FROM due
        WHERE r.lot_id = due.lot_id AND r.driver = due.driver AND r.due_on = due.due_on
          AND (r.finished_at IS NOT NULL OR r.policy_id <> due.policy_id)
        RETURNING r.id
    ),
    surplus AS (
        SELECT r.id, held.net_mg, lot.condition,
               CASE r.driver WHEN 'retest' THEN lot.retest_due_on ELSE lot.expires_on END AS lot_due_on,
               tested.retest_id, tested.passed, tested.performed_on, tested.next_due_on, policy.id AS policy_id,
               r.due_on - make_interval(months => policy.ahead_months) AS window_from
        FROM reserve_rotation r
        JOIN {dates.LOTS} lot ON lot.lot_id = r.lot_id
        CROSS JOIN LATERAL {dates.held("r.lot_id")} held
        LEFT JOIN reserve_rotationpolicy policy ON policy.material_id = lot.material_id AND policy.driver = r.driver
                  AND policy.is_active AND policy.approved_at IS NOT NULL
        LEFT JOIN LATERAL {_NEWEST.format(lot="r.lot_id", due="r.due_on")} tested
                  ON r.driver = 'retest' AND tested.retest_id > coalesce(r.retest_id, 0)
        WHERE r.finished_at IS NULL AND (%(lots)s::bigint[] IS NULL OR r.lot_id = ANY(%(lots)s))
          AND NOT EXISTS (SELECT 1 FROM due WHERE due.lot_id = r.lot_id AND due.driver = r.driver AND due.due_on = r.due_on)
    ),
    closed AS (
        UPDATE reserve_rotation r
        SET finished_at = %(now)s, retest_id = coalesce(why.retest_id, r.retest_id),
            state = CASE WHEN why.passed IS NOT NULL OR (why.net_mg IS NULL AND r.method IN ('replace', 'upgrade')) THEN 'done'
                         ELSE 'dropped' END,
            result = CASE WHEN why.passed THEN 'Passed on ' || why.performed_on || ', next due ' || why.next_due_on
                          WHEN NOT why.passed THEN 'Failed on ' || why.performed_on || ': suspended'
                          WHEN why.net_mg IS NULL AND r.method IN ('replace', 'upgrade') THEN 'The lot has left the reserve'
                          WHEN why.net_mg IS NULL THEN 'The lot is no longer held'
                          WHEN why.condition IN ('H', 'S') THEN 'The lot is condemned'
                          WHEN why.lot_due_on IS DISTINCT FROM r.due_on THEN 'The lot has another date now'
                          WHEN why.policy_id IS NULL THEN 'The policy was ended'
                          WHEN why.window_from > %(today)s THEN 'Not due yet'
                          ELSE 'Suspended after a retest' END
        FROM surplus why
        WHERE r.id = why.id AND r.finished_at IS NULL
        RETURNING r.id
    ),
    late AS (
        UPDATE reserve_rotation r SET state = 'overdue'
        WHERE r.state IN ('planned', 'in work') AND r.due_on < %(today)s
          AND (%(lots)s::bigint[] IS NULL OR r.lot_id = ANY(%(lots)s))
          AND r.id NOT IN (SELECT id FROM closed UNION ALL SELECT id FROM again)
        RETURNING r.id
    )
    SELECT (SELECT count(*) FROM due), (SELECT count(*) FROM written) + (SELECT count(*) FROM again)
         + (SELECT count(*) FROM closed) + (SELECT count(*) FROM late)
"""


def plan(*, now: datetime, lots: list[int] | None = None) -> Counts:
    """Bring the schedule to what lots, policies and retests say. Running twice changes nothing more.

    Counts what lies in a window, and rows changed. `lots` keeps it to lots of these ids.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7265003)")
        cursor.execute(PLAN, {"now": now, "today": now.date(), "lots": lots})
        seen, changed = cursor.fetchone()
    return Counts(seen, changed)

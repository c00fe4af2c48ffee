"""The scan: one SQL statement that opens, updates, reopens and closes flags. Page, command and Celery call the same."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from config.jobs.schedule import Counts
from reserve import shortfall

REOPEN_WITHIN = timedelta(days=30)

# The severity here and ShortfallRow.severity are one rule; tests/reserve/test_flags_scan.py holds them together.
SCAN = """
    WITH {shortfall},
    depth AS (
        SELECT id, eligible_mg < required_mg AS is_short, required_mg, eligible_mg, on_order_mg,
               CASE WHEN eligible_mg < coalesce(floor_mg, required_mg / 2) THEN 'critical'
                    WHEN eligible_mg * 1000 / required_mg < 800 THEN 'major' ELSE 'minor' END AS severity,
               jsonb_build_object('required_mg', required_mg::text, 'floor_mg', floor_mg::text,
                   'physical_mg', physical_mg::text, 'in_store_mg', in_store_mg::text, 'accepted_mg', accepted_mg::text,
                   'in_date_mg', in_date_mg::text, 'compliant_mg', compliant_mg::text, 'eligible_mg', eligible_mg::text,
                   'on_order_mg', on_order_mg::text, 'as_of', %(as_of)s::date) AS facts
        FROM shortfall
    ),
    closed AS (
        UPDATE reserve_flag f SET state = 'closed', closed_at = %(now)s, updated_at = %(now)s, waived_until = NULL,
               required_mg = coalesce(d.required_mg, f.required_mg), eligible_mg = coalesce(d.eligible_mg, f.eligible_mg),
               on_order_mg = coalesce(d.on_order_mg, f.on_order_mg)
        FROM reserve_flag me LEFT JOIN depth d ON d.id = me.target_id
        WHERE f.id = me.id AND f.kind = 'shortfall' AND f.state <> 'closed' AND (d.id IS NULL OR NOT d.is_short)
        RETURNING f.id, coalesce(d.facts, jsonb_build_object('target', 'ended')) AS facts
    ),
    updated AS (
        UPDATE reserve_flag f SET required_mg = d.required_mg, eligible_mg = d.eligible_mg, on_order_mg = d.on_order_mg,
               severity = d.severity, updated_at = %(now)s,
               state = CASE WHEN f.state = 'waived' AND f.waived_until < %(as_of)s THEN 'open' ELSE f.state END,
               waived_until = CASE WHEN f.waived_until < %(as_of)s THEN NULL ELSE f.waived_until END
        FROM depth d, reserve_flag old
        WHERE d.is_short AND f.target_id = d.id AND f.kind = 'shortfall' AND f.state <> 'closed' AND old.id = f.id
          AND ((f.required_mg, f.eligible_mg, f.on_order_mg, f.severity)
               IS DISTINCT FROM (d.required_mg, d.eligible_mg, d.on_order_mg, d.severity)
               OR (f.state = 'waived' AND f.waived_until < %(as_of)s))
        RETURNING f.id, d.facts, old.severity <> d.severity AS worse_or_better, old.state = 'waived' AND f.state = 'open' AS ended
    ),
    reopened AS (
        UPDATE reserve_flag f SET state = 'open', closed_at = NULL, reopened = f.reopened + 1, updated_at = %(now)s,
               required_mg = d.required_mg, eligible_mg = d.eligible_mg, on_order_mg = d.on_order_mg, severity = d.severity
        FROM depth d
        WHERE d.is_short AND f.id = (
            SELECT last.id FROM reserve_flag last
            WHERE last.target_id = d.id AND last.kind = 'shortfall' ORDER BY last.opened_at DESC, last.id DESC LIMIT 1)
          AND f.state = 'closed' AND f.closed_at > %(reopen_after)s
        RETURNING f.id, f.target_id, d.facts
    ),
    opened AS (
        INSERT INTO reserve_flag (kind, subject, target_id, state, severity, opening, required_mg, eligible_mg, on_order_mg,
                                  opened_at, updated_at, reopened, note)
        SELECT 'shortfall', 'target:' || d.id, d.id, 'open', d.severity, d.facts, d.required_mg, d.eligible_mg,
               d.on_order_mg, %(now)s, %(now)s, 0, ''
        FROM depth d
        WHERE d.is_short AND NOT EXISTS (
            SELECT 1 FROM reserve_flag f WHERE f.target_id = d.id AND f.kind = 'shortfall'
              AND (f.state <> 'closed' OR f.closed_at > %(reopen_after)s))
        ON CONFLICT DO NOTHING
        RETURNING id, opening AS facts
    ),
    noted AS (
        INSERT INTO reserve_flagevent (flag_id, act, note, facts, happened_at)
        SELECT id, 'closed', '', facts, %(now)s FROM closed
        UNION ALL SELECT id, 'reopened', '', facts, %(now)s FROM reopened
        UNION ALL SELECT id, 'opened', '', facts, %(now)s FROM opened
        UNION ALL SELECT id, CASE WHEN ended THEN 'waiver ended' ELSE 'severity' END, '', facts, %(now)s
                  FROM updated WHERE ended OR worse_or_better
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM depth), (SELECT count(*) FROM opened), (SELECT count(*) FROM reopened),
           (SELECT count(*) FROM updated), (SELECT count(*) FROM closed)
"""


def scan(*, now: datetime) -> Counts:
    """Bring the flags to the present shortfalls. Safe to run twice and at once: one flag is open per target.

    Returns targets seen and flags changed.
    """
    as_of = now.date()
    statement = SCAN.format(shortfall=shortfall.sql(past=False))
    parameters = {
        **shortfall.parameters(as_of=as_of, past=False),
        "now": now,
        "reopen_after": now - REOPEN_WITHIN,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(7265002)"
        )  # two scans at once would each see the other's flag missing
        cursor.execute(statement, parameters)
        seen, *changed = cursor.fetchone()
    return Counts(seen, sum(changed))

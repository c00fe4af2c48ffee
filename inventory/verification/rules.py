"""Every row stands in a recorded command, what takes two people was agreed to by them, and the guards are in place."""

from collections.abc import Iterator
from typing import Any

import pgtrigger
from django.apps import apps

from inventory.models.facts import asked_for
from inventory.verification.chains import TABLES
from inventory.verification.difference import Difference, Tally, lot_name, select


def commands(tally: Tally) -> Iterator[Difference]:
    """Each row was written by a command that is recorded as done, by the same person and at the same moment."""
    tally.count("commands", "SELECT count(*) FROM audit_command")
    for row in select(_COMMANDS):
        text = f"command: {row['kind']} {row['row_id']} of {lot_name(row)}: command {row['command_id']} {row['how']}"
        yield Difference("commands", text, row["lot_id"])
    for row in select(_OTHER_COMMANDS):
        text = f"command: {row['kind']} {row['row_id']}: command {row['command_id']} {row['how']}"
        yield Difference("commands", text)


def _facts(kind: str) -> str:
    table, lot = TABLES[kind]
    actor = {"lot": "NULL::bigint", "parent": "NULL::bigint"}.get(kind, "actor_id")
    recorded = {"lot": "NULL::timestamptz", "parent": "NULL::timestamptz"}.get(kind, "recorded_at")
    return f"SELECT '{kind}' AS kind, id, {lot} AS lot_id, command_id, {actor} AS actor_id, {recorded} AS recorded_at FROM {table}"


_HOW = """
    CASE WHEN c.id IS NULL THEN 'is missing' WHEN c.outcome <> 'done' THEN 'was refused'
         WHEN c.actor_id <> r.actor_id THEN 'was another person''s' ELSE 'was at another moment' END AS how
"""
_WRONG = "c.id IS NULL OR c.outcome <> 'done' OR c.actor_id <> r.actor_id OR c.recorded_at <> r.recorded_at"
_COMMANDS = f"""
    SELECT r.kind, r.id AS row_id, r.lot_id, r.command_id, lot.number, {_HOW}
    FROM (
        {" UNION ALL ".join(_facts(kind) for kind in TABLES)}
        UNION ALL
        SELECT 'position entry', min(id), lot_id, command_id, NULL, recorded_at FROM inventory_positionentry
        GROUP BY lot_id, command_id, recorded_at
    ) r LEFT JOIN audit_command c ON c.id = r.command_id LEFT JOIN inventory_lot lot ON lot.id = r.lot_id
    WHERE {_WRONG}
    ORDER BY r.lot_id, r.id LIMIT %(most)s
"""
_OTHER_COMMANDS = f"""
    SELECT r.kind, r.id AS row_id, r.command_id, {_HOW}
    FROM (
        SELECT 'request' AS kind, id, command_id, requester_id AS actor_id, asked_at AS recorded_at FROM approvals_request
        UNION ALL SELECT 'decision', id, command_id, actor_id, decided_at FROM approvals_decision
        UNION ALL SELECT 'break-glass', id, command_id, actor_id, acted_at FROM approvals_breakglass
        UNION ALL SELECT 'registry fact', seq, command_id, NULL, NULL FROM audit_registryfact
            WHERE command_id IS NOT NULL
    ) r LEFT JOIN audit_command c ON c.id = r.command_id
    WHERE {_WRONG}
    ORDER BY r.kind, r.id LIMIT %(most)s
"""


def two_people(tally: Tally) -> Iterator[Difference]:
    """Adjustments, reversals and issues are what the last agreement was to; nobody agreed, accepted or reviewed alone."""
    tally.count("requests", "SELECT count(*) FROM approvals_request")
    tally.count("decisions", "SELECT count(*) FROM approvals_decision")
    for row in select(_UNAPPROVED):
        text = f"movement: {lot_name(row)}: {row['kind']} {row['row_id']} was agreed to by nobody"
        yield Difference("two people", text, row["lot_id"])
    for row in select(_NOT_DONE_ONCE):
        yield Difference(
            "two people", f"request: request {row['id']} was carried out by {row['times']} movements, not by one"
        )
    for row in select(_ACCEPTED_ALONE):
        text = f"condition: {lot_name(row)}: condition {row['row_id']} ({row['condition']}) was set by who received the lot"
        yield Difference("two people", text, row["lot_id"])
    for row in select(_NOT_REVERSED):
        text = f"movement: {lot_name(row)}: reversal {row['row_id']} does not mirror movement {row['reverses_id']}"
        yield Difference("two people", text, row["lot_id"])
    for row in select(_REQUESTS):
        yield Difference("two people", f"request: request {row['id']} {row['how']}")


_UNAPPROVED = f"""
    SELECT m.id AS row_id, m.lot_id, m.kind, lot.number
    FROM inventory_movement m LEFT JOIN inventory_lot lot ON lot.id = m.lot_id
    WHERE m.kind IN ('adjust', 'reverse', 'issue') AND NOT EXISTS (
        SELECT 1 FROM approvals_decision d JOIN approvals_request r ON r.id = d.request_id
        WHERE d.command_id = m.command_id AND d.agreed AND r.state = 'approved' AND d.actor_id <> r.requester_id
          AND {asked_for("m")}
          AND r.needed <= (SELECT count(*) FROM approvals_decision o WHERE o.request_id = r.id AND o.agreed))
      AND NOT (m.kind = 'issue' AND EXISTS (
        SELECT 1 FROM approvals_breakglass b JOIN approvals_request r ON r.id = b.request_id
        WHERE b.command_id = m.command_id AND r.state = 'emergency' AND {asked_for("m")}))
    ORDER BY m.id LIMIT %(most)s
"""
_NOT_DONE_ONCE = """
    SELECT r.id, count(m.id) AS times
    FROM approvals_request r LEFT JOIN (
        SELECT request_id, command_id FROM approvals_decision
        UNION ALL SELECT request_id, command_id FROM approvals_breakglass
    ) said ON said.request_id = r.id
    LEFT JOIN inventory_movement m ON m.command_id = said.command_id AND r.kind = 'inventory.' || m.kind
    WHERE r.kind IN ('inventory.adjust', 'inventory.reverse', 'inventory.issue') AND r.state IN ('approved', 'emergency')
    GROUP BY r.id HAVING count(m.id) <> 1
    ORDER BY r.id LIMIT %(most)s
"""
# A child's first condition is its parent's: whoever splits a lot accepts nothing.
_ACCEPTED_ALONE = """
    SELECT c.id AS row_id, c.lot_id, c.condition, lot.number
    FROM inventory_conditionchange c JOIN inventory_lot lot ON lot.id = c.lot_id AND lot.received_by_id = c.actor_id
    WHERE c.condition IN ('A', 'B', 'C') AND NOT (
        EXISTS (SELECT 1 FROM inventory_lotparent p WHERE p.lot_id = c.lot_id)
        AND NOT EXISTS (SELECT 1 FROM inventory_conditionchange o WHERE o.lot_id = c.lot_id AND o.id < c.id))
    ORDER BY c.id LIMIT %(most)s
"""
_NOT_REVERSED = """
    SELECT m.id AS row_id, m.lot_id, m.reverses_id, lot.number
    FROM inventory_movement m LEFT JOIN inventory_movement o ON o.id = m.reverses_id
    LEFT JOIN inventory_lot lot ON lot.id = m.lot_id
    WHERE m.kind = 'reverse' AND (m.lot_id, m.net_mg, m.origin_id, m.destination_id, m.occurred_at)
        IS DISTINCT FROM (o.lot_id, o.net_mg, o.destination_id, o.origin_id, o.occurred_at)
    ORDER BY m.id LIMIT %(most)s
"""
_REQUESTS = """
    WITH counted AS (
        SELECT r.*, count(d.id) FILTER (WHERE d.agreed) AS agreed, count(d.id) FILTER (WHERE NOT d.agreed) AS against,
            count(d.id) FILTER (WHERE d.actor_id = r.requester_id) AS own,
            count(d.id) FILTER (WHERE l.lender_id = r.requester_id OR l.borrower_id <> d.actor_id OR EXISTS (
                SELECT 1 FROM approvals_decision o LEFT JOIN accounts_delegation p ON p.id = o.delegation_id
                WHERE o.request_id = r.id AND o.id <> d.id AND l.lender_id IN (o.actor_id, p.lender_id))) AS one,
            count(d.id) FILTER (WHERE (d.decided_at AT TIME ZONE 'UTC')::date NOT BETWEEN l.from_on AND l.until_on) AS unlent,
            b.id IS NOT NULL AS broken,
            coalesce(b.reviewer_id IN (b.actor_id, r.requester_id, r.about_id), false)
                OR coalesce(bool_or(b.reviewer_id IN (d.actor_id, l.lender_id)), false) AS inside
        FROM approvals_request r LEFT JOIN approvals_decision d ON d.request_id = r.id
        LEFT JOIN accounts_delegation l ON l.id = d.delegation_id
        LEFT JOIN approvals_breakglass b ON b.request_id = r.id GROUP BY r.id, b.id
    )
    SELECT id, CASE WHEN own > 0 THEN 'was decided by who asked' WHEN one > 0 THEN 'has the word of two who are one'
        WHEN unlent > 0 THEN 'was decided under a loan of other days'
        WHEN inside THEN 'was reviewed by who took part'
        WHEN (state = 'emergency') <> broken THEN format('is %%s, and its break-glass record says otherwise', state)
        ELSE format('is %%s with %%s of %%s agreements and %%s refusals', state, agreed, needed, against) END AS how
    FROM counted
    WHERE own > 0 OR one > 0 OR unlent > 0 OR inside OR (state = 'emergency') <> broken
        OR (state = 'approved') <> (agreed >= needed) OR (state = 'refused') <> (against > 0)
    ORDER BY id LIMIT %(most)s
"""


def guards(tally: Tally) -> Iterator[Difference]:
    """Each trigger and constraint that the models declare is in the database and at work."""
    triggers = {(r["name"], r["tablename"]): r for r in select(_TRIGGERS)}
    constraints = {(r["name"], r["tablename"]) for r in select(_CONSTRAINTS)}
    for model in apps.get_models():
        table = model._meta.db_table
        for trigger in getattr(model._meta, "triggers", ()):
            tally.rows["triggers and constraints"] += 1
            there = triggers.get((trigger.get_pgid(model), table))
            how = _trigger_differs(trigger, model, there)
            if how:
                yield Difference("guards", f"trigger: {trigger.name} on {table} {how}")
        for constraint in model._meta.constraints:
            tally.rows["triggers and constraints"] += 1
            if (constraint.name, table) not in constraints:
                yield Difference("guards", f"constraint: {constraint.name} on {table} is missing or does not hold")


def _trigger_differs(trigger: pgtrigger.Trigger, model: Any, there: dict[str, object] | None) -> str:
    if there is None:
        return "is missing"
    if there["enabled"] not in ("O", "A"):
        return "is switched off"
    declared, installed = (" ".join(str(text).split()) for text in (trigger.render_func(model), there["source"]))
    return "" if declared in installed else "does something else than it should"


_TRIGGERS = """
    SELECT t.tgname AS name, c.relname AS tablename, t.tgenabled AS enabled, p.prosrc AS source
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""
_CONSTRAINTS = """
    SELECT conname AS name, c.relname AS tablename FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.convalidated AND c.relnamespace = current_schema()::regnamespace
    UNION SELECT i.relname, c.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_class c ON c.oid = x.indrelid
    WHERE x.indisunique AND x.indisvalid AND c.relnamespace = current_schema()::regnamespace
"""

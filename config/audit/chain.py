"""The chain of what is not a lot's. `registered` is the trigger that a model of master data declares."""

import hashlib
from collections.abc import Iterator

import pgtrigger
from django.db import connection

from config.audit.models import RegistryFact


def registered(*, leave_out: tuple[str, ...] = ()) -> pgtrigger.Trigger:
    """Trigger that appends every insert, change and deletion of a row to the registry chain, without the named columns."""
    cut = "".join(f" - '{column}'" for column in leave_out)
    return pgtrigger.Trigger(
        name="registered",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'DELETE' THEN
                PERFORM audit_append_registry(TG_TABLE_NAME::text, OLD.id, 'delete', to_jsonb(OLD){cut});
            ELSIF TG_OP = 'INSERT' THEN
                PERFORM audit_append_registry(TG_TABLE_NAME::text, NEW.id, 'insert', to_jsonb(NEW){cut});
            ELSIF (to_jsonb(NEW){cut}) IS DISTINCT FROM (to_jsonb(OLD){cut}) THEN
                PERFORM audit_append_registry(TG_TABLE_NAME::text, NEW.id, 'update', to_jsonb(NEW){cut});
            END IF;
            RETURN NULL;
        """,
    )


def link(previous: bytes, *fields: object) -> bytes:
    """Hash of one fact: SHA-256 over the previous hash in hex and the fact's fields, joined by newlines, in UTF-8."""
    return hashlib.sha256("\n".join([previous.hex(), *map(str, fields)]).encode()).digest()


def differences() -> Iterator[str]:
    """Recompute the registry chain and yield a sentence for every place where it does not hold."""
    previous, expected = b"", 1
    for fact in RegistryFact.objects.order_by("seq").iterator(chunk_size=5000):
        if fact.seq != expected:
            yield f"registry chain: fact {expected} is missing before fact {fact.seq}"
        moment = fact.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        command = "" if fact.command_id is None else fact.command_id
        own = link(previous, fact.seq, fact.subject, fact.subject_id, fact.act, fact.body, command, moment)
        if own != bytes(fact.hash):
            yield f"registry chain: fact {fact.seq} ({fact.act} {fact.subject} {fact.subject_id}) does not match its hash"
        previous, expected = bytes(fact.hash), fact.seq + 1
    yield from _rows_that_differ()


def _rows_that_differ() -> Iterator[str]:
    """Yield a sentence for every registered row that is not what the last fact about it says."""
    for table, columns in registered_tables().items():
        cut = "".join(f" - '{column}'" for column in columns)
        with connection.cursor() as cursor:
            # The names come from the models' own declarations, never from outside.
            cursor.execute(
                f"""
                WITH last AS (
                    SELECT DISTINCT ON (subject_id) subject_id, act, body
                    FROM audit_registryfact WHERE subject = %s ORDER BY subject_id, seq DESC
                )
                SELECT coalesce(r.id, l.subject_id),
                       CASE WHEN r.id IS NULL THEN 'was deleted' WHEN l.subject_id IS NULL THEN 'has no fact'
                            ELSE 'was edited' END
                FROM "{table}" r FULL JOIN last l ON l.subject_id = r.id
                WHERE (r.id IS NULL AND l.act <> 'delete')
                   OR (r.id IS NOT NULL AND (l.act IS NULL OR l.act = 'delete'
                       OR NOT (to_jsonb(r){cut}) @> l.body::jsonb))
                ORDER BY 1
                """,
                [table],
            )
            for number, what in cursor.fetchall():
                yield f"registry: {table} {number} {what} outside the system"


def registered_tables() -> dict[str, tuple[str, ...]]:
    """Table name -> columns left out, for every model that declares the trigger."""
    from django.apps import apps  # at call time, when all models are loaded

    found = {}
    for model in apps.get_models():
        if any(trigger.name == "registered" for trigger in getattr(model._meta, "triggers", ())):
            found[model._meta.db_table] = tuple(getattr(model, "LEFT_OUT_OF_CHAIN", ()))
    return found

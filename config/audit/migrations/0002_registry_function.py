from django.db import migrations

CREATE = """
CREATE FUNCTION audit_append_registry(subject text, subject_id bigint, act text, body jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    -- One writer at a time: the chain has one end. Held to the end of the transaction; the ledger never takes it.
    PERFORM pg_advisory_xact_lock(7265001);
    INSERT INTO audit_registryfact (seq, subject, subject_id, act, body, command_id, recorded_at, hash)
    VALUES (0, subject, subject_id, act, body::text, nullif(current_setting('reserve.command', true), '')::bigint,
            clock_timestamp(), '');
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_commands_and_registry")]
    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION audit_append_registry(text, bigint, text, jsonb)"),
    ]

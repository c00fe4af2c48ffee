from django.db import migrations

APPEND_FACT = """
CREATE FUNCTION inventory_append_fact(lot bigint, kind text, row_id bigint, body jsonb) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO inventory_lotfact (lot_id, seq, kind, row_id, body, hash) VALUES (lot, 0, kind, row_id, body::text, '');
$$;
"""

# PostgreSQL's round() goes away from zero at the half; contained mass is rounded half-even.
CONTAINED = """
CREATE FUNCTION inventory_contained_mg(net_mg bigint, moisture numeric, fraction numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (trunc(exact) + CASE WHEN exact - trunc(exact) > 0.5
                                  OR (exact - trunc(exact) = 0.5 AND trunc(exact) % 2 = 1) THEN 1 ELSE 0 END)::bigint
    FROM (SELECT net_mg * (1 - moisture) * fraction AS exact) AS product;
$$;
"""

# A fact's text, if it still is JSON: verification has to name an edited one, not to stumble over it.
JSON = """
CREATE FUNCTION inventory_json(body text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN body::jsonb;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_catalogue_lots_positions"), ("audit", "0002_registry_function")]
    operations = [
        migrations.RunSQL(APPEND_FACT, "DROP FUNCTION inventory_append_fact(bigint, text, bigint, jsonb)"),
        migrations.RunSQL(CONTAINED, "DROP FUNCTION inventory_contained_mg(bigint, numeric, numeric)"),
        migrations.RunSQL(JSON, "DROP FUNCTION inventory_json(text)"),
        migrations.RunSQL("CREATE SEQUENCE inventory_lot_number", "DROP SEQUENCE inventory_lot_number"),
    ]

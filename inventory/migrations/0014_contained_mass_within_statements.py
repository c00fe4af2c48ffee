"""The same half-even rounding as one expression, which PostgreSQL takes into the statement instead of calling it for each row."""

from django.db import migrations

BEFORE = """
CREATE OR REPLACE FUNCTION inventory_contained_mg(net_mg bigint, moisture numeric, fraction numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (trunc(exact) + CASE WHEN exact - trunc(exact) > 0.5
                                  OR (exact - trunc(exact) = 0.5 AND trunc(exact) % 2 = 1) THEN 1 ELSE 0 END)::bigint
    FROM (SELECT net_mg * (1 - moisture) * fraction AS exact) AS product;
$$;
"""
AFTER = """
CREATE OR REPLACE FUNCTION inventory_contained_mg(net_mg bigint, moisture numeric, fraction numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (round(net_mg * (1 - moisture) * fraction)
            - CASE WHEN net_mg * (1 - moisture) * fraction % 1 = 0.5 AND round(net_mg * (1 - moisture) * fraction) % 2 = 1
                   THEN 1 ELSE 0 END)::bigint;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0013_issues_under_break_glass")]
    operations = [migrations.RunSQL(AFTER, BEFORE)]

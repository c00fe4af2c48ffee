import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0003_lot_list_orders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="assay",
            name="fractions_are_fractions",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="lot",
            name="identity_never_changes",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="lot",
            name="chained",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="anchor",
            trigger=pgtrigger.compiler.Trigger(
                name="linked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE last record;",
                    func="\n                    SELECT seq, hash INTO last FROM inventory_anchor ORDER BY seq DESC LIMIT 1;\n                    NEW.seq := coalesce(last.seq, 0) + 1;\n                    NEW.hash := sha256(convert_to(concat_ws(E'\\n', coalesce(encode(last.hash, 'hex'), ''), NEW.seq,\n                        to_char(NEW.made_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), NEW.body), 'UTF8'));\n                    RETURN NEW;\n                ",
                    hash="08c85e0445f34435c471341a1723be484a9dcbd8",
                    operation="INSERT",
                    pgid="pgtrigger_linked_271dd",
                    table="inventory_anchor",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assay",
            trigger=pgtrigger.compiler.Trigger(
                name="fractions_are_fractions",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF EXISTS (SELECT 1 FROM jsonb_each_text(NEW.fractions)\n                               WHERE value IS NULL OR value !~ '^[01](\\.[0-9]{1,10})?$'\n                                  OR value::numeric <= 0 OR value::numeric > 1\n                                  OR NOT EXISTS (SELECT 1 FROM inventory_element e WHERE e.symbol = key))\n                       OR (SELECT coalesce(sum(value::numeric), 0) FROM jsonb_each_text(NEW.fractions)) > 1 THEN\n                        RAISE EXCEPTION 'fractions_are_fractions: %', NEW.fractions USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="f471e04c1ae50f9ae19564ae0be780433550d1a8",
                    operation="INSERT",
                    pgid="pgtrigger_fractions_are_fractions_56b17",
                    table="inventory_assay",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="element",
            trigger=pgtrigger.compiler.Trigger(
                name="symbol_never_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."symbol" IS DISTINCT FROM (NEW."symbol"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="e959a8d8970f51c6ffd21e7ece55211cf877c4e1",
                    operation="UPDATE",
                    pgid="pgtrigger_symbol_never_changes_3eed5",
                    table="inventory_element",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="location",
            trigger=pgtrigger.compiler.Trigger(
                name="place_never_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="55c565743b91f5979009794be65c22f757d788e4",
                    operation="UPDATE",
                    pgid="pgtrigger_place_never_changes_b4748",
                    table="inventory_location",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lot",
            trigger=pgtrigger.compiler.Trigger(
                name="identity_never_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."number_key" IS DISTINCT FROM (NEW."number_key") OR OLD."material_id" IS DISTINCT FROM (NEW."material_id") OR OLD."supplier_lot" IS DISTINCT FROM (NEW."supplier_lot") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at") OR OLD."received_by_id" IS DISTINCT FROM (NEW."received_by_id") OR OLD."command_id" IS DISTINCT FROM (NEW."command_id") OR OLD."expires_on" IS DISTINCT FROM (NEW."expires_on"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="0f88e6d3c391e47c59b0a42e3aec7563e29c2fb4",
                    operation="UPDATE",
                    pgid="pgtrigger_identity_never_changes_d485a",
                    table="inventory_lot",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lot",
            trigger=pgtrigger.compiler.Trigger(
                name="chained",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM inventory_append_fact(NEW.id, 'lot', NEW.id, jsonb_build_object('number', NEW.number, 'number_key', NEW.number_key, 'material_id', NEW.material_id, 'supplier_lot', NEW.supplier_lot, 'received_at', NEW.received_at, 'received_by_id', NEW.received_by_id, 'command_id', NEW.command_id, 'expires_on', NEW.expires_on, 'first_retest_due_on', NEW.retest_due_on)); RETURN NULL;",
                    hash="bb3231fdb4a670632431e661aea85530a6aa21c3",
                    operation="INSERT",
                    pgid="pgtrigger_chained_ffff5",
                    table="inventory_lot",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="movement",
            trigger=pgtrigger.compiler.Trigger(
                name="two_people_agreed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"kind\" IN ('adjust', 'reverse', 'issue'))",
                    func="\n        IF NOT EXISTS (\n            SELECT 1 FROM approvals_decision d JOIN approvals_request r ON r.id = d.request_id\n            WHERE d.command_id = NEW.command_id AND d.agreed\n              AND r.needed <= (SELECT count(*) FROM approvals_decision o WHERE o.request_id = r.id AND o.agreed)) THEN\n            RAISE EXCEPTION 'two_people_agreed: % of lot % in command %, which approves nothing',\n                NEW.kind, NEW.lot_id, NEW.command_id USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="6636c1635f8580e46be651f3b60d7ac9d49c7f4c",
                    operation="INSERT",
                    pgid="pgtrigger_two_people_agreed_3acdc",
                    table="inventory_movement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="movement",
            trigger=pgtrigger.compiler.Trigger(
                name="reversal_mirrors_the_reversed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"kind\" = 'reverse')",
                    func="\n        IF NOT EXISTS (\n            SELECT 1 FROM inventory_movement o\n            WHERE o.id = NEW.reverses_id AND o.kind <> 'reverse' AND o.lot_id = NEW.lot_id AND o.net_mg = NEW.net_mg\n              AND o.origin_id = NEW.destination_id AND o.destination_id = NEW.origin_id\n              AND o.occurred_at = NEW.occurred_at) THEN\n            RAISE EXCEPTION 'reversal_mirrors_the_reversed: movement %', NEW.reverses_id\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="e8d72a397fa88a18e890a589e69863c8f27face0",
                    operation="INSERT",
                    pgid="pgtrigger_reversal_mirrors_the_reversed_219b7",
                    table="inventory_movement",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="movement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("entered_quantity__isnull", True), ("entered_unit", "")),
                    models.Q(
                        ("entered_quantity__gt", 0),
                        ("entered_quantity__isnull", False),
                        ("entered_quantity__lt", 1000000000000000000),
                        models.Q(("entered_unit", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="movement_entered_mass_is_a_mass",
            ),
        ),
        migrations.AddConstraint(
            model_name="retest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("passed", False),
                    ("next_due_on__isnull", True),
                    ("next_due_on__gt", models.F("performed_on")),
                    _connector="OR",
                ),
                name="retest_sets_a_later_day",
            ),
        ),
    ]

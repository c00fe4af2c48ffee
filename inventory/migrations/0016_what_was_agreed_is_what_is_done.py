"""What two people agreed to is what is done: the trigger holds the movement against the request."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0006_break_glass"),
        ("inventory", "0015_lots_by_material_and_due_day"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="movement",
            name="two_people_agreed",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="movement",
            trigger=pgtrigger.compiler.Trigger(
                name="two_people_agreed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"kind\" IN ('adjust', 'reverse', 'issue'))",
                    func="\n        IF EXISTS (\n            SELECT 1 FROM inventory_movement o WHERE o.lot_id = NEW.lot_id AND o.kind = NEW.kind\n              AND o.command_id = NEW.command_id AND o.id <> NEW.id) OR NOT EXISTS (\n            SELECT 1 FROM approvals_decision d JOIN approvals_request r ON r.id = d.request_id\n            WHERE d.command_id = NEW.command_id AND d.agreed AND r.kind = 'inventory.' || NEW.kind\n              AND r.subject = (SELECT number FROM inventory_lot WHERE id = NEW.lot_id)\n              AND CASE NEW.kind WHEN 'reverse' THEN r.body ->> 'movement' = NEW.reverses_id::text\n                  ELSE r.body -> 'net' ->> 2 = NEW.net_mg::text\n                       AND coalesce(r.body ->> 'location', r.body ->> 'origin') = (\n                           SELECT code FROM inventory_location WHERE id = CASE r.body ->> 'gain'\n                               WHEN 'true' THEN NEW.destination_id ELSE NEW.origin_id END)\n                  END\n              AND greatest(r.needed, CASE NEW.kind WHEN 'issue' THEN 2 ELSE 1 END)\n                  <= (SELECT count(*) FROM approvals_decision o WHERE o.request_id = r.id AND o.agreed))\n        AND NOT (NEW.kind = 'issue' AND EXISTS (\n            SELECT 1 FROM approvals_breakglass b JOIN approvals_request r ON r.id = b.request_id\n            WHERE b.command_id = NEW.command_id AND r.kind = 'inventory.' || NEW.kind\n              AND r.subject = (SELECT number FROM inventory_lot WHERE id = NEW.lot_id)\n              AND CASE NEW.kind WHEN 'reverse' THEN r.body ->> 'movement' = NEW.reverses_id::text\n                  ELSE r.body -> 'net' ->> 2 = NEW.net_mg::text\n                       AND coalesce(r.body ->> 'location', r.body ->> 'origin') = (\n                           SELECT code FROM inventory_location WHERE id = CASE r.body ->> 'gain'\n                               WHEN 'true' THEN NEW.destination_id ELSE NEW.origin_id END)\n                  END)) THEN\n            RAISE EXCEPTION 'two_people_agreed: % of lot % in command %, which approves no such thing',\n                NEW.kind, NEW.lot_id, NEW.command_id USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="4d7281285fcd1574d32a80eb4c00fd105ea50537",
                    operation="INSERT",
                    pgid="pgtrigger_two_people_agreed_3acdc",
                    table="inventory_movement",
                    when="BEFORE",
                ),
            ),
        ),
    ]

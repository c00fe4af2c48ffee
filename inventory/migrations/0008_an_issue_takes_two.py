"""An issue takes two who agreed whatever its request says: the trigger counts them."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0007_sites_lie_on_earth"),
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
                    func="\n        IF NOT EXISTS (\n            SELECT 1 FROM approvals_decision d JOIN approvals_request r ON r.id = d.request_id\n            WHERE d.command_id = NEW.command_id AND d.agreed\n              AND greatest(r.needed, CASE NEW.kind WHEN 'issue' THEN 2 ELSE 1 END)\n                  <= (SELECT count(*) FROM approvals_decision o WHERE o.request_id = r.id AND o.agreed)) THEN\n            RAISE EXCEPTION 'two_people_agreed: % of lot % in command %, which approves nothing',\n                NEW.kind, NEW.lot_id, NEW.command_id USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="0b432dee017114bdfc866ce08a1794f87ec93cd7",
                    operation="INSERT",
                    pgid="pgtrigger_two_people_agreed_3acdc",
                    table="inventory_movement",
                    when="BEFORE",
                ),
            ),
        ),
    ]

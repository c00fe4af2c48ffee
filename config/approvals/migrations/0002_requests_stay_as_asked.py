import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0001_requests_and_decisions"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="624dbcc2c6cc43a22f40bf5e92a158287ede173d",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_fdcc7",
                    table="approvals_request",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'no_truncate: rows of % are never removed', TG_TABLE_NAME;",
                    hash="d50e14b3f9705b8d356c0a3a0b7fd1d8cfc9d2db",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_eb380",
                    table="approvals_request",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="question_never_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."site_code" IS DISTINCT FROM (NEW."site_code") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."requester_id" IS DISTINCT FROM (NEW."requester_id") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."needed" IS DISTINCT FROM (NEW."needed") OR OLD."command_id" IS DISTINCT FROM (NEW."command_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="25a6cd4cacfaa8eeb79d03b60a6ea5f805335742",
                    operation="UPDATE",
                    pgid="pgtrigger_question_never_changes_4a7a2",
                    table="approvals_request",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="settled_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (OLD.\"state\" = 'pending'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="454efe9d87cee0987712de2e554ca54ead006257",
                    operation="UPDATE",
                    pgid="pgtrigger_settled_once_b8557",
                    table="approvals_request",
                    when="BEFORE",
                ),
            ),
        ),
    ]

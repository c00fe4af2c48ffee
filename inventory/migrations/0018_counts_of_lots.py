import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0017_facts_of_what_was_frozen_before"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Count",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("counted_mg", models.BigIntegerField()),
                ("entered_quantity", models.DecimalField(decimal_places=12, max_digits=30)),
                ("entered_unit", models.CharField(max_length=12)),
                ("book_mg", models.BigIntegerField()),
                (
                    "seals",
                    models.CharField(
                        choices=[
                            ("intact", "All seals intact"),
                            ("broken", "A seal broken or missing"),
                            ("none", "It bears no seals"),
                        ],
                        max_length=6,
                    ),
                ),
                ("remarks", models.CharField(blank=True, max_length=1000)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("command_id", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="balance",
            name="arrived_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="balance",
            name="counted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="balance",
            name="variance_mg",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.CheckConstraint(
                condition=models.Q(("variance_mg", 0), ("counted_at__isnull", False), _connector="OR"),
                name="balance_variance_is_of_a_count",
            ),
        ),
        migrations.AddField(
            model_name="count",
            name="actor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="count",
            name="location",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.location"
            ),
        ),
        migrations.AddField(
            model_name="count",
            name="lot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="counts", to="inventory.lot"
            ),
        ),
        migrations.AddField(
            model_name="balance",
            name="known_at",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Greatest("arrived_at", "counted_at"),
                output_field=models.DateTimeField(null=True),
            ),
        ),
        migrations.AddIndex(
            model_name="balance",
            index=models.Index(
                condition=models.Q(("net_mg__gt", 0)), fields=["known_at", "id"], name="balance_by_round"
            ),
        ),
        migrations.AddIndex(
            model_name="balance",
            index=models.Index(
                condition=models.Q(("variance_mg", 0), _negated=True),
                fields=["known_at", "id"],
                name="balance_with_variance",
            ),
        ),
        migrations.AddIndex(
            model_name="count",
            index=models.Index(fields=["-occurred_at", "-id"], name="count_by_moment"),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted_mg__gte", 0), ("book_mg__gte", 0)), name="count_masses_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.CheckConstraint(
                condition=models.Q(("seals__in", ["intact", "broken", "none"])), name="count_seals_are_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("entered_quantity__gte", 0),
                    ("entered_quantity__lt", 1000000000000000000),
                    models.Q(("entered_unit", ""), _negated=True),
                ),
                name="count_entered_mass_is_a_mass",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="count",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8f70f76196a591fe9351a3b533c2ff3a58d5ea21",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f6b12",
                    table="inventory_count",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="count",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'no_truncate: rows of % are never removed', TG_TABLE_NAME;",
                    hash="5290d2fbe6fea4c77752e8fb5f43d6c336bd0c1a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_474f9",
                    table="inventory_count",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="count",
            trigger=pgtrigger.compiler.Trigger(
                name="chained",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM inventory_append_fact(NEW.lot_id, 'count', NEW.id, to_jsonb(NEW)); RETURN NULL;",
                    hash="bece95b30cf73a456b6a561f0a8366a093e112ac",
                    operation="INSERT",
                    pgid="pgtrigger_chained_cc002",
                    table="inventory_count",
                    when="AFTER",
                ),
            ),
        ),
    ]

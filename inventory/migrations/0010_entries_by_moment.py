import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0009_facts_of_freezing")]
    operations = [
        migrations.AddIndex(
            model_name="positionentry",
            index=django.contrib.postgres.indexes.BrinIndex(
                django.contrib.postgres.indexes.OpClass("occurred_at", "timestamptz_minmax_multi_ops"),
                name="position_entry_by_moment",
            ),
        ),
    ]

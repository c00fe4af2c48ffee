import datetime

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Coalesce, Lower


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_ledger_functions")]
    operations = [
        migrations.RemoveIndex(model_name="lot", name="lot_supplier_lot_prefix"),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    Lower(
                        models.Func(
                            models.F("supplier_lot"),
                            output_field=models.TextField(),
                            template="normalize(%(expressions)s, NFKC)",
                        )
                    ),
                    "text_pattern_ops",
                ),
                name="lot_supplier_key_prefix",
            ),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                Coalesce(
                    "eligible_until",
                    models.Value(datetime.date(9999, 12, 31), output_field=models.DateField()),
                ),
                models.F("id"),
                name="lot_by_due_day",
            ),
        ),
    ]

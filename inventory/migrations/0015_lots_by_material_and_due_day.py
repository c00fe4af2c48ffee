import datetime

import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0014_contained_mass_within_statements"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                models.F("material"),
                django.db.models.functions.comparison.Coalesce(
                    "eligible_until", models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())
                ),
                models.F("id"),
                name="lot_by_material_and_due_day",
            ),
        ),
    ]

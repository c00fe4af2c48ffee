import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0006_position_months"),
        ("procurement", "0005_orders_approved_under_a_loan"),
    ]

    operations = [
        migrations.CreateModel(
            name="OriginSum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mass_mg", models.BigIntegerField()),
                ("lots", models.BigIntegerField()),
                ("covered_entry", models.BigIntegerField()),
                (
                    "element",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.element"
                    ),
                ),
                (
                    "material",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.material"
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procurement.supplier",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["covered_entry"], name="origin_sum_covered")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("element", "material", "supplier"), name="origin_sum_key", nulls_distinct=False
                    )
                ],
            },
        ),
    ]

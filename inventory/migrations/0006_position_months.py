"""Entries summed by key and month: a shortcut for reading months, made anew each night."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0005_frozen_lots_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="PositionMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("store", "Store"),
                            ("quarantine", "Quarantine"),
                            ("transit", "Transit"),
                            ("processor", "Processor"),
                            ("borrower", "Borrower"),
                            ("supplier", "Supplier"),
                            ("consumer", "Consumer"),
                            ("process", "Process"),
                            ("sample", "Sample"),
                            ("loss", "Loss"),
                            ("gain", "Gain"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "condition",
                    models.CharField(
                        choices=[
                            ("A", "Issuable without qualification"),
                            ("B", "Issuable with qualification"),
                            ("C", "Priority issue"),
                            ("D", "Needs test or modification"),
                            ("E", "Limited restoration"),
                            ("F", "Reparable"),
                            ("G", "Incomplete"),
                            ("H", "Condemned"),
                            ("J", "Suspended"),
                            ("K", "Returned, to be classified"),
                            ("L", "In dispute"),
                            ("M", "In work at a processor"),
                            ("Q", "Quality deficient"),
                            ("S", "Scrap"),
                        ],
                        max_length=1,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("unknown", "Not proven"), ("compliant", "Compliant"), ("barred", "Barred")],
                        max_length=9,
                    ),
                ),
                ("month", models.DateField()),
                ("mass_mg", models.BigIntegerField()),
                ("free_mg", models.BigIntegerField()),
                ("covered_entry", models.BigIntegerField()),
                (
                    "element",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.element"
                    ),
                ),
                (
                    "material",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.material"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.site"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["covered_entry"], name="position_month_covered")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("material", "element", "month", "site", "place", "condition", "verdict"),
                        name="position_month_key",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]

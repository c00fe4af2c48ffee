from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_ledger_guards")]
    operations = [
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(("frozen_at__isnull", False)), fields=["-received_at", "-id"], name="lot_frozen"
            ),
        ),
    ]

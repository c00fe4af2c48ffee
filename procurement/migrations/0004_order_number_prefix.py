import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("procurement", "0003_event_net_mass")]
    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(Upper("number"), "text_pattern_ops"),
                name="order_number_prefix",
            ),
        ),
    ]

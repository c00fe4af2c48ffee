from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0010_entries_by_moment")]
    operations = [
        migrations.AddField(model_name="positionmonth", name="lots", field=models.BigIntegerField(default=0)),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reserve", "0002_rotation")]

    operations = [
        migrations.AddIndex(
            model_name="rotation",
            index=models.Index(fields=["due_on", "id"], name="rotation_by_day"),
        ),
    ]

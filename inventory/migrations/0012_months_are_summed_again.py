"""The sums by month were made without counting lots. Until the next night makes them anew, readers add up the entries."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0011_months_count_lots")]
    operations = [migrations.RunSQL("DELETE FROM inventory_positionmonth", migrations.RunSQL.noop)]

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("procurement", "0001_suppliers_and_orders")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE procurement_order_number", "DROP SEQUENCE procurement_order_number"),
    ]

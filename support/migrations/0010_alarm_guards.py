from django.db import migrations

from support.guards import sql


class Migration(migrations.Migration):
    dependencies = [("support", "0009_alarms")]

    operations = [migrations.RunSQL(*sql("alarms"))]

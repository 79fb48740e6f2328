from django.db import migrations

from support.guards import sql


class Migration(migrations.Migration):
    dependencies = [("support", "0028_waits_until")]

    operations = [migrations.RunSQL(*sql("history_of_now"))]

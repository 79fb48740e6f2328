from django.db import migrations

from support.guards import sql


class Migration(migrations.Migration):
    dependencies = [("support", "0014_call_log")]

    operations = [migrations.RunSQL(*sql("calls"))]

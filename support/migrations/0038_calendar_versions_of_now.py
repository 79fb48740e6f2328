from django.db import migrations

from support.guards import sql


class Migration(migrations.Migration):
    dependencies = [("support", "0037_instants_that_pages_can_show")]

    operations = [migrations.RunSQL(*sql("calendar_versions"))]

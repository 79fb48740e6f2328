from django.db import migrations

from support.guards import sql


class Migration(migrations.Migration):
    dependencies = [("support", "0020_calendar_moves")]

    operations = [migrations.RunSQL(*sql("calendar_moves"))]

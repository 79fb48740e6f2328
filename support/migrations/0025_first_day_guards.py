from django.db import migrations

from support.guards import sql


class Migration(migrations.Migration):
    dependencies = [("support", "0024_first_day")]

    operations = [migrations.RunSQL(*sql("first_day"))]

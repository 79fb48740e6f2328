from django.db import migrations

from support.guards import sql


class Migration(migrations.Migration):
    dependencies = [("support", "0004_tickets")]

    operations = [migrations.RunSQL(*sql("tickets"))]

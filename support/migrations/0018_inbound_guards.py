from django.db import migrations

from support.guards import sql


class Migration(migrations.Migration):
    dependencies = [("support", "0017_inbound_mail")]

    operations = [migrations.RunSQL(*sql("inbound"))]

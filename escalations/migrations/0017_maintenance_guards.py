from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0016_maintenance")]

    operations = [migrations.RunSQL(*sql("maintenance", GUARDS))]

from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0018_incident_reports")]

    operations = [migrations.RunSQL(*sql("reports", GUARDS))]

from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [("billing", "0037_stopped_timers")]

    operations = [migrations.RunSQL(*sql("stops", GUARDS))]

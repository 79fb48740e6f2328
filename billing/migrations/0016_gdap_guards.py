from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [("billing", "0015_gdap_relationships")]

    operations = [migrations.RunSQL(*sql("gdap_acts", GUARDS))]

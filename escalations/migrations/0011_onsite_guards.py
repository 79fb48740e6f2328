from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0010_onsite")]

    operations = [migrations.RunSQL(*sql("onsite", GUARDS))]

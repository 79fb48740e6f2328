from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0012_regions_and_handoffs")]

    operations = [migrations.RunSQL(*sql("regions", GUARDS)), migrations.RunSQL(*sql("handoffs", GUARDS))]

from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0031_visitors_one_by_one")]

    operations = [migrations.RunSQL(*sql("onsite_visitors", GUARDS))]

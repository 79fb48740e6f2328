from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0004_vendor_cases"), ("billing", "0028_scope_holds")]

    operations = [migrations.RunSQL(*sql("vendors", GUARDS))]

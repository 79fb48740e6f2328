from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0028_vendor_numbers")]

    operations = [migrations.RunSQL(functions("onsite", GUARDS), migrations.RunSQL.noop)]

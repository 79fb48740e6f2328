from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0020_vendor_guards_by_the_list")]

    operations = [
        migrations.RemoveConstraint("maintenancestop", "ticket_stopped_once"),
        migrations.RunSQL(functions("maintenance", GUARDS), migrations.RunSQL.noop),
    ]

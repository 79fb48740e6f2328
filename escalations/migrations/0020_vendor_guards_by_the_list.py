from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0019_report_guards")]

    operations = [migrations.RunSQL(functions("vendors", GUARDS), migrations.RunSQL.noop)]

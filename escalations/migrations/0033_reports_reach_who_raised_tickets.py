from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0032_visitor_guards")]

    operations = [
        migrations.RunSQL(functions("reports", GUARDS), migrations.RunSQL.noop),
    ]

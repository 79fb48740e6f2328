from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0002_guards"), ("support", "0022_guards_read_committed")]

    operations = [migrations.RunSQL(functions("ladder", GUARDS), migrations.RunSQL.noop)]

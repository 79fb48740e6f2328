from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [("billing", "0009_guards_read_committed")]

    operations = [migrations.RunSQL(functions("time", GUARDS), migrations.RunSQL.noop)]

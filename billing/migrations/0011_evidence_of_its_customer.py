from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [("billing", "0010_no_work_after_the_end")]

    operations = [migrations.RunSQL(functions("evidence", GUARDS), migrations.RunSQL.noop)]

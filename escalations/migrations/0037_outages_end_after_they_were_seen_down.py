from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0036_outages_of_nobody")]

    operations = [migrations.RunSQL(functions("outages", GUARDS), migrations.RunSQL.noop)]

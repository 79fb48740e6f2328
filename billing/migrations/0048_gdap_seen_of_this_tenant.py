from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("billing", "0047_number_and_date_of_one_instant")]

    operations = [migrations.RunSQL(functions("gdap", GUARDS), migrations.RunSQL.noop)]

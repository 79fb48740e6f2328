from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [("billing", "0040_accredited_partners")]

    operations = [migrations.RunSQL(functions("offers", GUARDS), migrations.RunSQL.noop)]

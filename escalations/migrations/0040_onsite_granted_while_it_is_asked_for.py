from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0039_handoffs_to_who_is_of_the_desk")]

    operations = [migrations.RunSQL(functions("onsite", GUARDS), migrations.RunSQL.noop)]

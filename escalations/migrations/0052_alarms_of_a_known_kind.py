from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0051_alarms_of_hand_offs_that_stand")]

    operations = [migrations.RunSQL(functions("handoffs", GUARDS), migrations.RunSQL.noop)]

from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0045_handoffs_where_hours_begin_again")]

    operations = [migrations.RunSQL(functions("handoffs", GUARDS), migrations.RunSQL.noop)]

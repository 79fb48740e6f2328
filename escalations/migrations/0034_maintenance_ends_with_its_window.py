from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0033_reports_reach_who_raised_tickets"),
        ("support", "0028_waits_until"),
    ]

    operations = [migrations.RunSQL(functions("maintenance", GUARDS), migrations.RunSQL.noop)]

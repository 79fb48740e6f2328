from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0047_number_and_date_of_one_instant"),
        ("escalations", "0037_outages_end_after_they_were_seen_down"),
    ]

    operations = [migrations.RunSQL(*sql("holders", GUARDS))]

from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0047_number_and_date_of_one_instant"),
        ("escalations", "0040_onsite_granted_while_it_is_asked_for"),
    ]

    operations = [migrations.RunSQL(*sql("holders", GUARDS))]

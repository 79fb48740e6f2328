from pathlib import Path

from django.db import migrations

from support.guards import functions, sql

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0049_currencies_with_cents"),
        ("escalations", "0043_holders_wait_for_what_hangs_on"),
        ("support", "0033_management_is_told_once_a_cycle"),
    ]

    operations = [
        migrations.RunSQL(*sql("held", GUARDS)),
        *(
            migrations.RunSQL(functions(name, GUARDS), migrations.RunSQL.noop)
            for name in ("holders", "outages", "maintenance")
        ),
    ]

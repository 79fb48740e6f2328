from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"
REVOKED = "REVOKE EXECUTE ON FUNCTION outage_of_nobody FROM PUBLIC"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0035_who_was_told_is_told_of_the_move")]

    operations = [
        migrations.RunSQL(functions("outages", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(REVOKED, migrations.RunSQL.noop),
    ]

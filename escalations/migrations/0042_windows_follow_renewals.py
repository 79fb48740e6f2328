from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"
RIGHTS = (
    "REVOKE EXECUTE ON FUNCTION contract_goes_on FROM PUBLIC;"
    "GRANT EXECUTE ON FUNCTION contract_goes_on TO countersign_app"
)


class Migration(migrations.Migration):
    dependencies = [("escalations", "0041_contracts_keep_their_holder")]

    operations = [
        migrations.RunSQL(functions("maintenance", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]

from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("billing", "0050_disabled_companies_and_tenants_of_then")]

    operations = [
        migrations.RunSQL(functions("approvals", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(
            "REVOKE EXECUTE ON FUNCTION offer_seems_to_lack FROM PUBLIC;"
            "GRANT EXECUTE ON FUNCTION offer_seems_to_lack TO countersign_app",
            migrations.RunSQL.noop,
        ),
    ]

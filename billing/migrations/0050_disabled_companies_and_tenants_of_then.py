from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("billing", "0049_currencies_with_cents")]

    operations = [
        migrations.RunSQL(functions("offers", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(functions("approvals", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(functions("engagements", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(functions("gdap", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL("DROP FUNCTION IF EXISTS tenant_changed_at", migrations.RunSQL.noop),
    ]

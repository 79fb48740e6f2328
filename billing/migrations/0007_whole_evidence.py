from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parents[1] / "guards"
OLD = "DROP FUNCTION IF EXISTS evidence_of(text, bigint); DROP FUNCTION IF EXISTS evidence_of_offer(bigint)"


class Migration(migrations.Migration):
    """Links tell all terms and all joins from here on, and are looked for when their rows are gone."""

    dependencies = [("billing", "0006_drafts_keep_their_head")]

    operations = [
        *(
            migrations.RunSQL(functions(name, GUARDS), migrations.RunSQL.noop)
            for name in ("offers", "approvals", "evidence")
        ),
        migrations.RunSQL(OLD, migrations.RunSQL.noop),
    ]

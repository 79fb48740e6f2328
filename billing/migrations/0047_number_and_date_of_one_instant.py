from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("billing", "0046_engagement_history")]

    operations = [migrations.RunSQL(functions("invoices", GUARDS), migrations.RunSQL.noop)]

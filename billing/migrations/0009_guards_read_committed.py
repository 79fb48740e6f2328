from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parents[1] / "guards"
RENEWED = ["engagements", "offers", "approvals", "months", "time", "invoices", "exports", "sellers"]


class Migration(migrations.Migration):
    dependencies = [("billing", "0008_signed_anew"), ("support", "0022_guards_read_committed")]

    operations = [migrations.RunSQL(functions(name, GUARDS), migrations.RunSQL.noop) for name in RENEWED]

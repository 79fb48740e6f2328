from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parents[1] / "guards"
ORDER = ["engagements", "offers", "approvals", "evidence", "gdap", "months", "time", "invoices", "exports"]


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunSQL(*sql(name, GUARDS)) for name in ORDER]

from pathlib import Path

from django.db import migrations

from support.guards import functions, sql

GUARDS = Path(__file__).parents[1] / "guards"
RENEWED = ["offers", "approvals", "time"]


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_plurals"), ("support", "0007_desk_guards")]

    operations = [
        *(migrations.RunSQL(functions(name, GUARDS), migrations.RunSQL.noop) for name in RENEWED),
        migrations.RunSQL(*sql("sellers", GUARDS)),
    ]

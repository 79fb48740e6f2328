from pathlib import Path

from django.db import migrations

from support.guards import functions, sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [("billing", "0038_stopped_timer_guards")]

    operations = [
        migrations.RunSQL(*sql("listed", GUARDS)),
        *(
            migrations.RunSQL(functions(name, GUARDS), migrations.RunSQL.noop)
            for name in ("ways", "engagements")
        ),
    ]

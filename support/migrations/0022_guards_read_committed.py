from django.db import migrations

from support.guards import functions


class Migration(migrations.Migration):
    dependencies = [("support", "0021_calendar_move_guards")]

    operations = [
        migrations.RunSQL(functions(name), migrations.RunSQL.noop) for name in ("now", "desk", "tickets")
    ]

from django.db import migrations

from support.guards import functions


class Migration(migrations.Migration):
    dependencies = [("support", "0038_calendar_versions_of_now")]

    operations = [
        migrations.RunSQL(functions("calendar_versions"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "REVOKE EXECUTE ON FUNCTION are_windows, is_a_day, is_said, calendar_flaw FROM PUBLIC",
            migrations.RunSQL.noop,
        ),
    ]

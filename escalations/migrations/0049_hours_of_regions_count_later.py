from pathlib import Path

from django.db import migrations, models

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0048_acceptances_that_hold")]

    operations = [
        migrations.RunSQL(functions("handoffs", GUARDS), migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="historicalregion",
            name="calendar",
            field=models.SlugField(
                help_text="Its hours, by the calendar’s name. Another one counts from the second midnight on, in UTC.",
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="region",
            name="calendar",
            field=models.SlugField(
                help_text="Its hours, by the calendar’s name. Another one counts from the second midnight on, in UTC.",
                max_length=60,
            ),
        ),
    ]

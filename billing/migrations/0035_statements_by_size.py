from pathlib import Path

from django.db import migrations, models

from support.guards import functions

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0034_billed_minimums"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalratecard",
            name="statement_above",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Minutes, estimated or offered with what is approved already, above which the work has to be written out. Empty: never.",
                null=True,
                verbose_name="statement of work above",
            ),
        ),
        migrations.AlterField(
            model_name="ratecard",
            name="statement_above",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Minutes, estimated or offered with what is approved already, above which the work has to be written out. Empty: never.",
                null=True,
                verbose_name="statement of work above",
            ),
        ),
        migrations.RunSQL(functions("statements", GUARDS), migrations.RunSQL.noop),
    ]

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from support.guards import functions, sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0027_one_number_one_invoice"),
        ("support", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "waystep",
            "wait",
            models.ForeignKey(
                help_text="Of an estimate: in which the purchase order is awaited.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="support.wait",
            ),
        ),
        migrations.AddField(
            "waystep",
            "owed",
            models.CharField(
                blank=True, help_text="What the customer owed when that wait began.", max_length=200
            ),
        ),
        *(
            migrations.RunSQL(functions(name, GUARDS), migrations.RunSQL.noop)
            for name in ("offers", "engagements")
        ),
        *(migrations.RunSQL(*sql(name, GUARDS)) for name in ("scope", "corrections")),
    ]

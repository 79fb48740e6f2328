from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from support.guards import functions, sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0033_minimum_charges"),
    ]

    operations = [
        migrations.AddField(
            "invoiceline",
            "for_good",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="Of a credit: what it undoes is not billed again. Time is cancelled instead.",
            ),
        ),
        migrations.AddConstraint(
            "invoiceline",
            models.CheckConstraint(
                condition=models.Q(("for_good", False), ("kind", "credit"), _connector="OR"),
                name="only_a_credit_is_for_good",
            ),
        ),
        migrations.CreateModel(
            name="BilledMinimum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "charged",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="What its lines of time and surcharges come to.",
                        max_digits=12,
                    ),
                ),
                (
                    "credited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.invoiceline",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topped_up",
                        to="billing.engagement",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topped_up",
                        to="billing.invoiceline",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "billed minimums",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("credited_by", None)),
                        fields=("engagement",),
                        name="minimum_on_one_live_line",
                    )
                ],
            },
        ),
        migrations.RunSQL(*sql("minimums", GUARDS)),
        *(
            migrations.RunSQL(functions(name, GUARDS), migrations.RunSQL.noop)
            for name in ("time", "invoices", "fixed")
        ),
    ]

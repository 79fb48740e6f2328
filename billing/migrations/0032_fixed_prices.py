from decimal import Decimal
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from support.guards import functions, sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0031_surcharged_time"),
        ("support", "0025_first_day_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="BilledDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "billed deliveries",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor_kind", models.CharField(editable=False, max_length=8)),
                ("actor_id", models.BigIntegerField(editable=False, null=True)),
                ("actor_name", models.CharField(editable=False, max_length=200)),
                ("text", models.TextField(help_text="What was handed over, and to whom.")),
                (
                    "delivered_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "ordering": ["-delivered_at", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="offer",
            name="offer_means_something",
        ),
        migrations.AddField(
            model_name="offer",
            name="fixed_for",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="offer",
            name="fixed_price",
            field=models.DecimalField(
                db_default=Decimal("0"),
                decimal_places=2,
                default=Decimal("0"),
                help_text="Of the statement of work, billed once as it is delivered; then nothing is by the hour.",
                max_digits=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gt", 0),
                    ("increment__gt", 0),
                    ("rate__gt", 0),
                    models.Q(
                        models.Q(("cap__gt", 0), ("fixed_for", ""), ("fixed_price", 0)),
                        models.Q(
                            ("cap", 0),
                            ("fixed_price__gt", 0),
                            ("in_hours", None),
                            ("statement__isnull", False),
                            ("visits", 0),
                            models.Q(("fixed_for", ""), _negated=True),
                        ),
                        _connector="OR",
                    ),
                ),
                name="offer_means_something",
            ),
        ),
        migrations.AddField(
            model_name="billeddelivery",
            name="credited_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.invoiceline",
            ),
        ),
        migrations.AddField(
            model_name="billeddelivery",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delivered",
                to="billing.invoiceline",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="approval",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="delivery", to="billing.approval"
            ),
        ),
        migrations.AddField(
            model_name="billeddelivery",
            name="delivery",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="billed", to="billing.delivery"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="deliveries_say_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="billeddelivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("credited_by", None)),
                fields=("delivery",),
                name="delivery_on_one_live_line",
            ),
        ),
        migrations.RunSQL(*sql("fixed", GUARDS)),
        *(
            migrations.RunSQL(functions(name, GUARDS), migrations.RunSQL.noop)
            for name in ("time", "invoices", "evidence")
        ),
    ]

from pathlib import Path

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.db import migrations, models

import support.models.customers
import support.models.tracked
from support.guards import functions, sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0018_invoice_notes"),
        ("support", "0023_tenants"),
    ]

    operations = [
        migrations.AddField(
            model_name="contractrate",
            name="order_needed",
            field=models.BooleanField(
                default=False,
                help_text="Each line of its invoices names one; time without one waits for it.",
                verbose_name="purchase order needed",
            ),
        ),
        migrations.AddField(
            model_name="historicalcontractrate",
            name="order_needed",
            field=models.BooleanField(
                default=False,
                help_text="Each line of its invoices names one; time without one waits for it.",
                verbose_name="purchase order needed",
            ),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="purchase_order",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Its number, as it was when this was drafted.",
                max_length=35,
            ),
        ),
        migrations.CreateModel(
            name="HistoricalPurchaseOrder",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("actor_kind", models.CharField(editable=False, max_length=8)),
                ("actor_id", models.BigIntegerField(editable=False, null=True)),
                ("actor_name", models.CharField(editable=False, max_length=200)),
                (
                    "history_transaction",
                    support.models.tracked.Xid8(
                        db_default=support.models.tracked.CurrentTransaction(), editable=False
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        help_text="As it stands on the customer's order.",
                        max_length=35,
                        validators=[support.models.customers.not_a_formula],
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Without tax, in the contract's currency. More than that is warned of, not refused.",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(blank=True, help_text="For work from this day on.", null=True),
                ),
                ("valid_until", models.DateField(blank=True, help_text="The last day.", null=True)),
                ("active", models.BooleanField(default=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="support.contract",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="For this one alone; it comes before the contract's.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="billing.engagement",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical purchase order",
                "verbose_name_plural": "historical purchase orders",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PurchaseOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        help_text="As it stands on the customer's order.",
                        max_length=35,
                        validators=[support.models.customers.not_a_formula],
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Without tax, in the contract's currency. More than that is warned of, not refused.",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(blank=True, help_text="For work from this day on.", null=True),
                ),
                ("valid_until", models.DateField(blank=True, help_text="The last day.", null=True)),
                ("active", models.BooleanField(default=True)),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_orders",
                        to="support.contract",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        blank=True,
                        help_text="For this one alone; it comes before the contract's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_orders",
                        to="billing.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["contract", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("contract", "number"), name="order_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="orders_have_a_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from", None),
                            ("valid_until", None),
                            ("valid_from__lte", models.F("valid_until")),
                            _connector="OR",
                        ),
                        name="orders_begin_before_they_end",
                    ),
                ],
            },
        ),
        migrations.RunSQL(*sql("orders", GUARDS)),
        migrations.RunSQL(functions("invoices", GUARDS), migrations.RunSQL.noop),
    ]

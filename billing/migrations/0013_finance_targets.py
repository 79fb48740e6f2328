from pathlib import Path

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.db import migrations, models

import support.models.customers
import support.models.tracked
from support.guards import sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0012_export_files"),
        ("support", "0022_guards_read_committed"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalFinanceTarget",
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
                    "profile",
                    models.CharField(
                        choices=[
                            ("generic", "Generic"),
                            ("xero", "Xero"),
                            ("quickbooks", "QuickBooks Online"),
                            ("sage", "Sage 50"),
                            ("sage-accounting", "Sage Accounting"),
                            ("business-central", "Business Central"),
                        ],
                        max_length=20,
                        verbose_name="format",
                    ),
                ),
                (
                    "date_order",
                    models.CharField(
                        blank=True,
                        choices=[("YMD", "2026-10-31"), ("DMY", "31/10/2026"), ("MDY", "10/31/2026")],
                        help_text="Empty: as the program usually has it.",
                        max_length=3,
                    ),
                ),
                (
                    "byte_order_mark",
                    models.BooleanField(default=False, help_text="At the beginning of each file."),
                ),
                (
                    "account_code",
                    models.CharField(
                        blank=True,
                        help_text="The income account, where an invoice line names none.",
                        max_length=20,
                        validators=[support.models.customers.not_a_formula],
                    ),
                ),
                (
                    "item_name",
                    models.CharField(
                        blank=True,
                        help_text="Product or service, exactly.",
                        max_length=100,
                        validators=[support.models.customers.not_a_formula],
                    ),
                ),
                (
                    "tax_columns",
                    models.BooleanField(
                        default=True,
                        help_text="Off: for a company without tax, where the format knows a shorter file.",
                    ),
                ),
                (
                    "tax_names",
                    models.TextField(
                        blank=True,
                        help_text="A line for each tax code of ours and what the program calls it: STD = 20% (VAT on Income). = T0 is for lines without a code.",
                    ),
                ),
                (
                    "invoices_per_file",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty: as many as the program takes.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                    ),
                ),
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
                    "legal_entity",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="support.legalentity",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical finance target",
                "verbose_name_plural": "historical finance targets",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="FinanceTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "profile",
                    models.CharField(
                        choices=[
                            ("generic", "Generic"),
                            ("xero", "Xero"),
                            ("quickbooks", "QuickBooks Online"),
                            ("sage", "Sage 50"),
                            ("sage-accounting", "Sage Accounting"),
                            ("business-central", "Business Central"),
                        ],
                        max_length=20,
                        verbose_name="format",
                    ),
                ),
                (
                    "date_order",
                    models.CharField(
                        blank=True,
                        choices=[("YMD", "2026-10-31"), ("DMY", "31/10/2026"), ("MDY", "10/31/2026")],
                        help_text="Empty: as the program usually has it.",
                        max_length=3,
                    ),
                ),
                (
                    "byte_order_mark",
                    models.BooleanField(default=False, help_text="At the beginning of each file."),
                ),
                (
                    "account_code",
                    models.CharField(
                        blank=True,
                        help_text="The income account, where an invoice line names none.",
                        max_length=20,
                        validators=[support.models.customers.not_a_formula],
                    ),
                ),
                (
                    "item_name",
                    models.CharField(
                        blank=True,
                        help_text="Product or service, exactly.",
                        max_length=100,
                        validators=[support.models.customers.not_a_formula],
                    ),
                ),
                (
                    "tax_columns",
                    models.BooleanField(
                        default=True,
                        help_text="Off: for a company without tax, where the format knows a shorter file.",
                    ),
                ),
                (
                    "tax_names",
                    models.TextField(
                        blank=True,
                        help_text="A line for each tax code of ours and what the program calls it: STD = 20% (VAT on Income). = T0 is for lines without a code.",
                    ),
                ),
                (
                    "invoices_per_file",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty: as many as the program takes.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                    ),
                ),
                (
                    "legal_entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finance_targets",
                        to="support.legalentity",
                    ),
                ),
            ],
            options={
                "ordering": ["legal_entity", "profile"],
                "constraints": [
                    models.UniqueConstraint(fields=("legal_entity", "profile"), name="one_target_per_format")
                ],
            },
        ),
        migrations.RunSQL(*sql("targets", GUARDS)),
    ]

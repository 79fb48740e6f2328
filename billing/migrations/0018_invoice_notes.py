from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from support.guards import sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0017_book_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="InvoiceNote",
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
                (
                    "turn",
                    models.PositiveIntegerField(default=0, editable=False, help_text="The first one is 1."),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("paid", "Paid"),
                            ("disputed", "Disputed"),
                            ("written_off", "Written off"),
                            ("reopened", "Open again"),
                        ],
                        max_length=12,
                    ),
                ),
                ("paid_on", models.DateField(blank=True, help_text="As the bank statement says.", null=True)),
                ("reference", models.CharField(blank=True, help_text="Of the payment.", max_length=60)),
                ("reason", models.TextField(blank=True)),
                (
                    "noted_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="billing.invoice",
                    ),
                ),
            ],
            options={
                "ordering": ["invoice", "turn"],
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "turn"), name="one_note_at_a_time"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paid_on__isnull", False), ("what", "paid")),
                            models.Q(
                                models.Q(("what", "paid"), _negated=True),
                                ("paid_on", None),
                                ("reference", ""),
                            ),
                            _connector="OR",
                        ),
                        name="paid_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("what", "paid"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="noted_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.RunSQL(*sql("invoice_notes", GUARDS)),
    ]

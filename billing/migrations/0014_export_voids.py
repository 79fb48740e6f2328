from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from support.guards import sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0013_finance_targets"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportVoid",
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
                ("reason", models.TextField()),
                (
                    "voided_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
            ],
            options={
                "ordering": ["-voided_at", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="exportedinvoice",
            name="invoice_in_one_batch_per_format",
        ),
        migrations.AddField(
            model_name="exportedinvoice",
            name="turn",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddConstraint(
            model_name="exportedinvoice",
            constraint=models.UniqueConstraint(
                fields=("invoice", "profile", "turn"), name="invoice_in_one_batch_per_format"
            ),
        ),
        migrations.AddField(
            model_name="exportvoid",
            name="batch",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="void", to="billing.exportbatch"
            ),
        ),
        migrations.AddConstraint(
            model_name="exportvoid",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="voided_with_a_reason"
            ),
        ),
        migrations.RunSQL(*sql("export_voids", GUARDS)),
    ]

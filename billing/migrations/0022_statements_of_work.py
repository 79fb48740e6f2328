from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from support.guards import sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0021_ticket_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalratecard",
            name="statement_above",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Minutes of an estimate above which the work has to be written out. Empty: never.",
                null=True,
                verbose_name="statement of work above",
            ),
        ),
        migrations.AddField(
            model_name="ratecard",
            name="statement_above",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Minutes of an estimate above which the work has to be written out. Empty: never.",
                null=True,
                verbose_name="statement of work above",
            ),
        ),
        migrations.CreateModel(
            name="StatementOfWork",
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
                ("version", models.PositiveSmallIntegerField(db_default=0)),
                ("text", models.TextField(help_text="As it was typed: an empty line begins a paragraph.")),
                ("document", models.BinaryField()),
                ("sha256", models.BinaryField(max_length=32)),
                (
                    "written_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="billing.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "version"), name="statement_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="statements_say_something"
                    ),
                ],
                "verbose_name_plural": "statements of work",
                "ordering": ["engagement", "version"],
            },
        ),
        migrations.AddField(
            model_name="offer",
            name="statement",
            field=models.ForeignKey(
                help_text="Its hash stands in the document.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offers",
                to="billing.statementofwork",
            ),
        ),
        migrations.RunSQL(*sql("statements", GUARDS)),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0024_written_yes_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="WayStep",
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
                    "step",
                    models.CharField(
                        choices=[
                            ("estimate", "Estimate of professional services"),
                            ("order", "Purchase order"),
                            ("allowed", "Allowed by a manager"),
                            ("refused", "Not allowed by a manager"),
                        ],
                        max_length=8,
                    ),
                ),
                ("minutes", models.PositiveIntegerField(help_text="Of an estimate.", null=True)),
                (
                    "reference",
                    models.CharField(blank=True, help_text="A purchase order's number.", max_length=100),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "taken_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="billing.scopedecision",
                    ),
                ),
            ],
            options={
                "ordering": ["decision", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "step"), name="way_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("minutes__gt", 0), ("minutes__isnull", False), ("step", "estimate")),
                            models.Q(models.Q(("step", "estimate"), _negated=True), ("minutes", None)),
                            _connector="OR",
                        ),
                        name="an_estimate_has_its_minutes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step", "order"), _negated=True),
                            models.Q(("reference", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_order_has_its_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step__in", ["allowed", "refused"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_managers_answer_has_its_reason",
                    ),
                ],
            },
        ),
    ]

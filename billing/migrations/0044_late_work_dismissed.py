from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from support.guards import sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0043_engagement_moves"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="latework",
            options={
                "ordering": ["started_at", "id"],
                "permissions": [("dismiss_latework", "Can take late work off its list")],
                "verbose_name_plural": "late work",
            },
        ),
        migrations.CreateModel(
            name="LateDismissal",
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
                    "dismissed_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
                (
                    "late",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dismissal",
                        to="billing.latework",
                    ),
                ),
            ],
            options={
                "ordering": ["-dismissed_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="late_work_dismissed_with_a_reason",
                    )
                ],
            },
        ),
        migrations.RunSQL(*sql("late_work", GUARDS)),
    ]

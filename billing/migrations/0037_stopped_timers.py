import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0036_packs_of_approved_work"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StoppedTimer",
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
                ("piece", models.UUIDField(help_text="The piece of work that came of it.", unique=True)),
                ("reason", models.CharField(max_length=300)),
                (
                    "started_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
                (
                    "stopped_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
                (
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stopped_timers",
                        to="billing.approval",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stopped_timers",
                        to="billing.engagement",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stopped_timers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-stopped_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="stopped_for_somebody_with_a_reason",
                    )
                ],
            },
        ),
    ]

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from support.guards import sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0020_papers"),
        ("support", "0025_first_day_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TicketTime",
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
                ("started_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField()),
                ("text", models.CharField(max_length=300)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_by", models.CharField(blank=True, max_length=200)),
                ("reason", models.CharField(blank=True, help_text="Why it is cancelled.", max_length=300)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ticket_time",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="time", to="support.ticket"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "ticket time",
                "ordering": ["-started_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("started_at__lt", models.F("stopped_at"))),
                        name="work_runs_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="work_says_what_was_done"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at", None), ("cancelled_by", ""), ("reason", "")),
                            models.Q(
                                ("cancelled_at__isnull", False),
                                models.Q(("cancelled_by", ""), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cancelled_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.RunSQL(*sql("inside", GUARDS)),
    ]

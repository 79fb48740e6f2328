import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0007_ladder_step_guards"),
        ("support", "0025_first_day_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FaultReport",
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
                ("number", models.PositiveIntegerField(editable=False)),
                ("answers", models.JSONField(default=dict)),
                ("missing", models.JSONField(default=list, editable=False)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fault_reports",
                        to="support.file",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fault_reports",
                        to="support.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "number"), name="sheet_once_in_its_place"),
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind", "contact"), _negated=True),
                        name="the_desk_keeps_the_sheet",
                    ),
                ],
                "ordering": ["ticket", "number"],
            },
        ),
        migrations.CreateModel(
            name="LevelMove",
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
                ("position", models.PositiveIntegerField(editable=False)),
                ("old", models.PositiveSmallIntegerField(editable=False)),
                ("new", models.PositiveSmallIntegerField()),
                (
                    "engineering",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Whether the new level is engineering; the database says.",
                    ),
                ),
                (
                    "missed",
                    models.CharField(
                        blank=True, help_text="The clock whose miss moved it by itself.", max_length=80
                    ),
                ),
                (
                    "impact",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "Business stands still"),
                            (2, "Many are hindered, or money is lost"),
                            (3, "Some are hindered"),
                            (4, "Little or none"),
                        ],
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(4),
                        ],
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="escalations.faultreport",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="level_moves",
                        to="support.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "position"), name="level_once_in_its_place"),
                    models.UniqueConstraint(
                        condition=models.Q(("missed", ""), _negated=True),
                        fields=("ticket", "missed"),
                        name="a_miss_moves_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind", "contact"), _negated=True),
                        name="the_desk_moves_levels",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="a_level_moves_with_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("impact", None), ("impact__range", (1, 4)), _connector="OR"),
                        name="impact_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("engineering", False), ("impact__isnull", False), _connector="OR"
                        ),
                        name="engineering_knows_the_impact",
                    ),
                ],
                "ordering": ["ticket", "position"],
            },
        ),
        migrations.CreateModel(
            name="EngineeringReview",
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
                    "impact",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Business stands still"),
                            (2, "Many are hindered, or money is lost"),
                            (3, "Some are hindered"),
                            (4, "Little or none"),
                        ]
                    ),
                ),
                ("words", models.TextField()),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                (
                    "move",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="escalations.levelmove",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("actor_kind", "staff")), name="staff_review"),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="a_review_says_what"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("impact__range", (1, 4))), name="reviewed_impact_is_known"
                    ),
                ],
                "ordering": ["move", "id"],
            },
        ),
        migrations.CreateModel(
            name="ManagementEscalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("alarm", "No workaround and no fix in time"),
                            ("engineering", "At engineering, side by side"),
                            ("severity", "Told at once of this severity"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                (
                    "alarm",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="management",
                        to="support.alarm",
                    ),
                ),
                (
                    "move",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="management",
                        to="escalations.levelmove",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="management",
                        to="support.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("alarm__isnull", False), ("cause", "alarm"), ("move", None)),
                            models.Q(("alarm", None), ("cause", "engineering"), ("move__isnull", False)),
                            models.Q(("alarm", None), ("cause", "severity"), ("move", None)),
                            _connector="OR",
                        ),
                        name="management_says_what_opened_it",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cause", "severity")),
                        fields=("ticket",),
                        name="severity_is_told_once",
                    ),
                ],
                "ordering": ["opened_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ManagementClosing",
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
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "escalation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closing",
                        to="escalations.managementescalation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind", "staff")), name="staff_close_it"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="management_closes_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ManagementTaking",
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
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                (
                    "driver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="driven",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="takings",
                        to="escalations.managementescalation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("actor_kind", "staff")), name="staff_take_it")
                ],
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ManagementUpdate",
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
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                ("words", models.TextField()),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="updates",
                        to="escalations.managementescalation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind", "staff")), name="staff_update_it"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="an_update_says_what"
                    ),
                ],
                "ordering": ["id"],
            },
        ),
    ]

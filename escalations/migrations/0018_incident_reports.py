import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0017_maintenance_guards"),
        ("support", "0026_who_asks_onsite"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IncidentReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=14, unique=True)),
                ("ended_at", models.DateTimeField(editable=False)),
                ("due_at", models.DateTimeField()),
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
                    "outage",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report",
                        to="escalations.outage",
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report",
                        to="support.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outage", None), ("ticket__isnull", False)),
                            models.Q(("outage__isnull", False), ("ticket", None)),
                            _connector="OR",
                        ),
                        name="report_after_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("ended_at"))),
                        name="report_is_due_after_the_end",
                    ),
                ],
                "ordering": ["due_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReportVersion",
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
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("issued", "Issued")], default="draft", max_length=6
                    ),
                ),
                ("impact", models.TextField(blank=True)),
                ("root_cause", models.TextField(blank=True)),
                (
                    "correction",
                    models.TextField(blank=True, help_text="What is other than in the version before."),
                ),
                (
                    "story",
                    models.JSONField(
                        blank=True, default=list, help_text="What happened and when, as it was told on issue."
                    ),
                ),
                ("recipients", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "begun_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                ("issued_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="escalations.incidentreport",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("report", "position"), name="report_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("report",),
                        name="one_draft_of_a_report",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issued_at", None), ("recipients", 0), ("state", "draft")),
                            models.Q(
                                ("issued_at__isnull", False),
                                ("state", "issued"),
                                models.Q(("impact__regex", "^\\s*$"), _negated=True),
                                models.Q(("root_cause__regex", "^\\s*$"), _negated=True),
                                models.Q(("story", []), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_issued_report_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            ("position", 1),
                            models.Q(("correction__regex", "^\\s*$"), _negated=True),
                            _connector="OR",
                        ),
                        name="a_correction_says_what_it_corrects",
                    ),
                ],
                "ordering": ["report", "position"],
            },
        ),
        migrations.CreateModel(
            name="ReportRecipient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="support.contact"
                    ),
                ),
                (
                    "mail",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="support.mail"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given_to",
                        to="escalations.reportversion",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("version", "contact"), name="reported_once")],
                "ordering": ["version", "contact__name", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReportPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.BinaryField(max_length=32)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="support.customer"
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="support.file"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="escalations.reportversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "customer"), name="report_paper_made_once")
                ],
                "ordering": ["version", "customer"],
            },
        ),
        migrations.CreateModel(
            name="ReportAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(editable=False)),
                ("text", models.TextField()),
                ("owner_name", models.CharField(editable=False, max_length=200)),
                ("due_on", models.DateField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="escalations.reportversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "position"), name="report_action_once_in_its_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text__regex", "^\\s*$"), _negated=True),
                        name="report_action_says_what",
                    ),
                ],
                "ordering": ["version", "position"],
            },
        ),
    ]

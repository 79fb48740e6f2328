import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0015_outage_guards"),
        ("support", "0026_who_asks_onsite"),
    ]

    operations = [
        migrations.CreateModel(
            name="MaintenanceWindow",
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
                ("number", models.CharField(editable=False, max_length=14, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("details", models.TextField()),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "reason",
                    models.TextField(blank=True, help_text="Why it is announced late; the desk’s own."),
                ),
                (
                    "announced_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: all of it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="support.product",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        help_text="Moved from.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successor",
                        to="escalations.maintenancewindow",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        help_text="The newest that its contracts pin.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="support.serviceversion",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(models.F("ends_at"), name="window_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title__regex", "^\\s*$"), _negated=True),
                            models.Q(("title__regex", "[\\x01-\\x1f\\x7f]"), _negated=True),
                        ),
                        name="window_has_a_title_of_one_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("details__regex", "^\\s*$"), _negated=True),
                        name="window_says_what_is_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("begins_at"))),
                        name="window_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("begins_at__gte", models.F("announced_at"))),
                        name="window_is_still_to_come",
                    ),
                ],
                "ordering": ["-begins_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="MaintenanceStop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="maintenance_stops",
                        to="support.ticket",
                    ),
                ),
                (
                    "wait",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="support.wait"
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stops",
                        to="escalations.maintenancewindow",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("window", "ticket"), name="ticket_stopped_once")
                ],
                "ordering": ["window", "id"],
            },
        ),
        migrations.CreateModel(
            name="MaintenanceNotice",
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
                    "kind",
                    models.CharField(
                        choices=[("announced", "Announced"), ("withdrawn", "Withdrawn"), ("moved", "Moved")],
                        max_length=9,
                    ),
                ),
                ("text", models.TextField(blank=True, help_text="Why, in words for the customers.")),
                ("recipients", models.PositiveIntegerField(editable=False)),
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
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="escalations.maintenancewindow",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "announced")),
                        fields=("window",),
                        name="window_announced_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "announced"), _negated=True),
                        fields=("window",),
                        name="window_called_off_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "announced"),
                            models.Q(("text__regex", "^\\s*$"), _negated=True),
                            _connector="OR",
                        ),
                        name="window_is_called_off_with_words",
                    ),
                ],
                "ordering": ["window", "id"],
            },
        ),
        migrations.CreateModel(
            name="MaintenanceContract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("in_time", models.BooleanField(default=False, editable=False)),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="maintenance",
                        to="support.contract",
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="escalations.maintenancewindow",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("window", "contract"), name="contract_concerned_once")
                ],
                "ordering": ["window", "contract__holder__name", "id"],
            },
        ),
        migrations.CreateModel(
            name="MaintenanceRecipient",
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
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received_by",
                        to="escalations.maintenancenotice",
                    ),
                ),
            ],
            options={
                "ordering": ["notice", "contact__name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "contact"), name="told_of_maintenance_once")
                ],
            },
        ),
    ]

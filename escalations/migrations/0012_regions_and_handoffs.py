import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import support.models.people
import support.models.tracked


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0011_onsite_guards"),
        ("support", "0025_first_day_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalRegion",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("actor_kind", models.CharField(editable=False, max_length=8)),
                ("actor_id", models.BigIntegerField(editable=False, null=True)),
                ("actor_name", models.CharField(editable=False, max_length=200)),
                (
                    "history_transaction",
                    support.models.tracked.Xid8(
                        db_default=support.models.tracked.CurrentTransaction(), editable=False
                    ),
                ),
                ("code", models.SlugField(help_text="As service definitions name it.", max_length=20)),
                ("name", models.CharField(max_length=80)),
                (
                    "time_zone",
                    support.models.people.ZoneField(
                        default="UTC",
                        help_text="Where its people are; its hours are in its calendar’s zone.",
                        max_length=64,
                        validators=[support.models.people.a_zone],
                    ),
                ),
                ("calendar", models.SlugField(help_text="Its hours, by the calendar’s name.", max_length=60)),
                (
                    "covers",
                    models.CharField(
                        blank=True,
                        help_text="What it takes besides, in words: whose tickets, and when.",
                        max_length=300,
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        help_text="The phone route to it: which line, which option.",
                        max_length=300,
                    ),
                ),
                (
                    "alarm_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="So long before it closes, managers are told of tickets that nobody has accepted.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(600),
                        ],
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical region",
                "verbose_name_plural": "historical regions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalAbsence",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("actor_kind", models.CharField(editable=False, max_length=8)),
                ("actor_id", models.BigIntegerField(editable=False, null=True)),
                ("actor_name", models.CharField(editable=False, max_length=200)),
                (
                    "history_transaction",
                    support.models.tracked.Xid8(
                        db_default=support.models.tracked.CurrentTransaction(), editable=False
                    ),
                ),
                ("from_at", models.DateTimeField(verbose_name="from")),
                ("until_at", models.DateTimeField(verbose_name="until")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        limit_choices_to={"kind": "staff"},
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical absence",
                "verbose_name_plural": "historical absences",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(help_text="As service definitions name it.", max_length=20, unique=True),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "time_zone",
                    support.models.people.ZoneField(
                        default="UTC",
                        help_text="Where its people are; its hours are in its calendar’s zone.",
                        max_length=64,
                        validators=[support.models.people.a_zone],
                    ),
                ),
                ("calendar", models.SlugField(help_text="Its hours, by the calendar’s name.", max_length=60)),
                (
                    "covers",
                    models.CharField(
                        blank=True,
                        help_text="What it takes besides, in words: whose tickets, and when.",
                        max_length=300,
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        help_text="The phone route to it: which line, which option.",
                        max_length=300,
                    ),
                ),
                (
                    "alarm_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="So long before it closes, managers are told of tickets that nobody has accepted.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(600),
                        ],
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("alarm_minutes__gte", 1), ("alarm_minutes__lte", 600)),
                        name="regions_alarm_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="regions_have_a_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalDuty",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("actor_kind", models.CharField(editable=False, max_length=8)),
                ("actor_id", models.BigIntegerField(editable=False, null=True)),
                ("actor_name", models.CharField(editable=False, max_length=200)),
                (
                    "history_transaction",
                    support.models.tracked.Xid8(
                        db_default=support.models.tracked.CurrentTransaction(), editable=False
                    ),
                ),
                ("from_at", models.DateTimeField(verbose_name="from")),
                ("until_at", models.DateTimeField(verbose_name="until")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        limit_choices_to={"kind": "staff"},
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="escalations.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical duty",
                "verbose_name_plural": "historical duties",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HandOff",
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
                    "position",
                    models.PositiveIntegerField(editable=False, help_text="Counts from 1 per ticket."),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("region", "To a region"), ("person", "To a person")], max_length=6
                    ),
                ),
                ("closes_at", models.DateTimeField(help_text="When the gap opens.")),
                (
                    "alarm_at",
                    models.DateTimeField(
                        editable=False, help_text="When managers are told, if nobody has accepted."
                    ),
                ),
                ("standing", models.TextField(verbose_name="state")),
                ("tried", models.TextField()),
                ("next_action", models.TextField()),
                ("expected", models.TextField(help_text="Whom the customer expects to hear from, and how.")),
                (
                    "next_update_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="The next word owed to the customer, as its clock said.",
                        null=True,
                    ),
                ),
                (
                    "cases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        editable=False,
                        help_text="Vendor cases that were open then.",
                        size=None,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "Offered"),
                            ("asked", "Asked back"),
                            ("accepted", "Accepted"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="offered",
                        max_length=9,
                    ),
                ),
                (
                    "offered_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                (
                    "from_person",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who owned the ticket then.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoffs",
                        to="support.ticket",
                    ),
                ),
                (
                    "to_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offered_handoffs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "from_region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="escalations.region",
                    ),
                ),
                (
                    "to_region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoffs",
                        to="escalations.region",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(models.F("closes_at"), name="handoff_by_crossing")],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "position"), name="handoff_once_in_its_place"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("offered", "asked"))),
                        fields=("ticket",),
                        name="one_open_handoff_per_ticket",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("from_region__isnull", False),
                                ("kind", "region"),
                                ("to_person", None),
                                ("to_region__isnull", False),
                            ),
                            models.Q(
                                ("from_person__isnull", False),
                                ("from_region", None),
                                ("kind", "person"),
                                ("to_person__isnull", False),
                                ("to_region", None),
                            ),
                            _connector="OR",
                        ),
                        name="handoff_to_a_region_or_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expected__regex", "\\S"),
                            ("next_action__regex", "\\S"),
                            ("standing__regex", "\\S"),
                            ("tried__regex", "\\S"),
                        ),
                        name="handoff_says_what_the_next_one_needs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind", "staff")), name="the_desk_hands_over"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["offered", "asked", "accepted", "withdrawn"])),
                        name="handoff_in_a_known_state",
                    ),
                ],
                "verbose_name": "hand-off",
                "ordering": ["ticket", "position"],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_at", models.DateTimeField(verbose_name="from")),
                ("until_at", models.DateTimeField(verbose_name="until")),
                (
                    "person",
                    models.ForeignKey(
                        limit_choices_to={"kind": "staff"},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="escalations.region",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(models.F("region"), models.F("until_at"), name="duty_of_region")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_at__lt", models.F("until_at"))),
                        name="duty_begins_before_it_ends",
                    )
                ],
                "verbose_name_plural": "duties",
                "ordering": ["-from_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_at", models.DateTimeField(verbose_name="from")),
                ("until_at", models.DateTimeField(verbose_name="until")),
                (
                    "person",
                    models.ForeignKey(
                        limit_choices_to={"kind": "staff"},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-from_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_at__lt", models.F("until_at"))),
                        name="absence_begins_before_it_ends",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOffStep",
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
                        choices=[
                            ("asked", "Asked back"),
                            ("answered", "Answered"),
                            ("accepted", "Accepted"),
                            ("withdrawn", "Taken back"),
                        ],
                        max_length=9,
                    ),
                ),
                ("text", models.TextField(blank=True)),
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
                    "handoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="escalations.handoff",
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-off step",
                "ordering": ["handoff", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["accepted", "withdrawn"])),
                        fields=("handoff",),
                        name="handoff_ends_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind", "staff")), name="the_desk_answers_handoffs"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "accepted"), ("text__regex", "\\S"), _connector="OR"),
                        name="handoff_step_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOffAlarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("region", "To a region"), ("person", "To a person")], max_length=6
                    ),
                ),
                ("closes_at", models.DateTimeField()),
                (
                    "fired_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                (
                    "handoff",
                    models.ForeignKey(
                        blank=True,
                        help_text="The open one; empty where none was written.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="escalations.handoff",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoff_alarms",
                        to="support.ticket",
                    ),
                ),
                (
                    "from_region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="escalations.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-off alarm",
                "ordering": ["-fired_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ticket", "kind", "closes_at"), name="handoff_alarms_once"
                    )
                ],
            },
        ),
    ]

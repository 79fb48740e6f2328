import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0013_handoff_guards"),
        ("support", "0025_first_day_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="DueNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("warn_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["outage", "position"],
            },
        ),
        migrations.CreateModel(
            name="Outage",
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
                ("priority", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=200)),
                (
                    "began_at",
                    models.DateTimeField(help_text="As far as it is known."),
                ),
                (
                    "declared_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("resolved", "Resolved, to be validated"),
                            ("validated", "Validated, to be told"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=10,
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
                    "service",
                    models.ForeignKey(
                        help_text="Says how often its audience is told.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="support.serviceversion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("declared_at"),
                        condition=models.Q(("state", "closed"), _negated=True),
                        name="outage_not_closed",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title__regex", "^\\s*$"), _negated=True),
                        name="outage_has_a_title",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title__regex", "[\\x01-\\x1f\\x7f]"), _negated=True),
                        name="an_outages_title_is_one_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("began_at__lte", models.F("declared_at"))),
                        name="outage_is_not_of_tomorrow",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("ended_at__gte", models.F("began_at")),
                            ),
                            _connector="OR",
                        ),
                        name="a_resolved_outage_has_ended",
                    ),
                ],
                "ordering": ["-declared_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("first", "First notification"),
                            ("update", "Update"),
                            ("resolution", "Resolution notification"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("what", models.CharField(choices=[("sent", "Sent"), ("skipped", "Skipped")], max_length=7)),
                ("details", models.TextField(blank=True)),
                ("impact", models.TextField(blank=True)),
                (
                    "expected_at",
                    models.DateTimeField(blank=True, help_text="Empty: not known yet.", null=True),
                ),
                ("reason", models.TextField(blank=True)),
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
                    "due",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice",
                        to="escalations.duenotice",
                    ),
                ),
                (
                    "outage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="escalations.outage",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("outage", "position"), name="notice_once_in_its_place"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reason", ""),
                                ("what", "sent"),
                                models.Q(("details__regex", "^\\s*$"), _negated=True),
                                models.Q(("impact__regex", "^\\s*$"), _negated=True),
                            ),
                            models.Q(
                                ("details", ""),
                                ("expected_at", None),
                                ("impact", ""),
                                ("recipients", 0),
                                ("what", "skipped"),
                                models.Q(("reason__regex", "^\\s*$"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="notice_says_what_or_why_not",
                    ),
                ],
                "ordering": ["outage", "position"],
            },
        ),
        migrations.AddField(
            model_name="duenotice",
            name="outage",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="dues", to="escalations.outage"
            ),
        ),
        migrations.CreateModel(
            name="OutageContract",
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
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outages",
                        to="support.contract",
                    ),
                ),
                (
                    "outage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="escalations.outage",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("outage", "contract"), name="contract_hit_once")
                ],
                "ordering": ["outage", "contract__holder__name", "id"],
            },
        ),
        migrations.CreateModel(
            name="OutageStep",
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
                            ("bridge", "Bridge call"),
                            ("resolved", "Resolved"),
                            ("unresolved", "Not resolved after all"),
                            ("validated", "Resolution validated"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, help_text="When it was over, as it is known.", null=True
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=60)),
                ("code", models.CharField(blank=True, max_length=40, verbose_name="participant code")),
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="escalations.outage",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "bridge"),
                                models.Q(("phone", ""), _negated=True),
                                models.Q(("code", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("kind", "bridge"), _negated=True), ("code", ""), ("phone", "")
                            ),
                            _connector="OR",
                        ),
                        name="a_bridge_has_number_and_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("kind", "resolved")),
                            models.Q(models.Q(("kind", "resolved"), _negated=True), ("ended_at", None)),
                            _connector="OR",
                        ),
                        name="a_resolution_says_since_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "bridge"),
                            models.Q(("text__regex", "^\\s*$"), _negated=True),
                            _connector="OR",
                        ),
                        name="outage_step_says_what",
                    ),
                ],
                "ordering": ["outage", "id"],
            },
        ),
        migrations.CreateModel(
            name="OutageTicket",
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
                    "outage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="escalations.outage",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outages",
                        to="support.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("outage", "ticket"), name="ticket_linked_once")
                ],
                "ordering": ["outage", "id"],
            },
        ),
        migrations.CreateModel(
            name="NoticeRecipient",
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
                        to="escalations.notice",
                    ),
                ),
            ],
            options={
                "ordering": ["notice", "contact__name", "id"],
                "constraints": [models.UniqueConstraint(fields=("notice", "contact"), name="noticed_once")],
            },
        ),
        migrations.AddIndex(
            model_name="duenotice",
            index=models.Index(
                models.F("warn_at"), condition=models.Q(("warned_at", None)), name="notice_to_warn_of"
            ),
        ),
        migrations.AddIndex(
            model_name="duenotice",
            index=models.Index(
                models.F("due_at"), condition=models.Q(("told_at", None)), name="notice_to_tell_of"
            ),
        ),
        migrations.AddConstraint(
            model_name="duenotice",
            constraint=models.UniqueConstraint(
                fields=("outage", "position"), name="due_notice_once_in_its_place"
            ),
        ),
    ]

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from support.guards import sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0028_scope_holds"),
        ("support", "0025_first_day_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="AssistNote",
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
                ("number", models.PositiveSmallIntegerField(db_default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("case", "Number of the case"),
                            ("request", "Microsoft asks for more"),
                            ("answer", "Answer"),
                            ("call", "Call with Microsoft"),
                            ("outcome", "What came of the call"),
                        ],
                        max_length=8,
                    ),
                ),
                ("case_number", models.CharField(blank=True, max_length=40)),
                ("severity", models.CharField(blank=True, help_text="As Microsoft names it.", max_length=20)),
                (
                    "on",
                    models.DateField(blank=True, help_text="When it was opened, or asked for.", null=True),
                ),
                ("starts_at", models.DateTimeField(blank=True, help_text="Of a call.", null=True)),
                ("bridge", models.CharField(blank=True, max_length=300)),
                ("text", models.TextField(blank=True)),
                (
                    "joined",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        help_text="Who of the desk did.",
                        size=None,
                    ),
                ),
                (
                    "noted_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        help_text="What it answers.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="billing.assistnote",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assist_notes",
                        to="billing.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "number"), name="assist_note_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "outcome")), fields=("about",), name="a_call_ends_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("about", None),
                                ("kind", "case"),
                                ("on__isnull", False),
                                models.Q(("case_number", ""), _negated=True),
                            ),
                            models.Q(
                                ("about", None),
                                ("kind", "request"),
                                ("on__isnull", False),
                                models.Q(("text", ""), _negated=True),
                            ),
                            models.Q(("about", None), ("kind", "call"), ("starts_at__isnull", False)),
                            models.Q(
                                ("about__isnull", False),
                                ("kind__in", ["answer", "outcome"]),
                                models.Q(("text", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="assist_note_says_what_it_is",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "outcome"), ("joined", []), _connector="OR"),
                        name="whoever_joined_joined_a_call",
                    ),
                ],
                "ordering": ["engagement", "number"],
            },
        ),
        migrations.CreateModel(
            name="AssistPack",
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
                ("number", models.PositiveSmallIntegerField(db_default=0)),
                ("severity", models.CharField(blank=True, max_length=20)),
                ("product", models.CharField(max_length=200)),
                ("summary", models.TextField()),
                ("tenant_id", models.UUIDField(blank=True, null=True)),
                ("domains", models.CharField(max_length=300)),
                ("subscription", models.CharField(blank=True, max_length=100)),
                ("users_count", models.PositiveIntegerField()),
                ("users", models.TextField(blank=True)),
                ("errors", models.TextField(blank=True)),
                ("reproduce", models.TextField()),
                ("steps_taken", models.TextField()),
                ("tools", models.CharField(blank=True, max_length=300)),
                ("reached", models.TextField(help_text="Who opens the case, and how Microsoft reaches him.")),
                (
                    "with_messages",
                    models.BooleanField(
                        default=True,
                        help_text="Whether it tells what was said on the ticket, or only what was done.",
                    ),
                ),
                (
                    "enclosed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        help_text="Files, by id.",
                        size=None,
                    ),
                ),
                ("sha256", models.BinaryField(max_length=32)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
                (
                    "answers",
                    models.ForeignKey(
                        blank=True,
                        help_text="A request.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered_by",
                        to="billing.assistnote",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assist_packs",
                        to="billing.engagement",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="support.file"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "number"), name="assist_pack_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("summary", ""), _negated=True),
                            models.Q(("domains", ""), _negated=True),
                            models.Q(("reproduce", ""), _negated=True),
                            models.Q(("steps_taken", ""), _negated=True),
                            models.Q(("reached", ""), _negated=True),
                        ),
                        name="a_pack_says_what_microsoft_asks",
                    ),
                ],
                "ordering": ["engagement", "number"],
            },
        ),
        migrations.CreateModel(
            name="AssistHandover",
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
                ("contact_name", models.CharField(max_length=200)),
                ("contact_email", models.EmailField(max_length=254)),
                (
                    "way",
                    models.CharField(
                        choices=[("mail", "By mail"), ("person", "In person"), ("other", "Otherwise")],
                        max_length=8,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                (
                    "handed_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="support.mail",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="billing.assistpack",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mail__isnull", False), ("way", "mail")),
                            models.Q(
                                models.Q(("way", "mail"), _negated=True),
                                ("mail", None),
                                models.Q(("words", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="handed_over_by_mail_or_in_words",
                    )
                ],
                "ordering": ["pack", "id"],
            },
        ),
        migrations.CreateModel(
            name="AssistTaking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contact_name", models.CharField(max_length=200)),
                ("contact_email", models.EmailField(max_length=254)),
                (
                    "taken_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="support.contact"
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="takings",
                        to="billing.assistpack",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("pack", "contact"), name="first_taken_once")],
                "ordering": ["pack", "id"],
            },
        ),
        migrations.RunSQL(*sql("assist", GUARDS)),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0003_guards_read_committed"),
        ("support", "0025_first_day_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="VendorCase",
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
                    "party",
                    models.CharField(
                        choices=[("microsoft", "Microsoft"), ("distributor", "The distributor")],
                        max_length=12,
                    ),
                ),
                ("number", models.CharField(help_text="As the vendor says it.", max_length=60)),
                ("severity", models.CharField(blank=True, max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for an answer"),
                            ("answered", "Answered"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("contact_name", models.CharField(blank=True, max_length=200)),
                ("contact_email", models.EmailField(blank=True, max_length=254)),
                ("contact_phone", models.CharField(blank=True, max_length=60)),
                ("opened_at", models.DateTimeField(help_text="As it was claimed; no clock reads it.")),
                (
                    "opened_how",
                    models.CharField(
                        choices=[
                            ("phone", "Told by phone"),
                            ("portal", "Read in the vendor’s portal"),
                            ("mail", "Written in a mail"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        help_text="What its clocks run under; empty where nothing says what the vendor owes.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="support.serviceversion",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vendor_cases",
                        to="support.ticket",
                    ),
                ),
                (
                    "wait",
                    models.ForeignKey(
                        blank=True,
                        help_text="The ticket’s wait for this vendor.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vendor_cases",
                        to="support.wait",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("ticket"),
                        condition=models.Q(("state", "closed"), _negated=True),
                        name="vendor_case_unclosed",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ticket", "position"), name="vendor_case_once_in_its_place"
                    ),
                    models.UniqueConstraint(
                        fields=("ticket", "party", "number"), name="vendor_case_recorded_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="vendor_case_has_a_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "[\\x01-\\x1f\\x7f]"), _negated=True),
                        name="a_case_number_is_one_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind", "contact"), _negated=True),
                        name="the_desk_opens_vendor_cases",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("party__in", ["microsoft", "distributor"])),
                        name="vendor_case_with_a_known_party",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opened_how__in", ["phone", "portal", "mail"])),
                        name="vendor_case_says_how_it_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opened_at__lte", models.F("recorded_at"))),
                        name="vendor_case_is_not_of_tomorrow",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("service", None), ("severity", "")),
                            models.Q(("service__isnull", False), models.Q(("severity", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="vendor_case_has_the_severity_of_its_definition",
                    ),
                ],
                "ordering": ["ticket", "position"],
            },
        ),
        migrations.CreateModel(
            name="VendorEscalation",
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
                    "clock",
                    models.CharField(
                        help_text="The key of the vendor’s clock that was missed.", max_length=80
                    ),
                ),
                ("kind", models.CharField(editable=False, help_text="Which target that was.", max_length=16)),
                ("severity", models.CharField(blank=True, editable=False, max_length=20)),
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="escalations.vendorcase",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(models.F("at"), name="vendor_escalation_by_month")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "^\\s*$"), _negated=True),
                        name="vendor_escalation_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind", "contact"), _negated=True),
                        name="the_desk_escalates_with_vendors",
                    ),
                ],
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="VendorStep",
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
                            ("answered", "First answer"),
                            ("severity", "Another severity"),
                            ("asked", "Question to the customer"),
                            ("dispatched", "Somebody on site"),
                            ("noted", "Word"),
                            ("contact", "Another contact"),
                            ("closed", "Closed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("severity", models.CharField(blank=True, help_text="From then on.", max_length=20)),
                ("text", models.TextField(blank=True)),
                ("claimed_at", models.DateTimeField()),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "Told by phone"),
                            ("portal", "Read in the vendor’s portal"),
                            ("mail", "Written in a mail"),
                        ],
                        max_length=6,
                    ),
                ),
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="escalations.vendorcase",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind", "contact"), _negated=True),
                        name="the_desk_notes_vendor_steps",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("how__in", ["phone", "portal", "mail"]),
                            models.Q(("how", ""), ("kind", "contact")),
                            _connector="OR",
                        ),
                        name="vendor_step_says_how_it_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("claimed_at__lte", models.F("at"))),
                        name="vendor_step_is_not_of_tomorrow",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "severity"), models.Q(("severity", ""), _negated=True)),
                            models.Q(models.Q(("kind", "severity"), _negated=True), ("severity", "")),
                            _connector="OR",
                        ),
                        name="only_another_severity_names_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["asked", "noted", "closed", "severity"]), _negated=True),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="vendor_step_says_what",
                    ),
                ],
                "ordering": ["case", "id"],
            },
        ),
    ]

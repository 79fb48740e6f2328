import django.db.models.deletion
from django.db import migrations, models

import support.models.people


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0009_level_guards"),
        ("support", "0026_who_asks_onsite"),
    ]

    operations = [
        migrations.CreateModel(
            name="OnsiteRequest",
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
                        choices=[("hands", "Remote hands"), ("access", "Site access")], max_length=6
                    ),
                ),
                ("equipment", models.CharField(help_text="Which, and where it stands.", max_length=300)),
                ("task", models.CharField(blank=True, help_text="Of the service’s list.", max_length=200)),
                (
                    "company",
                    models.CharField(
                        blank=True, help_text="The vendor or carrier who comes.", max_length=200
                    ),
                ),
                ("visitors", models.TextField(blank=True, help_text="Their names, one a line.")),
                (
                    "zone",
                    support.models.people.ZoneField(
                        blank=True,
                        default="",
                        help_text="The site’s.",
                        max_length=64,
                        validators=[support.models.people.a_zone],
                    ),
                ),
                ("window_from", models.DateTimeField(blank=True, null=True)),
                ("window_until", models.DateTimeField(blank=True, null=True)),
                ("words", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("accepted", "Accepted"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("done", "Done"),
                            ("arrived", "On site"),
                            ("left", "Left"),
                            ("no_show", "Nobody came"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="requested",
                        max_length=10,
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
                    "contact",
                    models.ForeignKey(
                        help_text="Who asks for it.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="onsite_requests",
                        to="support.contact",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="onsite_requests",
                        to="support.ticket",
                    ),
                ),
                (
                    "wait",
                    models.ForeignKey(
                        blank=True,
                        help_text="The ticket’s wait for it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="onsite_requests",
                        to="support.wait",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("at"),
                        condition=models.Q(("state__in", ("requested", "accepted", "approved", "arrived"))),
                        name="onsite_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "position"), name="onsite_once_in_its_place"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["hands", "access"])), name="onsite_of_a_known_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("equipment__regex", "^\\s*$"), _negated=True),
                        name="onsite_names_equipment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("company", ""),
                                ("kind", "hands"),
                                ("visitors", ""),
                                ("wait", None),
                                ("window_from", None),
                                ("window_until", None),
                                ("zone", ""),
                                models.Q(("task", ""), _negated=True),
                            ),
                            models.Q(
                                ("kind", "access"),
                                ("task", ""),
                                ("window_from__isnull", False),
                                ("window_until__isnull", False),
                                models.Q(("company__regex", "^\\s*$"), _negated=True),
                                models.Q(("visitors__regex", "^\\s*$"), _negated=True),
                                models.Q(("zone", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="onsite_says_what_its_kind_needs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("window_from", None),
                            ("window_until__gt", models.F("window_from")),
                            _connector="OR",
                        ),
                        name="site_window_ends_after_it_begins",
                    ),
                ],
                "ordering": ["ticket", "position"],
            },
        ),
        migrations.CreateModel(
            name="OnsiteStep",
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
                            ("requested", "Requested"),
                            ("accepted", "Accepted"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("done", "Done"),
                            ("arrived", "On site"),
                            ("left", "Left"),
                            ("no_show", "Nobody came"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                (
                    "by_whom",
                    models.CharField(
                        blank=True, help_text="Who did the work, or who checked the document.", max_length=200
                    ),
                ),
                (
                    "document",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("passport", "Passport"),
                            ("identity_card", "National identity card"),
                            ("licence", "Driving licence"),
                            ("other", "Another document of a government"),
                        ],
                        max_length=13,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
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
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="escalations.onsiterequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("actor_kind", "contact"), _negated=True),
                            ("kind", "cancelled"),
                            _connector="OR",
                        ),
                        name="contacts_only_cancel_onsite_help",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["declined", "done"]), _negated=True),
                            models.Q(("words__regex", "^\\s*$"), _negated=True),
                            _connector="OR",
                        ),
                        name="onsite_step_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["done", "arrived"]),
                                models.Q(("by_whom__regex", "^\\s*$"), _negated=True),
                            ),
                            models.Q(
                                models.Q(("kind__in", ["done", "arrived"]), _negated=True), ("by_whom", "")
                            ),
                            _connector="OR",
                        ),
                        name="onsite_step_says_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("document__in", ["passport", "identity_card", "licence", "other"]),
                                ("kind", "arrived"),
                            ),
                            models.Q(models.Q(("kind", "arrived"), _negated=True), ("document", "")),
                            _connector="OR",
                        ),
                        name="a_document_is_seen_at_arrival",
                    ),
                ],
                "ordering": ["request", "id"],
            },
        ),
    ]

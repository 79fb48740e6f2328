import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0013_written_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallRecord",
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
                ("channel", models.CharField(choices=[("phone", "Phone"), ("chat", "Chat")], max_length=8)),
                ("offered_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("abandoned_at", models.DateTimeField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="The system that told it; empty: typed.", max_length=60
                    ),
                ),
                ("source_key", models.CharField(blank=True, help_text="Its number there.", max_length=100)),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_records",
                        to="support.contract",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("contract"), models.F("offered_at"), name="call_of_contract_by_month"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("abandoned_at__gte", models.F("offered_at")),
                                ("abandoned_at__isnull", False),
                                ("answered_at", None),
                            ),
                            models.Q(
                                ("abandoned_at", None),
                                ("answered_at__gte", models.F("offered_at")),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="calls_end_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recorded_at__gte", models.F("offered_at")),
                            models.Q(
                                ("answered_at", None),
                                ("recorded_at__gte", models.F("answered_at")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("abandoned_at", None),
                                ("recorded_at__gte", models.F("abandoned_at")),
                                _connector="OR",
                            ),
                        ),
                        name="calls_are_recorded_afterwards",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("source", "source_key"),
                        name="call_once_per_source",
                    ),
                ],
                "verbose_name": "call or chat",
                "verbose_name_plural": "calls and chats",
                "ordering": ["-offered_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="CallStriking",
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
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="striking",
                        to="support.callrecord",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="striking_has_a_reason"
                    )
                ],
                "verbose_name": "struck-out call",
            },
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0016_finding"),
    ]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="automatic",
            field=models.BooleanField(
                default=True, help_text="Says so in its header, so that no machine answers it."
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="reply_to",
            field=models.CharField(
                blank=True, help_text="Where answers lead; empty: to the desk.", max_length=254
            ),
        ),
        migrations.CreateModel(
            name="InboundMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mailbox", models.CharField(max_length=100)),
                (
                    "recipient",
                    models.CharField(
                        blank=True, help_text="Whom the server delivered it to.", max_length=320
                    ),
                ),
                ("sha256", models.BinaryField(max_length=32)),
                ("raw", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("stored", "Not read yet"),
                            ("reply", "A reply on its ticket"),
                            ("ticket", "A new ticket"),
                            ("stub", "To be looked at"),
                            ("aside", "Set aside"),
                        ],
                        default="stored",
                        max_length=8,
                    ),
                ),
                ("sender", models.CharField(blank=True, max_length=320)),
                ("subject", models.CharField(blank=True, max_length=250)),
                (
                    "automatic",
                    models.BooleanField(default=False, help_text="Written by a machine: never answered."),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True, help_text="Why somebody has to look, or set it aside.", max_length=300
                    ),
                ),
                ("dealt_by", models.CharField(blank=True, max_length=200)),
                ("dealt_at", models.DateTimeField(blank=True, null=True)),
                (
                    "message",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inbound",
                        to="support.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inbound",
                        to="support.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail that came in",
                "verbose_name_plural": "mail that came in",
                "ordering": ["-received_at", "-id"],
                "indexes": [
                    models.Index(
                        models.F("received_at"),
                        condition=models.Q(("state", "stub")),
                        name="inbound_to_look_at",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("mailbox", "sha256"), name="inbound_once_per_mailbox"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("message__isnull", False),
                                ("state__in", ["reply", "ticket"]),
                                ("ticket__isnull", False),
                            ),
                            models.Q(("message", None), ("state__in", ["stored", "stub", "aside"])),
                            _connector="OR",
                        ),
                        name="inbound_is_where_it_says",
                    ),
                ],
            },
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0016_gdap_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BookImport",
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
                        choices=[
                            ("customers", "Customers"),
                            ("contacts", "Contacts"),
                            ("rate-cards", "Rate cards"),
                            ("contracts", "Contracts"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("data", models.BinaryField()),
                ("asked_at", models.DateTimeField()),
                ("total", models.PositiveIntegerField(default=0, help_text="Rows that can be read.")),
                ("done", models.PositiveIntegerField(default=0, help_text="Of them in this run.")),
                ("foreseen", models.JSONField(help_text="What the dry run found.", null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("created", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("result", models.JSONField(help_text="What the import did.", null=True)),
                ("rejects", models.BinaryField(default=b"")),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                ("foreseen__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="book_taken_only_after_a_look",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result__isnull", True), ("confirmed_at__isnull", False), _connector="OR"
                        ),
                        name="book_result_of_a_confirmed_one",
                    ),
                ],
            },
        ),
    ]

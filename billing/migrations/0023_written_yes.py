import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0022_statements_of_work"),
        ("support", "0023_tenants"),
    ]

    operations = [
        migrations.AlterField(
            model_name="signature",
            name="code",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signature",
                to="billing.offercode",
            ),
        ),
        migrations.AlterField(
            model_name="signature",
            name="how",
            field=models.CharField(
                choices=[
                    ("code", "One-time code to the address on file"),
                    ("mail", "Mail, recorded and checked by two of the desk"),
                    ("document", "Signed document, recorded and checked by two of the desk"),
                    ("order", "Purchase order, recorded and checked by two of the desk"),
                ],
                default="code",
                max_length=12,
                verbose_name="how authenticated",
            ),
        ),
        migrations.CreateModel(
            name="WrittenYes",
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
                        choices=[
                            ("mail", "Mail"),
                            ("document", "Signed document"),
                            ("order", "Purchase order"),
                        ],
                        max_length=8,
                    ),
                ),
                ("signed_name", models.CharField(help_text="The name that stands under it.", max_length=200)),
                (
                    "reference",
                    models.CharField(
                        blank=True, help_text="Its own number, such as a purchase order's.", max_length=100
                    ),
                ),
                ("says", models.TextField(help_text="The words that are the yes, as they stand there.")),
                (
                    "dated_on",
                    models.DateField(
                        help_text="The letter's own date; the yes counts from its confirmation."
                    ),
                ),
                ("original_sha256", models.CharField(max_length=64)),
                ("sha256", models.BinaryField(help_text="Of the offer that it answers.", max_length=32)),
                (
                    "recorded_at",
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
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="written",
                        to="billing.offer",
                    ),
                ),
                (
                    "original",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="support.file"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_name", ""), _negated=True),
                            models.Q(("says", ""), _negated=True),
                        ),
                        name="a_written_yes_says_who_and_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("way", "order"), _negated=True),
                            models.Q(("reference", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_purchase_order_has_its_number",
                    ),
                ],
                "ordering": ["offer", "id"],
            },
        ),
        migrations.CreateModel(
            name="WrittenCheck",
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
                ("confirmed", models.BooleanField()),
                ("reason", models.TextField(blank=True)),
                ("sha256", models.BinaryField(help_text="Of the offer that was shown.", max_length=32)),
                (
                    "original_sha256",
                    models.CharField(help_text="Of the original that was shown.", max_length=64),
                ),
                (
                    "checked_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
                (
                    "written",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_made",
                        to="billing.writtenyes",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="a_written_yes_is_refused_with_a_reason",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="signature",
            name="written",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signature",
                to="billing.writtenyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code__isnull", False), ("how", "code"), ("written", None)),
                    models.Q(
                        ("code", None), ("how__in", ["mail", "document", "order"]), ("written__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="signed_with_a_code_or_on_paper",
            ),
        ),
    ]

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0015_call_guards"),
    ]

    operations = [
        migrations.RunSQL(  # six figures went round after a million
            "ALTER TABLE support_ticket ALTER COLUMN number SET DEFAULT "
            "('SR-' || to_char(nextval('support_ticket_number'), 'FM9999999000000'))",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=500)),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                django.db.models.functions.comparison.Collate(
                    django.db.models.functions.text.Reverse(
                        django.db.models.functions.text.Right(
                            models.Func(
                                "phone",
                                models.Value("[^0-9]"),
                                models.Value(""),
                                models.Value("g"),
                                function="regexp_replace",
                                output_field=models.TextField(),
                            ),
                            8,
                        )
                    ),
                    "C",
                ),
                name="contact_by_phone",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                django.db.models.functions.text.Lower(
                    models.Func(
                        "email",
                        models.Value("@"),
                        models.Value(2),
                        function="split_part",
                        output_field=models.TextField(),
                    )
                ),
                name="contact_by_domain",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_views",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("user", "name"), name="saved_view_named_once"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="saved_view_has_a_name"
            ),
        ),
    ]

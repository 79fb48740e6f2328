import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0030_raised_by_channel"),
    ]

    operations = [
        migrations.CreateModel(
            name="OnsiteVisitor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(help_text="Of the names in the request, from 1."),
                ),
                ("name", models.TextField(editable=False)),
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
                        help_text="What was shown; of whoever was let in.",
                        max_length=13,
                    ),
                ),
                (
                    "by_whom",
                    models.CharField(help_text="Who checked it, or turned him away.", max_length=200),
                ),
                (
                    "turned_away",
                    models.CharField(
                        blank=True, help_text="Why he was not let in; empty of whoever was.", max_length=300
                    ),
                ),
            ],
            options={
                "ordering": ["step", "position"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="onsitestep",
            name="onsite_step_says_by_whom",
        ),
        migrations.RemoveConstraint(
            model_name="onsitestep",
            name="a_document_is_seen_at_arrival",
        ),
        migrations.AlterField(
            model_name="onsitestep",
            name="by_whom",
            field=models.CharField(blank=True, help_text="Who did the work.", max_length=200),
        ),
        migrations.AddConstraint(
            model_name="onsitestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "done"), models.Q(("by_whom__regex", "^\\s*$"), _negated=True)),
                    models.Q(models.Q(("kind", "done"), _negated=True), ("by_whom", "")),
                    ("kind", "arrived"),
                    _connector="OR",
                ),
                name="onsite_step_says_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="onsitestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("document__in", ["passport", "identity_card", "licence", "other"]),
                        ("kind", "arrived"),
                    ),
                    ("document", ""),
                    _connector="OR",
                ),
                name="a_document_is_seen_at_arrival",
            ),
        ),
        migrations.AddField(
            model_name="onsitevisitor",
            name="step",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visitors",
                to="escalations.onsitestep",
            ),
        ),
        migrations.AddConstraint(
            model_name="onsitevisitor",
            constraint=models.UniqueConstraint(
                fields=("step", "position"), name="visitor_once_in_an_arrival"
            ),
        ),
        migrations.AddConstraint(
            model_name="onsitevisitor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("document__in", ["passport", "identity_card", "licence", "other"]),
                        ("turned_away", ""),
                    ),
                    models.Q(("document", ""), models.Q(("turned_away__regex", "^\\s*$"), _negated=True)),
                    _connector="OR",
                ),
                name="visitor_shows_a_document_or_is_turned_away",
            ),
        ),
        migrations.AddConstraint(
            model_name="onsitevisitor",
            constraint=models.CheckConstraint(
                condition=models.Q(("by_whom__regex", "^\\s*$"), _negated=True),
                name="visitor_is_checked_by_somebody",
            ),
        ),
    ]

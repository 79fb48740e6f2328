from pathlib import Path

from django.conf import settings
from django.db import migrations, models

from support.guards import functions, sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0030_surcharges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="billedentry",
            name="entry_on_one_live_line",
        ),
        migrations.AddField(
            model_name="billedentry",
            name="surcharge",
            field=models.CharField(
                blank=True,
                choices=[("out_of_hours", "Out of hours"), ("on_site", "On site"), ("visit", "Visits")],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="surcharge",
            field=models.CharField(
                blank=True,
                choices=[("out_of_hours", "Out of hours"), ("on_site", "On site"), ("visit", "Visits")],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="surcharged",
            field=models.IntegerField(
                db_default=0,
                default=0,
                help_text="Minutes that a surcharge is for, billed on a line of time.",
            ),
        ),
        migrations.AddField(
            model_name="latework",
            name="on_site",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="timeentry",
            name="on_site",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="timeentry",
            name="out_of_hours",
            field=models.BooleanField(
                db_default=False, default=False, help_text="By the calendar that the offer pins."
            ),
        ),
        migrations.AddField(
            model_name="timeentry",
            name="visit",
            field=models.BooleanField(
                db_default=False, default=False, help_text="The part with which a visit begins."
            ),
        ),
        migrations.AddField(
            model_name="timer",
            name="on_site",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="billedentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("credited_by", None)),
                fields=("entry", "surcharge"),
                name="entry_on_one_live_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "credit"),
                    models.Q(
                        ("kind", "surcharge"), ("minutes", 0), models.Q(("surcharge", ""), _negated=True)
                    ),
                    models.Q(
                        models.Q(("kind", "surcharge"), _negated=True), ("surcharge", ""), ("surcharged", 0)
                    ),
                    _connector="OR",
                ),
                name="surcharges_say_which",
            ),
        ),
        migrations.AddConstraint(
            model_name="timeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("out_of_hours", False), ("visit", False)),
                    ("approval__isnull", False),
                    _connector="OR",
                ),
                name="surcharged_time_is_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="timeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("visit", False), ("on_site", True), _connector="OR"),
                name="visits_are_on_site",
            ),
        ),
        migrations.AddConstraint(
            model_name="timeentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_by", None), ("visit", True)),
                fields=("piece", "approval"),
                name="one_visit_for_a_piece_of_work",
            ),
        ),
        migrations.RunSQL(*sql("hours", GUARDS)),
        migrations.RunSQL(functions("time", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(functions("invoices", GUARDS), migrations.RunSQL.noop),
    ]

from decimal import Decimal
from pathlib import Path

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.db import migrations, models

import support.models.tracked
from support.guards import functions, sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0029_assist"),
        ("support", "0025_first_day_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalSurcharge",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("actor_kind", models.CharField(editable=False, max_length=8)),
                ("actor_id", models.BigIntegerField(editable=False, null=True)),
                ("actor_name", models.CharField(editable=False, max_length=200)),
                (
                    "history_transaction",
                    support.models.tracked.Xid8(
                        db_default=support.models.tracked.CurrentTransaction(), editable=False
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("out_of_hours", "Out of hours"), ("on_site", "On site")], max_length=12
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("per_cent", "Per cent of the hourly rate"),
                            ("hour", "Amount an hour"),
                            ("visit", "Amount a visit"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Per cent, or money in the card’s currency.",
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical surcharge",
                "verbose_name_plural": "historical surcharges",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Surcharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("out_of_hours", "Out of hours"), ("on_site", "On site")], max_length=12
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("per_cent", "Per cent of the hourly rate"),
                            ("hour", "Amount an hour"),
                            ("visit", "Amount a visit"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Per cent, or money in the card’s currency.",
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                    ),
                ),
            ],
            options={
                "ordering": ["card", "what"],
            },
        ),
        migrations.AddField(
            model_name="offer",
            name="in_hours",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="support.calendarversion",
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="on_site_rate",
            field=models.DecimalField(
                db_default=Decimal("0"),
                decimal_places=2,
                default=Decimal("0"),
                help_text="Added to an hour on site.",
                max_digits=12,
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="out_of_hours_rate",
            field=models.DecimalField(
                db_default=Decimal("0"),
                decimal_places=2,
                default=Decimal("0"),
                help_text="Added to an hour outside the calendar; 0: none.",
                max_digits=12,
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="visit_price",
            field=models.DecimalField(
                db_default=Decimal("0"),
                decimal_places=2,
                default=Decimal("0"),
                help_text="Added for a piece of work on site.",
                max_digits=12,
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="visits",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Pieces of work on site at most; 0: none."
            ),
        ),
        migrations.AlterField(
            model_name="historicalratecard",
            name="terms",
            field=models.TextField(blank=True, help_text="Other terms, printed in offers."),
        ),
        migrations.AlterField(
            model_name="ratecard",
            name="terms",
            field=models.TextField(blank=True, help_text="Other terms, printed in offers."),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("in_hours", None), ("out_of_hours_rate", 0)),
                    models.Q(("in_hours__isnull", False), ("out_of_hours_rate__gt", 0)),
                    _connector="OR",
                ),
                name="out_of_hours_is_by_a_calendar",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("on_site_rate", 0), ("visit_price", 0), ("visits", 0)),
                    models.Q(("on_site_rate__gte", 0), ("visit_price__gte", 0), ("visits__gt", 0)),
                    _connector="OR",
                ),
                name="on_site_is_offered_with_its_visits",
            ),
        ),
        migrations.AddField(
            model_name="historicalsurcharge",
            name="calendar",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Out of hours is what it has closed. An offer pins its newest version, or the contract’s own.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="support.calendarversion",
            ),
        ),
        migrations.AddField(
            model_name="historicalsurcharge",
            name="card",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="billing.ratecard",
            ),
        ),
        migrations.AddField(
            model_name="surcharge",
            name="calendar",
            field=models.ForeignKey(
                blank=True,
                help_text="Out of hours is what it has closed. An offer pins its newest version, or the contract’s own.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="support.calendarversion",
            ),
        ),
        migrations.AddField(
            model_name="surcharge",
            name="card",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="surcharges", to="billing.ratecard"
            ),
        ),
        migrations.AddConstraint(
            model_name="surcharge",
            constraint=models.UniqueConstraint(fields=("card", "what"), name="one_surcharge_of_each_kind"),
        ),
        migrations.AddConstraint(
            model_name="surcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)),
                name="surcharge_is_more_than_nothing",
                violation_error_message="A surcharge is more than nothing.",
            ),
        ),
        migrations.AddConstraint(
            model_name="surcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("calendar__isnull", False), ("what", "out_of_hours")),
                    models.Q(("calendar", None), ("what", "on_site")),
                    _connector="OR",
                ),
                name="out_of_hours_by_a_calendar",
                violation_error_message="Out of hours needs the calendar that says what is in hours; on site needs none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="surcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("what", "on_site"), models.Q(("how", "visit"), _negated=True), _connector="OR"
                ),
                name="only_visits_are_on_site",
                violation_error_message="Only work on site is charged by the visit.",
            ),
        ),
        migrations.RunSQL(*sql("surcharges", GUARDS)),
        migrations.RunSQL(functions("evidence", GUARDS), migrations.RunSQL.noop),
    ]

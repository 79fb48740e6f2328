from decimal import Decimal
from pathlib import Path

import django.core.validators
from django.db import migrations, models

from support.guards import functions, sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0032_fixed_prices"),
        ("support", "0025_first_day_guards"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="offer",
            name="offer_means_something",
        ),
        migrations.AddField(
            model_name="historicalratecard",
            name="minimum_charge",
            field=models.DecimalField(
                db_default=Decimal("0"),
                decimal_places=2,
                default=Decimal("0"),
                help_text="Charged at least for an engagement, once any of it was worked. 0: none.",
                max_digits=12,
                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="minimum_charge",
            field=models.DecimalField(
                db_default=Decimal("0"),
                decimal_places=2,
                default=Decimal("0"),
                help_text="What the engagement comes to at least, once any of it was worked; 0: none.",
                max_digits=12,
            ),
        ),
        migrations.AddField(
            model_name="ratecard",
            name="minimum_charge",
            field=models.DecimalField(
                db_default=Decimal("0"),
                decimal_places=2,
                default=Decimal("0"),
                help_text="Charged at least for an engagement, once any of it was worked. 0: none.",
                max_digits=12,
                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum_charge__gte", 0)), name="offered_minimum_is_nothing_or_more"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gt", 0),
                    ("increment__gt", 0),
                    ("rate__gt", 0),
                    models.Q(
                        models.Q(("cap__gt", 0), ("fixed_for", ""), ("fixed_price", 0)),
                        models.Q(
                            ("cap", 0),
                            ("fixed_price__gt", 0),
                            ("in_hours", None),
                            ("minimum_charge", 0),
                            ("statement__isnull", False),
                            ("visits", 0),
                            models.Q(("fixed_for", ""), _negated=True),
                        ),
                        _connector="OR",
                    ),
                ),
                name="offer_means_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="ratecard",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum_charge__gte", 0)), name="minimum_charge_is_nothing_or_more"
            ),
        ),
        migrations.RunSQL(*sql("offered_minimums", GUARDS)),
        migrations.RunSQL(functions("evidence", GUARDS), migrations.RunSQL.noop),
    ]

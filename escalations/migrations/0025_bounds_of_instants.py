import datetime

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0024_reports_dated_anew"),
        ("support", "0026_who_asks_onsite"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="incidentreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_at__gte", datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                    ("due_at__lt", datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                ),
                name="report_is_due_in_our_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="maintenancewindow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__lt", datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                    (
                        "ends_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("begins_at"), "+", models.Value(datetime.timedelta(days=31))
                        ),
                    ),
                ),
                name="window_is_of_a_month_at_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expected_at", None),
                    models.Q(
                        (
                            "expected_at__gte",
                            datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.UTC),
                        ),
                        (
                            "expected_at__lt",
                            datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.UTC),
                        ),
                    ),
                    _connector="OR",
                ),
                name="notice_expects_in_our_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("began_at__gte", datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                    ("began_at__lt", datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                ),
                name="outage_began_in_our_time",
            ),
        ),
    ]

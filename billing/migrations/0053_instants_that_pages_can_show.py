import datetime
from pathlib import Path

from django.conf import settings
from django.db import migrations, models

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0052_days_that_pages_can_show"),
        ("support", "0036_days_that_pages_can_show"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="latework",
            name="late_work_in_our_time",
        ),
        migrations.RemoveConstraint(
            model_name="tickettime",
            name="work_in_our_time",
        ),
        migrations.AddConstraint(
            model_name="bookimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("asked_at", None),
                        models.Q(
                            ("asked_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                            (
                                "asked_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("confirmed_at", None),
                        models.Q(
                            (
                                "confirmed_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "confirmed_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                ),
                name="import_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("requested_at", None),
                    models.Q(
                        ("requested_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                        (
                            "requested_at__lt",
                            datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                        ),
                    ),
                    _connector="OR",
                ),
                name="engagement_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="exportbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("exported_at", None),
                    models.Q(
                        ("exported_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                        (
                            "exported_at__lt",
                            datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                        ),
                    ),
                    _connector="OR",
                ),
                name="exported_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="exportbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("month", None),
                    models.Q(
                        ("month__gte", datetime.date(1, 1, 1)), ("month__lte", datetime.date(9999, 12, 31))
                    ),
                    _connector="OR",
                ),
                name="batch_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("made_at", None),
                    models.Q(
                        ("made_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                        ("made_at__lt", datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC)),
                    ),
                    _connector="OR",
                ),
                name="invoice_made_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="latework",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("started_at", None),
                        models.Q(
                            (
                                "started_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "started_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("stopped_at", None),
                        models.Q(
                            (
                                "stopped_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "stopped_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("told_at", None),
                        models.Q(
                            ("told_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                            (
                                "told_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                ),
                name="late_work_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offercode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opened_at", None),
                    models.Q(
                        ("opened_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                        (
                            "opened_at__lt",
                            datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                        ),
                    ),
                    _connector="OR",
                ),
                name="code_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opened_at", None),
                    models.Q(
                        ("opened_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                        (
                            "opened_at__lt",
                            datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                        ),
                    ),
                    _connector="OR",
                ),
                name="signature_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tickettime",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("started_at", None),
                        models.Q(
                            (
                                "started_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "started_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("stopped_at", None),
                        models.Q(
                            (
                                "stopped_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "stopped_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("cancelled_at", None),
                        models.Q(
                            (
                                "cancelled_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "cancelled_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                ),
                name="work_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.RunSQL(functions("offers", GUARDS), migrations.RunSQL.noop),
    ]

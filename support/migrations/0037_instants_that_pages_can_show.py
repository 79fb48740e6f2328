import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("support", "0036_days_that_pages_can_show"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="callrecord",
            name="call_in_our_time",
        ),
        migrations.AddConstraint(
            model_name="calendarmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("at", None),
                    models.Q(
                        ("at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                        ("at__lt", datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC)),
                    ),
                    _connector="OR",
                ),
                name="calendar_move_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("added_at", None),
                    models.Q(
                        ("added_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                        ("added_at__lt", datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC)),
                    ),
                    _connector="OR",
                ),
                name="calendar_version_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="callrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("offered_at", None),
                        models.Q(
                            (
                                "offered_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "offered_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("answered_at", None),
                        models.Q(
                            (
                                "answered_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "answered_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("abandoned_at", None),
                        models.Q(
                            (
                                "abandoned_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "abandoned_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("recorded_at", None),
                        models.Q(
                            (
                                "recorded_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "recorded_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                ),
                name="call_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="callstriking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("at", None),
                    models.Q(
                        ("at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                        ("at__lt", datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC)),
                    ),
                    _connector="OR",
                ),
                name="call_striking_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="file",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("added_at", None),
                    models.Q(
                        ("added_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                        ("added_at__lt", datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC)),
                    ),
                    _connector="OR",
                ),
                name="file_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="firstday",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("begun_at", None),
                        models.Q(
                            ("begun_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                            (
                                "begun_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("finished_at", None),
                        models.Q(
                            (
                                "finished_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "finished_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                ),
                name="first_day_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inboundmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("received_at", None),
                        models.Q(
                            (
                                "received_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "received_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("dealt_at", None),
                        models.Q(
                            ("dealt_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                            (
                                "dealt_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                ),
                name="inbound_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("queued_at", None),
                        models.Q(
                            (
                                "queued_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "queued_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("sent_at", None),
                        models.Q(
                            ("sent_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                            (
                                "sent_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                ),
                name="mail_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("at", None),
                    models.Q(
                        ("at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                        ("at__lt", datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC)),
                    ),
                    _connector="OR",
                ),
                name="message_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="replayrun",
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
                        ("ended_at", None),
                        models.Q(
                            ("ended_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                            (
                                "ended_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                ),
                name="replay_asked_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("added_at", None),
                    models.Q(
                        ("added_at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                        ("added_at__lt", datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC)),
                    ),
                    _connector="OR",
                ),
                name="service_version_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("at", None),
                    models.Q(
                        ("at__gte", datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                        ("at__lt", datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC)),
                    ),
                    _connector="OR",
                ),
                name="submission_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("created_at", None),
                        models.Q(
                            (
                                "created_at__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "created_at__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("last_login", None),
                        models.Q(
                            (
                                "last_login__gte",
                                datetime.datetime(1, 1, 2, 0, 0, tzinfo=datetime.UTC),
                            ),
                            (
                                "last_login__lt",
                                datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC),
                            ),
                        ),
                        _connector="OR",
                    ),
                ),
                name="user_in_our_time",
                violation_error_message="No page can show that day: look at the year.",
            ),
        ),
    ]

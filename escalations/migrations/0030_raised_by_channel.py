from pathlib import Path

from django.db import migrations, models

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"
# What is only ever added is never updated: the column is written anew instead, as far as a row says how it came.
AS_IT_CAME = """
    ALTER TABLE escalations_escalation ALTER COLUMN channel TYPE varchar(6) USING CASE
        WHEN actor_kind = 'contact' AND contact_id = actor_id THEN 'portal'
        WHEN actor_kind = 'staff' AND contact_id IS NULL THEN 'desk'
        WHEN actor_kind = 'system' AND contact_id IS NULL THEN 'alarm' ELSE '' END
"""
HELD = "REVOKE EXECUTE ON FUNCTION ladder_asked_by FROM PUBLIC"


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0029_document_numbers_of_any_script"),
        ("support", "0026_who_asks_onsite"),
    ]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="channel",
            field=models.CharField(
                blank=True,
                choices=[
                    ("phone", "Phone"),
                    ("email", "E-mail"),
                    ("portal", "Portal"),
                    ("desk", "The desk itself"),
                    ("alarm", "By itself"),
                ],
                help_text="How it came; empty where nobody wrote that down.",
                max_length=6,
            ),
        ),
        migrations.RunSQL(AS_IT_CAME, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("actor_id__isnull", False),
                        ("actor_kind", "contact"),
                        ("channel", "portal"),
                        ("contact__isnull", False),
                        ("contact_id", models.F("actor_id")),
                    ),
                    models.Q(
                        ("actor_kind", "staff"),
                        ("channel__in", ("phone", "email")),
                        ("contact__isnull", False),
                    ),
                    models.Q(("actor_kind", "staff"), ("channel", "desk"), ("contact", None)),
                    models.Q(("actor_kind", "system"), ("channel", "alarm"), ("contact", None)),
                    ("channel", ""),
                    _connector="OR",
                ),
                name="escalation_came_as_it_says",
            ),
        ),
        migrations.RunSQL(functions("ladder", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(HELD, migrations.RunSQL.noop),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0025_bounds_of_instants"),
        ("support", "0026_who_asks_onsite"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="handoffalarm",
            name="handoff_alarms_once",
        ),
        migrations.AddField(
            model_name="handoffalarm",
            name="lost",
            field=models.OneToOneField(
                blank=True,
                help_text="The accepted one, where whoever accepted has it no longer, or is not there.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="loss",
                to="escalations.handoff",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Func(
                        models.F("closes_at"), function="isfinite", output_field=models.BooleanField()
                    )
                ),
                name="handoff_is_for_an_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoffalarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "region"), ("lost", None)),
                fields=("ticket", "closes_at"),
                name="handoff_alarms_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoffalarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "person")), fields=("handoff",), name="person_handoff_alarms_once"
            ),
        ),
    ]

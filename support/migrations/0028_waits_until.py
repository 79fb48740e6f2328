from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("support", "0027_accredited_partners")]

    operations = [
        migrations.AddField(
            model_name="wait",
            name="until",
            field=models.DateTimeField(
                blank=True, help_text="Over then at the latest, whenever that is noticed.", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="wait",
            constraint=models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("started_at")), name="wait_lasts_until_later"
            ),
        ),
        migrations.AddConstraint(
            model_name="wait",
            constraint=models.CheckConstraint(
                condition=Q(until=None) | Q(ended_at=None) | Q(ended_at__lte=F("until")),
                name="wait_ends_by_its_until",
            ),
        ),
    ]

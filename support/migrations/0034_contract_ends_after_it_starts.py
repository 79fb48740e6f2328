from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("support", "0033_management_is_told_once_a_cycle")]

    operations = [
        migrations.AlterConstraint(
            model_name="contract",
            name="contract_ends_after_it_starts",
            constraint=models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_it_starts",
                violation_error_message="The last day in force is before the first one: choose a later one.",
            ),
        ),
    ]

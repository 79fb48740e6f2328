import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0027_handoff_guards_of_who_is_there"),
        ("support", "0026_who_asks_onsite"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="vendorcase",
            name="vendor_case_recorded_once",
        ),
        migrations.AddConstraint(
            model_name="vendorcase",
            constraint=models.UniqueConstraint(
                models.F("ticket"),
                models.F("party"),
                django.db.models.functions.text.Lower("number"),
                name="vendor_case_recorded_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendorcase",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__regex", "^[A-Za-z0-9_.:+/=#-]+(@[0-9]+)?$")),
                name="a_case_number_is_a_code",
            ),
        ),
    ]

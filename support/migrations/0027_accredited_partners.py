from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0026_who_asks_onsite"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="accredited_until",
            field=models.DateField(
                blank=True,
                help_text="Of a partner: the last day of its accreditation. Empty: it is not accredited.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="historicalcustomer",
            name="accredited_until",
            field=models.DateField(
                blank=True,
                help_text="Of a partner: the last day of its accreditation. Empty: it is not accredited.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("partner", None), ("accredited_until", None), _connector="OR"),
                name="only_partners_are_accredited",
                violation_error_message="Only a partner is accredited, and this customer has one: write it on that one’s record.",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0025_first_day_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="asks_onsite",
            field=models.BooleanField(
                default=False,
                help_text="Remote hands, and access to the site for a vendor or carrier.",
                verbose_name="may ask for onsite assistance",
            ),
        ),
        migrations.AddField(
            model_name="historicalcontact",
            name="asks_onsite",
            field=models.BooleanField(
                default=False,
                help_text="Remote hands, and access to the site for a vendor or carrier.",
                verbose_name="may ask for onsite assistance",
            ),
        ),
    ]

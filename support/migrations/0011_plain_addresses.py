from django.db import migrations, models

import support.models.people


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("support", "0010_alarm_guards"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="email",
            field=support.models.people.AddressField(max_length=254, verbose_name="e-mail"),
        ),
        migrations.AlterField(
            model_name="historicalcontact",
            name="email",
            field=support.models.people.AddressField(max_length=254, verbose_name="e-mail"),
        ),
        migrations.AlterField(
            model_name="historicaluser",
            name="email",
            field=support.models.people.AddressField(max_length=254, verbose_name="e-mail"),
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=support.models.people.AddressField(max_length=254, verbose_name="e-mail"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("email__regex", "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$")
                ),
                name="contact_address_is_plain",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("email__regex", "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$")
                ),
                name="user_address_is_plain",
            ),
        ),
    ]

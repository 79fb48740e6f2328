from django.db import migrations, models

import support.naming


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0012_told_once"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="name",
            field=models.CharField(max_length=200, validators=[support.naming.a_written_name]),
        ),
        migrations.AlterField(
            model_name="historicalcontact",
            name="name",
            field=models.CharField(max_length=200, validators=[support.naming.a_written_name]),
        ),
        migrations.AlterField(
            model_name="historicaluser",
            name="name",
            field=models.CharField(max_length=200, validators=[support.naming.a_written_name]),
        ),
        migrations.AlterField(
            model_name="user",
            name="name",
            field=models.CharField(max_length=200, validators=[support.naming.a_written_name]),
        ),
    ]

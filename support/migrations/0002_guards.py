from django.db import migrations

from support.guards import sql


class Migration(migrations.Migration):
    dependencies = [("support", "0001_initial")]

    operations = [
        migrations.RunSQL(*sql("now")),
        migrations.RunSQL(*sql("history")),
        migrations.RunSQL(*sql("people")),
    ]

from django.db import migrations

from support.guards import sql


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0011_plain_addresses"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [migrations.RunSQL(*sql("once"))]

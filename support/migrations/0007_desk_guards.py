from django.db import migrations

from support.guards import sql


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0006_a_title_is_one_line"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunSQL(*sql("desk"))]

from django.db import migrations

from support.guards import sql


class Migration(migrations.Migration):
    dependencies = [("support", "0030_words_as_typed")]

    operations = [migrations.RunSQL(*sql("grants"))]

from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0045_months_close_without_drafts"),
        ("support", "0029_history_of_now"),
    ]

    operations = [
        migrations.RunSQL(*sql("engagement_history", GUARDS)),
    ]

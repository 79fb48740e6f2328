from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0042_credits_undo_whole_lines"),
    ]

    operations = [
        migrations.RunSQL(*sql("engagement_moves", GUARDS)),
    ]

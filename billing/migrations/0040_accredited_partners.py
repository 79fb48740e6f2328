from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from support.guards import functions, sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0039_scope_by_the_lists"),
        ("support", "0027_accredited_partners"),
    ]

    operations = [
        migrations.AddField(
            model_name="scopedecision",
            name="accredited_partner",
            field=models.ForeignKey(
                editable=False,
                help_text="Where the way is for an accredited partner: whose accreditation held, and until when.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="support.customer",
            ),
        ),
        migrations.AddField(
            model_name="scopedecision",
            name="accredited_until",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.RunSQL(*sql("accredited", GUARDS)),
        *(migrations.RunSQL(functions(name, GUARDS), migrations.RunSQL.noop) for name in ("listed", "ways")),
    ]

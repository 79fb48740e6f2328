from pathlib import Path

from django.db import migrations, models

from support.guards import functions, sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [("billing", "0026_way_guards")]

    operations = [
        migrations.RemoveConstraint("invoice", "invoice_number_once"),
        migrations.AddConstraint(
            "invoice",
            models.UniqueConstraint(fields=("series", "number"), name="invoice_number_once"),
        ),
        migrations.RunSQL(*sql("series", GUARDS)),
        *(
            migrations.RunSQL(functions(name, GUARDS), migrations.RunSQL.noop)
            for name in ("gdap", "invoices", "invoice_notes")
        ),
    ]

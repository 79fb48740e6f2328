from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import support.models.tracked
from support.guards import functions, sql

GUARDS = Path(__file__).parents[1] / "guards"
# What was one file in its batch's row becomes the first file of that batch, in one piece.
MOVED = """
    INSERT INTO billing_exportfile (batch_id, number, credits, rows, size, sha256)
        SELECT id, 1, false, rows, length(content), sha256 FROM billing_exportbatch;
    INSERT INTO billing_exportpiece (file_id, number, content)
        SELECT f.id, 1, b.content FROM billing_exportfile f JOIN billing_exportbatch b ON b.id = f.batch_id;
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE billing_exportbatch DROP CONSTRAINT batch_hash_is_of_its_bytes;
    ALTER TABLE billing_exportpiece ALTER content SET STORAGE EXTERNAL
"""
BACK = """
    ALTER TABLE billing_exportbatch ADD CONSTRAINT batch_hash_is_of_its_bytes CHECK (sha256 = sha256(content))
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0011_evidence_of_its_customer")]

    operations = [
        migrations.CreateModel(
            name="ExportFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("credits", models.BooleanField(default=False)),
                ("rows", models.PositiveIntegerField(help_text="Invoice lines in it.")),
                ("size", models.PositiveBigIntegerField(help_text="Bytes.")),
                ("sha256", models.BinaryField(max_length=32)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="billing.exportbatch",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "number"), name="file_once_in_its_batch")
                ],
                "ordering": ["batch", "number"],
            },
        ),
        migrations.CreateModel(
            name="ExportPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pieces",
                        to="billing.exportfile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("file", "number"), name="piece_once_in_its_file")
                ],
            },
        ),
        migrations.RunSQL(MOVED, BACK),
        migrations.RemoveField(model_name="exportbatch", name="content"),
        migrations.RemoveField(model_name="exportbatch", name="sha256"),
        migrations.AddField(
            model_name="exportbatch",
            name="settings",
            field=models.JSONField(default=dict, help_text="Of the finance program, as they were."),
        ),
        migrations.AddField(
            model_name="exportbatch",
            name="made_in",
            field=support.models.tracked.Xid8(
                db_default=support.models.tracked.CurrentTransaction(), editable=False
            ),
        ),
        migrations.RunSQL(*sql("export_files", GUARDS)),
        migrations.RunSQL(functions("exports", GUARDS), migrations.RunSQL.noop),
    ]

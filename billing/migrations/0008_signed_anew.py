from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0007_whole_evidence"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="signature",
            name="one_signature_per_approver",
        ),
    ]

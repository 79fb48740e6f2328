from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0023_tenants"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirstDay",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("code_sha256", models.CharField(blank=True, default="", max_length=64)),
                ("begun_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="first_day_comes_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code_sha256__regex", "^([0-9a-f]{64})?$")),
                        name="first_day_keeps_a_hash",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("finished_at", None), ("code_sha256", ""), _connector="OR"),
                        name="first_day_over_has_no_code",
                    ),
                ],
            },
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0022_guards_read_committed"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="tenant_id",
            field=models.UUIDField(
                blank=True,
                error_messages={
                    "unique": "This is the tenant of another customer already.",
                },
                help_text="Says which of Microsoft’s relationships are this customer’s.",
                null=True,
                unique=True,
                verbose_name="Microsoft tenant id",
            ),
        ),
        migrations.AddField(
            model_name="historicalcustomer",
            name="tenant_id",
            field=models.UUIDField(
                blank=True,
                db_index=True,
                error_messages={
                    "unique": "This is the tenant of another customer already.",
                },
                help_text="Says which of Microsoft’s relationships are this customer’s.",
                null=True,
                verbose_name="Microsoft tenant id",
            ),
        ),
    ]

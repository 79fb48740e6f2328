from importlib import import_module

from django.db import migrations

from support.models.customers import CurrencyField

has_cents = import_module("support.migrations.0032_currencies_with_cents").has_cents


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0048_gdap_seen_of_this_tenant"),
        ("support", "0032_currencies_with_cents"),
    ]

    operations = [
        *(
            migrations.AlterField(model, "currency", CurrencyField())
            for model in ("ratecard", "historicalratecard", "offer", "invoice")
        ),
        has_cents("ratecard", "card_currency_has_cents"),
    ]

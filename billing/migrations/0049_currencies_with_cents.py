import django.core.validators
from django.db import migrations, models

import support.models.customers

NOT_OF_CENTS = "^(BHD|BIF|CLF|CLP|DJF|GNF|IQD|ISK|JOD|JPY|KMF|KRW|KWD|LYD|OMR|PYG|RWF|TND|UGX|UYI|UYW|VND|VUV|XAF|XOF|XPF)$"
VALIDATORS = [
    django.core.validators.MinLengthValidator(3),
    django.core.validators.RegexValidator(
        "^[A-Z]{3}\\Z", "Write the three letters of a currency, such as USD."
    ),
    django.core.validators.RegexValidator(
        NOT_OF_CENTS,
        "Amounts have two decimals here: choose a currency that has them, too.",
        inverse_match=True,
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0048_gdap_seen_of_this_tenant"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalratecard",
            name="currency",
            field=support.models.customers.CurrencyField(
                default="USD",
                max_length=3,
                validators=VALIDATORS,
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="currency",
            field=support.models.customers.CurrencyField(
                default="USD",
                max_length=3,
                validators=VALIDATORS,
            ),
        ),
        migrations.AlterField(
            model_name="offer",
            name="currency",
            field=support.models.customers.CurrencyField(
                default="USD",
                max_length=3,
                validators=VALIDATORS,
            ),
        ),
        migrations.AlterField(
            model_name="ratecard",
            name="currency",
            field=support.models.customers.CurrencyField(
                default="USD",
                max_length=3,
                validators=VALIDATORS,
            ),
        ),
        migrations.AddConstraint(
            model_name="ratecard",
            constraint=models.CheckConstraint(
                condition=~models.Q(currency__regex=NOT_OF_CENTS),
                name="card_currency_has_cents",
            ),
        ),
    ]

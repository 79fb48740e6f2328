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
        ("support", "0031_grants_of_the_partner"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contract",
            name="currency",
            field=support.models.customers.CurrencyField(
                default="USD",
                help_text="What it is billed in.",
                max_length=3,
                validators=VALIDATORS,
            ),
        ),
        migrations.AlterField(
            model_name="historicalcontract",
            name="currency",
            field=support.models.customers.CurrencyField(
                default="USD",
                help_text="What it is billed in.",
                max_length=3,
                validators=VALIDATORS,
            ),
        ),
        migrations.AlterField(
            model_name="historicallegalentity",
            name="currency",
            field=support.models.customers.CurrencyField(
                default="USD",
                max_length=3,
                validators=VALIDATORS,
            ),
        ),
        migrations.AlterField(
            model_name="legalentity",
            name="currency",
            field=support.models.customers.CurrencyField(
                default="USD",
                max_length=3,
                validators=VALIDATORS,
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=~models.Q(currency__regex=NOT_OF_CENTS),
                name="contract_currency_has_cents",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalentity",
            constraint=models.CheckConstraint(
                condition=~models.Q(currency__regex=NOT_OF_CENTS),
                name="company_currency_has_cents",
            ),
        ),
    ]

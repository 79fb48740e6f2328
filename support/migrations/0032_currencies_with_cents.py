from django.db import migrations
from django.db.models import CheckConstraint, Q

from support.models.customers import CurrencyField

NOT_OF_CENTS = "^(BHD|BIF|CLF|CLP|DJF|GNF|IQD|ISK|JOD|JPY|KMF|KRW|KWD|LYD|OMR|PYG|RWF|TND|UGX|UYI|UYW|VND|VUV|XAF|XOF|XPF)$"


def has_cents(model: str, name: str) -> migrations.AddConstraint:
    written = Q(currency__regex="^[A-Z]{3}$") & ~Q(currency__regex=NOT_OF_CENTS)
    return migrations.AddConstraint(model, CheckConstraint(condition=written, name=name))


class Migration(migrations.Migration):
    dependencies = [("support", "0031_grants_of_the_partner")]

    operations = [
        *(
            migrations.AlterField(model, "currency", CurrencyField(help_text="What it is billed in."))
            for model in ("contract", "historicalcontract")
        ),
        *(
            migrations.AlterField(model, "currency", CurrencyField())
            for model in ("legalentity", "historicallegalentity")
        ),
        has_cents("contract", "contract_currency_has_cents"),
        has_cents("legalentity", "company_currency_has_cents"),
    ]

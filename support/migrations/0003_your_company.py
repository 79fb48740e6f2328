from django.db import migrations

# The company that sells: one row from the start, so that import and demo need no set-up.
YOUR_COMPANY = """
WITH made AS (
    INSERT INTO support_legalentity (name, address, time_zone, currency, tax_number, number_series, bank_text)
    VALUES ('Your company', '', 'UTC', 'USD', '', 'INV', '') RETURNING *)
INSERT INTO support_historicallegalentity (id, name, address, time_zone, currency, tax_number, number_series, bank_text,
    history_date, history_type, actor_kind, actor_name)
SELECT id, name, address, time_zone, currency, tax_number, number_series, bank_text, countersign_now(), '+', 'system', 'set-up'
FROM made;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("support", "0002_guards")]

    operations = [migrations.RunSQL(YOUR_COMPANY, migrations.RunSQL.noop)]

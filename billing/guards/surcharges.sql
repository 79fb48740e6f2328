-- What an offer means at most covers every surcharge that its work may attract: who signs it has signed for all of it.
ALTER TABLE billing_offer DROP CONSTRAINT offer_amount_is_its_price;
ALTER TABLE billing_offer ADD CONSTRAINT offer_amount_is_its_price CHECK (amount = round(cap * rate / 60, 2)
    + round(cap * out_of_hours_rate / 60, 2) + round(cap * on_site_rate / 60, 2) + visits * visit_price);
CALL track('billing_surcharge', 'billing_historicalsurcharge');
-- reverse
DROP TRIGGER history_required ON billing_surcharge; DROP TRIGGER append_only ON billing_historicalsurcharge;
ALTER TABLE billing_offer DROP CONSTRAINT offer_amount_is_its_price;
ALTER TABLE billing_offer ADD CONSTRAINT offer_amount_is_its_price CHECK (amount = round(cap * rate / 60, 2));
